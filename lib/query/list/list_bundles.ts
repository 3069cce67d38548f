/**
 * The question `list`: bundles below a folder, each read only as far as a list needs it.
 *
 * @module
 */

import { openBundleFile } from "../../bundle/bundle_file.ts";
import { bundleFolders } from "../../bundle/bundle_folders.ts";
import { FolderListing } from "../../bundle/folder_listing.ts";
import { BundleFolder } from "../../bundle/inside_file.ts";
import { type Limits, limitsWith, ReadBudget } from "../../bundle/limits.ts";
import { readEventLog } from "../../bundle/log/event_log.ts";
import { LogGuard } from "../../bundle/log/log_guard.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { PayloadFiles } from "../../bundle/payload_files.ts";
import { BundleFormatError, LimitError, PayloadError } from "../../errors.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { JsonValue, RawPayloadRef } from "../../format/payload.ts";
import { errorText } from "../failures/error_text.ts";
import { type BriefLog, briefLog } from "./brief_log.ts";
import { answerIn, promptIn } from "./brief_texts.ts";
import type { ListAnswer, ListedBundle, ListedResult } from "./list_answer.ts";

/** How bundles are listed. */
export interface ListOptions {
  /** How much of a bundle is taken at most, where that is not to be the default. */
  readonly limits?: Partial<Limits>;
}

/**
 * The bundles at or below a folder, the newest first. Symbolic links are not followed, and of
 * each bundle only its manifest, its log and a few payloads are read.
 */
export function listBundles(
  root: string,
  options: ListOptions = {},
): ListAnswer {
  const bundles = Array.from(
    bundleFolders(root),
    (bundle) => listBundle(bundle, options),
  );
  return { root, bundles: newestFirst(bundles) };
}

/** The same bundles, the newest first, those that cannot be read last. */
export function newestFirst(bundles: readonly ListedBundle[]): ListedBundle[] {
  const startOf = ({ started_at_unix_ms: start }: ListedBundle) =>
    start === null ? -Infinity : Number(start);
  return bundles.toSorted((a, b) => {
    const newer = startOf(b) - startOf(a);
    return Number.isNaN(newer) ? 0 : newer;
  });
}

/** One bundle of a list; what cannot be read of it is told, not thrown. */
export function listBundle(
  bundle: string,
  options: ListOptions = {},
): ListedBundle {
  const size_bytes = sizeOf(bundle);
  try {
    return { ...readBundle(bundle, limitsWith(options.limits)), size_bytes };
  } catch (error) {
    if (!(error instanceof BundleFormatError || error instanceof LimitError)) {
      throw error;
    }
    return {
      bundle,
      rollout_id: null,
      schema_version: null,
      status: null,
      started_at_unix_ms: null,
      duration_ms: null,
      size_bytes,
      events: 0,
      prompt: null,
      result: null,
      error: error.message,
    };
  }
}

function readBundle(
  bundle: string,
  limits: Limits,
): Omit<ListedBundle, "size_bytes"> {
  const folder = new BundleFolder(bundle);
  const { manifest, schema } = readManifest(folder, limits);
  const budget = new ReadBudget(limits);
  const payloads = new PayloadFiles(bundle, { limits, budget });
  using log = openBundleFile(folder, EVENT_LOG_FILE);
  const guard = new LogGuard(limits, budget);
  const events = readEventLog(log.file, schema, undefined, () => false, guard);
  const brief = briefLog(events, manifest.root_thread_id);
  const open = (ref: RawPayloadRef) => quietly(() => payloads.open(ref).value);
  const start = manifest.started_at_unix_ms;
  const { first_request: first, last_unix_ms: last } = brief;
  return {
    bundle,
    rollout_id: manifest.rollout_id,
    schema_version: manifest.schema_version,
    status: brief.status,
    started_at_unix_ms: start,
    duration_ms: last === null
      ? null
      : Math.max(0, Number(last) - Number(start)),
    events: brief.events,
    prompt: first === null ? null : promptIn(open(first)),
    result: resultOf(brief, open),
    error: null,
  };
}

function resultOf(
  brief: BriefLog,
  open: (ref: RawPayloadRef) => JsonValue,
): ListedResult | null {
  const { status, last_turn: turn, last_error: error } = brief;
  const isBad = (each: string | null) =>
    each === "failed" || each === "aborted" || each === "cancelled";
  if (isBad(turn) || isBad(status)) {
    const how = `turn ${isBad(turn) ? turn : status}`;
    // A turn is interrupted by the user: what broke off with it is no reason.
    const text = error === null || turn === "cancelled"
      ? how
      : `${how}: ${errorText(error).text}`;
    return { type: "error", text };
  }
  for (const ref of brief.last_answers) {
    const text = answerIn(open(ref));
    if (text !== null) return { type: "answer", text };
  }
  return error === null ? null : { type: "error", text: errorText(error).text };
}

/** A payload's value; null where it cannot be read. */
function quietly(open: () => JsonValue): JsonValue {
  try {
    return open();
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

function sizeOf(bundle: string): number {
  const listing = new FolderListing(bundle);
  let size = 0;
  for (const entry of listing.topEntries()) size += entry.size;
  for (const entry of listing.payloadEntries()) size += entry.size;
  return size;
}
