/**
 * An event is reduced completely or not at all: where tolerant replay states that it skipped an event,
 * the graph must be as if nothing could be read of the event's line. Not as if there had been no
 * line: that something was lost may itself be reported, such as by not naming a turn that may be lost.
 *
 * @module
 */

import type { Diagnostic } from "../../../lib/errors.ts";
import type { EventType } from "../../../lib/format/event.ts";
import { EVENTS } from "../../../lib/format/events/events.ts";
import { type BundleFiles, type BundleFolder, joined } from "./files.ts";
import { linesOf, logOf, withLog } from "./files.ts";
import { firstDifference, replayed } from "./outcome.ts";
import type { Fault } from "./properties.ts";

/** Faults of the place in the log; the event itself is reduced. */
const TAKEN: ReadonlySet<string> = new Set([
  "sequence_gap",
  "event_after_completion",
]);

/** What is lost when it is the line that is at fault. */
const FULL_LINE = "the content of the line";

const UNREADABLE = new TextEncoder().encode("?\n");

/** Compares the graphs with and without up to `most` of the events that replay skips. */
export function halfAppliedEvents(
  folder: BundleFolder,
  files: BundleFiles,
  most = 3,
): Fault[] {
  const lines = linesOf(logOf(files));
  const full = graphOf(folder, files, lines);
  if (full === undefined) return [];
  const skipped = [...new Set(full.skipped)].slice(0, most);
  return skipped.flatMap((line) => {
    const upTo = graphOf(folder, files, lines.slice(0, line));
    const lost = lines.with(line - 1, UNREADABLE);
    const before = graphOf(folder, files, lost.slice(0, line));
    // A remainder that became due only later is not the event itself.
    if (upTo?.skipped.includes(line) !== true) return [];
    const without = graphOf(folder, files, lost);
    const result = linesPrinted(full.diagnostics, line);
    return [
      ...compared(`right after line ${line} (${result})`, before, upTo),
      ...compared(`in the end, line ${line} (${result})`, without, full),
    ];
  });
}

interface Graph {
  /** Whether a start was lost: each event that names its object is evidence then, skipped or not. */
  readonly hasLostStarts: boolean;
  /** The state without its payloads, which are registered whatever becomes of the event. */
  readonly text: string;
  readonly skipped: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}

function graphOf(
  folder: BundleFolder,
  files: BundleFiles,
  lines: readonly Uint8Array[],
): Graph | undefined {
  const dir = folder.put(withLog(files, joined(lines)));
  const outcome = replayed(dir, { tolerant: true });
  if (outcome.kind !== "state") return undefined;
  const { text, diagnostics } = outcome;
  const skipped = diagnostics.filter(isCompleteEvent)
    .flatMap(({ line }) => line === null ? [] : [line]);
  // The last key of a state; a line break cannot be inside a string.
  const end = text.lastIndexOf('\n  "raw_payloads": ');
  return {
    hasLostStarts: hasLostStarts(JSON.parse(text), startsIn(lines)),
    text: text.slice(0, end),
    skipped,
    diagnostics,
  };
}

type Started = Record<string, { execution: { started_seq: number } }>;

function hasLostStarts(
  { threads, codex_turns: turns }: { threads: Started; codex_turns: Started },
  starts: ReadonlySet<string>,
): boolean {
  return [...Object.entries(threads), ...Object.entries(turns)].some((
    [id, { execution }],
  ) => !starts.has(`${execution.started_seq} ${id}`));
}

/** The `seq` and the id of each thread and turn that a line of the log starts. */
function startsIn(lines: readonly Uint8Array[]): Set<string> {
  const decoder = new TextDecoder();
  const found = new Set<string>();
  for (const line of lines) {
    try {
      const { seq, payload } = JSON.parse(decoder.decode(line));
      if (payload.type === "thread_started") {
        found.add(`${seq} ${payload.thread_id}`);
      } else if (payload.type === "codex_turn_started") {
        found.add(`${seq} ${payload.codex_turn_id}`);
      }
    } catch {
      // A damaged line is no event.
    }
  }
  return found;
}

/** Whether an event was skipped, and not something that waited since it was reduced. */
function isCompleteEvent(d: Diagnostic): boolean {
  if (d.severity !== "loss") return false;
  // A second start of a tool call has an effect: whose end a later end is, is unknown.
  if (d.code === "duplicate_start" && d.event_type?.startsWith("tool_call")) {
    return false;
  }
  if (TAKEN.has(d.code) && d.lost !== FULL_LINE) return false;
  return d.event_type === null || !isEventType(d.event_type) ||
    d.lost === EVENTS[d.event_type].lost || d.lost === FULL_LINE;
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}

function linesPrinted(
  diagnostics: readonly Diagnostic[],
  line: number,
): string {
  return diagnostics.filter((d) => d.line === line)
    .map((d) => `${d.event_type} ${d.code}`).join(", ");
}

function compared(
  when: string,
  without: Graph | undefined,
  withIt: Graph | undefined,
): Fault[] {
  if (without === undefined || withIt === undefined) return [];
  if (without.hasLostStarts || withIt.hasLostStarts) return [];
  if (without.text === withIt.text) return [];
  const detail = `${when}: ${firstDifference(without.text, withIt.text)}`;
  return [{ kind: "a skipped event leaves a trace", detail }];
}
