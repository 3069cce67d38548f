/**
 * Reports what an answer lacks because part of the bundle could not be reduced.
 *
 * @module
 */

import type { PartialSession } from "../../query/session/answer_document.ts";
import { quote } from "../../errors.ts";
import { newerText, splitLosses } from "../../query/session/newer_parts.ts";
import type { TraceSession } from "../../query/session/session.ts";
import {
  countDiagnostics,
  type SessionDiagnostic,
} from "../../query/session/session_diagnostics.ts";
import { escapeControls } from "../../text/escape.ts";
import { truncateWithLength } from "../../text/truncate.ts";
import { SESSION_LOG_FILE } from "../../query/session/session_log/session_log.ts";
import { partialText } from "./loss_text.ts";
import type { CommandIo } from "../command.ts";
import type { JsonData } from "../text/json_document.ts";

/** More than these scroll the answer away. */
const MAX_LOSSES = 3;

/** The part of a bundle that is not in the answers, as data; null when all of it is. */
export function lossData({ diagnostics, extent }: TraceSession): JsonData {
  const losses = diagnostics.filter(({ severity }) => severity === "loss");
  if (losses.length === 0) return null;
  return {
    events: extent?.events ?? null,
    skipped_events: extent?.skipped_events ?? null,
    unknown_event_types: splitLosses(diagnostics).unknown_event_types,
    diagnostics: losses.map((loss) => ({ ...loss })),
  } satisfies PartialSession;
}

/** Reports losses on standard error, bundle by bundle, and returns whether there are any. */
export function reportLosses(
  io: CommandIo,
  sessions: readonly TraceSession[],
  asJson: boolean,
): boolean {
  let isPartial = false;
  for (const session of sessions) {
    const losses = splitLosses(session.diagnostics);
    const isOneOfMany = sessions.length > 1;
    const place = isOneOfMany ? `${quote(session.place)}: ` : "";
    const newer = newerText(losses);
    const { others } = losses;
    if (newer === null && others.length === 0) continue;
    isPartial = true;
    if (newer !== null) {
      // The names of types are texts of the bundle.
      const summary = truncateWithLength(escapeControls(newer));
      io.stderrLine(
        `partial: ${place}${summary}`,
      );
    }
    if (others.length === 0) continue;
    io.stderrLine(`partial: ${place}${partialText(session)}`);
    if (!asJson) printLosses(io, others, session.source);
  }
  return isPartial;
}

function printLosses(
  io: CommandIo,
  losses: readonly SessionDiagnostic[],
  source: TraceSession["source"],
): void {
  for (const { file, line, message, lost } of losses.slice(0, MAX_LOSSES)) {
    const of = source === "session_log"
      ? file === SESSION_LOG_FILE ? "" : `${quote(file)} `
      : "trace.jsonl ";
    const place = line === null ? "" : `${of}line ${line}: `;
    io.stderrLine(`  ${place}${message}; lost: ${lost}`);
  }
  const more = countDiagnostics(losses.slice(MAX_LOSSES));
  if (more > 0) {
    const hint = source === "session_log"
      ? ""
      : ": rollout-trace check lists them";
    io.stderrLine(`  and ${more} more${hint}`);
  }
}
