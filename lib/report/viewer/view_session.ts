/**
 * What the viewer computes of a session: its report; of a bundle, also its check and its state.
 *
 * @module
 */

import type { BundleFiles } from "../../bundle/storage/bundle_files.ts";
import { checkFiles } from "../../check/check.ts";
import { checkText } from "../../check/check_text.ts";
import { writeStateJson } from "../../graph/view/state_json.ts";
import { openFiles } from "../../query/session/open_bundle.ts";
import { openLogMap } from "../../query/session/session_log/joined/log_map.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { replayFiles } from "../../replay.ts";
import { buildReport } from "../build/build_report.ts";
import { reportBlocks } from "../report_blocks.ts";
import type { DroppedSession } from "./sessions_in.ts";
import type { ViewerAnswer } from "./viewer_messages.ts";

/** The payloads that `report` includes by default. */
const PAYLOADS = { payloads: "used", maxPayloadBytes: 8 * 1024 ** 2 } as const;
/** Bytes of a state that are collected before the browser stores them. */
const STATE_PIECE = 16 * 1024 ** 2;

/** An answer of one type, without the number of the session. */
export type AnswerOf<T extends ViewerAnswer["type"]> = Omit<
  Extract<ViewerAnswer, { readonly type: T }>,
  "session"
>;

/**
 * Returns the report of a session.
 *
 * @param version Version of the program, which the page shows.
 * @throws {BundleFormatError} If its manifest or its log cannot be read at all.
 */
export function reportOf(
  dropped: DroppedSession,
  version: string,
): AnswerOf<"report"> {
  const session = open(dropped);
  const report = buildReport(session, { ...PAYLOADS, version });
  const blocks = reportBlocks(report, session.payloads);
  return { type: "report", blocks };
}

function open(dropped: DroppedSession): TraceSession {
  return dropped.source === "bundle"
    ? openFiles(dropped.files, { measuresRequests: true })
    : openLogMap(dropped.logs);
}

/** Returns what `check` prints. */
export function checkOf(files: BundleFiles): AnswerOf<"checked"> {
  const report = checkFiles(files);
  const { error: errors, warning: warnings } = report.counts;
  return { type: "checked", lines: checkText(report), errors, warnings };
}

/**
 * Returns the bytes that `reduce` writes.
 *
 * @throws What {@linkcode replayFiles} throws.
 */
export function stateOf(
  files: BundleFiles,
  isTolerant: boolean,
): AnswerOf<"state"> {
  let skipped = 0;
  const trace = replayFiles(files, {
    tolerant: isTolerant,
    onCounters: ({ skippedEvents }) => void (skipped = skippedEvents),
  });
  let stored = new Blob([]);
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const store = () => {
    stored = new Blob([stored, ...pieces]);
    pieces = [];
    bytes = 0;
  };
  writeStateJson(trace, (chunk) => {
    pieces.push(new Uint8Array(chunk));
    bytes += chunk.length;
    if (bytes >= STATE_PIECE) store();
  });
  store();
  return { type: "state", state: stored, skipped };
}
