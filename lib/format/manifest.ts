/**
 * The manifest of a bundle: its type, its decoder, and the names of the files of a bundle.
 *
 * @module
 */

import {
  type Fields,
  integer,
  required,
  string,
  u32,
} from "./decode/decode.ts";
import { record } from "./decode/record_decoder.ts";
import { parseRecord } from "./decode/record_text.ts";
import type { ThreadId } from "./ids.ts";
import type { UnixMs } from "./vocabulary.ts";

/** File name of the manifest. */
export const MANIFEST_FILE = "manifest.json";
/** File name of the event log. The reference uses this name and ignores that of the manifest. */
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
  /** Thread that the rollout started with. */
  root_thread_id: ThreadId;
  /** When the recording started. */
  started_at_unix_ms: UnixMs;
  /** File name of the log; the reference ignores it. */
  raw_event_log: string;
  /** Folder of the payload files; the reference ignores it. */
  payloads_dir: string;
}

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
