/**
 * The schema of a bundle without a manifest.
 *
 * @module
 */

import type { Limits } from "../bundle/limits.ts";
import { readEventLog } from "../bundle/log/event_log.ts";
import type { LineOrder } from "../bundle/log/event_order.ts";
import { LogLimits } from "../bundle/log/log_limits.ts";
import type { BundleFiles } from "../bundle/storage/bundle_files.ts";
import { openBundleFile } from "../bundle/storage/open_bundle_file.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import { NEWEST_SCHEMA, schemaOf } from "../schema/registry.ts";
import type { Schema } from "../schema/schema.ts";

/**
 * Returns the schema that the first event of a log names, for a bundle without a manifest; the
 * newest schema if no event names a known one.
 *
 * @throws {BundleFormatError} If there is no log, or it cannot be read.
 */
export function schemaOfFirstEvent(
  files: BundleFiles,
  limits: Limits,
): Schema {
  using log = openBundleFile(files, EVENT_LOG_FILE);
  let version: number | undefined;
  const order: LineOrder = {
    beforeLine: () => {},
    afterEvent: ({ event }) => void (version ??= event.schema_version),
  };
  const events = readEventLog(
    log.source,
    NEWEST_SCHEMA.events,
    order,
    () => "skip",
    new LogLimits(limits),
  );
  for (const _ of events) break;
  return (version === undefined ? undefined : schemaOf(version)) ??
    NEWEST_SCHEMA;
}
