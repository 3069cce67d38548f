/**
 * Replaces what is new in each session, so that texts of two sessions can be compared: ids, and how
 * long a tool took.
 *
 * Only what Codex itself writes is replaced: the lines above the output of a tool, numbers of
 * processes, and ids of calls and threads of the session.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

/** Lines above an output are never longer in all. */
const MAX_HEAD = 500;
const CHUNK = /^(Chunk ID: )[0-9a-f]+$/;
const WALL_TIME = /^(Wall time:? )[\d.]+( seconds)$/;
const RUNNING = /^(Process running with session ID )(\d+)$/;
const UNKNOWN = /^(write_stdin failed: Unknown process id )(\d+)/;
/** Members of outputs in JSON, which may be inside a text in JSON. */
const SECONDS = /(\\?"(?:duration|wall_time)_seconds\\?"\s*:\s*)[\d.eE+-]+/g;
const CHUNK_ID = /(\\?"chunk_id\\?"\s*:\s*\\?")[0-9a-f]+/g;
const SESSION_ID = /("session_id"\s*:\s*)(\d+)/g;
/** The process of an output in JSON, whose other members precede it. */
const OUTPUT_SESSION_ID =
  /(\\?"chunk_id\\?"[^{}]{0,200}?\\?"session_id\\?"\s*:\s*)(\d+)/g;
/** How call ids and thread ids look. */
const IDS =
  /\bcall_[A-Za-z0-9_-]{4,}|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** How the ids look that are new in each session, and the times in the metadata of a request. */
const UUIDS =
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const UNIX_MS = /(_unix_ms\\?"\s*:\s*)\d+/g;

/** Whether two texts of requests of two sessions differ in ids and times at most. */
export function differInIdsOnly(a: string, b: string): boolean {
  return a === b || withoutIds(a) === withoutIds(b);
}

function withoutIds(text: string): string {
  return text.replace(UUIDS, "(id)").replace(UNIX_MS, "$1(time)");
}

/** The replacements of the ids of threads, turns and calls. */
export function normalizedNames(
  trace: RolloutTrace,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { thread_id: id, agent_path: path } of trace.threads.values()) {
    names.set(id, `(thread of ${path})`);
  }
  for (const id of trace.codex_turns.keys()) names.set(id, "(turn)");
  for (const { call_id: call } of trace.conversation_items.values()) {
    if (call !== null && !names.has(call)) names.set(call, "(call)");
  }
  return names;
}

/** Normalizes the texts of one thread; processes are numbered as they appear. */
export class NormalizedTexts {
  readonly #names: ReadonlyMap<string, string>;
  readonly #processes: Map<string, string> = new Map();

  /** Takes the replacement of each id of a session. */
  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** The text of an item's part, line by line the same but for ids and times. */
  text(
    { kind }: Pick<ConversationItem, "kind">,
    part: number,
    text: string,
  ): string {
    const known = text.replace(IDS, (id) => this.#names.get(id) ?? id);
    switch (kind) {
      case "function_call_output":
      case "custom_tool_call_output":
        return this.#withoutMembers(part === 0 ? this.#output(known) : known);
      case "function_call":
        return known.replace(
          SESSION_ID,
          (match, key: string, id: string) =>
            this.#processes.has(id) ? key + this.#processOf(id) : match,
        );
      default:
        return known;
    }
  }

  #output(text: string): string {
    const end = headEnd(text);
    const head = text.slice(0, end).split("\n").map((line) =>
      line.replace(CHUNK, "$1(id)")
        .replace(WALL_TIME, "$1(time)$2")
        .replace(
          RUNNING,
          (_, words: string, id: string) => words + this.#started(id),
        )
        .replace(
          UNKNOWN,
          (_, words: string, id: string) => words + this.#processOf(id),
        )
    ).join("\n");
    return head + text.slice(end);
  }

  #withoutMembers(text: string): string {
    return text
      .replace(
        OUTPUT_SESSION_ID,
        (_, words: string, id: string) => words + this.#started(id),
      )
      .replace(SECONDS, "$1(time)").replace(CHUNK_ID, "$1(id)");
  }

  /** The number of a process that an output names. */
  #started(id: string): string {
    if (!this.#processes.has(id)) {
      this.#processes.set(id, `(process ${this.#processes.size + 1})`);
    }
    return this.#processOf(id);
  }

  #processOf(id: string): string {
    return this.#processes.get(id) ?? id;
  }
}

/** Where the lines above an output end; without such a line, the end of the first line. */
function headEnd(text: string): number {
  const start = text.slice(0, MAX_HEAD);
  const at = start.search(/^Output:$/m);
  if (at !== -1) return at;
  const line = start.indexOf("\n");
  return line === -1 ? start.length : line;
}

/**
 * The length of the common prefix of two texts, in complete lines: lines that differ in ids and
 * times only are equal; the last of them ends the prefix. `normalizedA` and `normalizedB` are the same texts, normalized.
 */
export function commonPrefix(
  a: string,
  normalizedA: string,
  b: string,
  normalizedB: string,
): { readonly a: number; readonly b: number } {
  if (a === normalizedA && b === normalizedB) return { a: 0, b: 0 };
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  const [sameA, sameB] = [normalizedA.split("\n"), normalizedB.split("\n")];
  const found = { a: 0, b: 0 };
  let [atA, atB] = [0, 0];
  for (const [index, line] of sameA.entries()) {
    if (line !== sameB[index] || index + 1 === sameA.length) break;
    const [one = "", other = ""] = [linesA[index], linesB[index]];
    atA += one.length + 1;
    atB += other.length + 1;
    if (one === other) continue;
    found.a = atA;
    found.b = atB;
  }
  return found;
}
