/**
 * What could not be reduced of several bundles.
 *
 * @module
 */

import { hidesEvents } from "../../bundle/log/fault_policy.ts";
import type { PartialSession } from "../../query/session/answer_document.ts";
import { newerText, splitLosses } from "../../query/session/newer_parts.ts";
import { DiagnosticCollector } from "../../query/session/session_diagnostics.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { escapeControls } from "../../text/escape.ts";
import { sessionLogsText } from "../../text/session_log_text.ts";
import { truncateWithLength } from "../../text/truncate.ts";
import { partialText } from "./loss_text.ts";
import type { CommandIo } from "../command.ts";

/** More bundles than these scroll the answer away. */
const MAX_LINES = 5;

/** What a session lacks, as plain data. */
export interface SessionLosses
  extends Pick<TraceSession, "place" | "source" | "diagnostics" | "extent"> {
  /** The same in a few words; empty when nothing is missing. */
  readonly text: string;
}

/** What a session lacks. */
export function lossesIn(session: TraceSession): SessionLosses {
  const { place, source, extent } = session;
  const diagnostics = session.diagnostics.filter(({ severity }) =>
    severity === "loss"
  );
  const text = diagnostics.length === 0 ? "" : textOf(session);
  return { place, source, diagnostics, extent, text };
}

/** The note about the logs that a session was read from; null where there is nothing to note. */
export function logsNote({ sessionLog }: TraceSession): string | null {
  const text = sessionLog === undefined
    ? null
    : sessionLogsText(sessionLog.logs);
  return text === null ? null : `note: ${text}`;
}

function textOf(session: TraceSession): string {
  const split = splitLosses(session.diagnostics);
  const newer = newerText(split);
  return newer !== null && split.others.length === 0
    ? truncateWithLength(escapeControls(newer))
    : partialText(session);
}

/** Adds up losses, bundle by bundle. */
export class Losses {
  readonly #lines: string[] = [];
  readonly #losses = new DiagnosticCollector();
  readonly #sources: Set<TraceSession["source"]> = new Set();
  #events = 0;
  #skipped = 0;

  /** Notes what a session lacks. */
  add({ place, source, diagnostics, extent, text }: SessionLosses): void {
    this.#sources.add(source);
    const { events = 0, skipped_events: skipped = 0 } = extent ?? {};
    this.#events += events;
    if (diagnostics.length === 0) return;
    this.#skipped += skipped;
    for (const loss of diagnostics) this.#losses.add(loss);
    this.#lines.push(`partial: ${place}: ${text}`);
  }

  /** What the sessions were made of: of several, bundles. */
  get source(): TraceSession["source"] {
    const [source = "bundle"] = this.#sources;
    return this.#sources.size === 1 ? source : "bundle";
  }

  /** What the sessions are called together. */
  get noun(): "bundle" | "session log" | "session" {
    if (!this.#sources.has("session_log")) return "bundle";
    return this.#sources.size === 1 ? "session log" : "session";
  }

  /** Whether anything is missing. */
  get any(): boolean {
    return this.#lines.length > 0;
  }

  /** Whether events are missing: counts and sums are then minimums. */
  get hasLostEvents(): boolean {
    return this.#skipped > 0 || this.#losses.kept.some(hidesEvents);
  }

  /** What is missing, as data; null when nothing is. */
  get data(): PartialSession | null {
    if (!this.any) return null;
    return {
      events: this.#events,
      skipped_events: this.#skipped,
      unknown_event_types: splitLosses(this.#losses.kept).unknown_event_types,
      diagnostics: this.#losses.kept,
    };
  }

  /** Reports it on standard error. */
  report(io: CommandIo): void {
    for (const line of this.#lines.slice(0, MAX_LINES)) io.stderrLine(line);
    const more = this.#lines.length - MAX_LINES;
    if (more > 0) io.stderrLine(`and ${more} more bundles in part`);
  }
}
