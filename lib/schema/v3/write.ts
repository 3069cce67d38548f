/**
 * Schema 3: how it is recorded.
 *
 * @module
 */

import { PayloadShards } from "../../bundle/write/payload_shards.ts";
import type { WriteRules } from "../../bundle/write/write_rules.ts";
import { V2_WRITE } from "../v2/write.ts";

/** How schema 3 is recorded. */
export const V3_WRITE: WriteRules = {
  ...V2_WRITE,
  schema: 3,
  unknownEvents: new Set(),
  payloads: (context) => new PayloadShards(context),
  marksCaptures: true,
  permissionsKey: "permissions_profile",
  preparesPrompts: true,
  acceptsToolOutputs: true,
};
