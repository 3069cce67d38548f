/**
 * The manifest of a bundle and the names of its files.
 *
 * @module
 */

import type { ThreadId } from "./ids.ts";
import type { UnixMs } from "./vocabulary.ts";

/** File name of the manifest. */
export const MANIFEST_FILE = "manifest.json";
/** File name of the event log. The reference reads it by this name, whatever the manifest says. */
export const EVENT_LOG_FILE = "trace.jsonl";
/** Folder of the payload files. */
export const PAYLOADS_DIR = "payloads";
/** File name of the reduced graph. */
export const STATE_FILE = "state.json";

/** `manifest.json`: who recorded what, and since when. Keys in the order of the file. */
export interface TraceBundleManifest {
  /** Any number; which schema it means is decided in `lib/schema/`. */
  schema_version: number;
  /** Id of the recording. */
  trace_id: string;
  /** Id of the rollout. */
  rollout_id: string;
  /** Thread the rollout began with. */
  root_thread_id: ThreadId;
  /** When the recording began. */
  started_at_unix_ms: UnixMs;
  /** File name of the log; the reference does not look at it. */
  raw_event_log: string;
  /** Folder of the payload files; the reference does not look at it. */
  payloads_dir: string;
}
