/**
 * Decoding of the manifest.
 *
 * @module
 */

import { integer, required, string, u32 } from "./decode.ts";
import type { Fields } from "./decode.ts";
import type { TraceBundleManifest } from "../manifest.ts";
import { record } from "./record_decoder.ts";
import { parseRecord } from "./record_text.ts";

const FIELDS: Fields<TraceBundleManifest> = {
  schema_version: required(u32),
  trace_id: required(string),
  rollout_id: required(string),
  root_thread_id: required(string),
  started_at_unix_ms: required(integer("i64")),
  raw_event_log: required(string),
  payloads_dir: required(string),
};
const KEYS = Object.keys(FIELDS);
const decode = record(FIELDS);

/**
 * Decodes the text of `manifest.json`.
 *
 * @throws {DecodeError} If it is not a manifest.
 */
export function decodeManifest(text: string): TraceBundleManifest {
  const { value, repeated } = parseRecord(text, KEYS);
  return decode(value, { repeated, payloads: [] });
}
