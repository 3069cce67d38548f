/**
 * Words for the kinds of a timeline, as `--kind` takes them.
 *
 * @module
 */

import { quote } from "../../../errors.ts";
import type { TimelineKind } from "../../../query/timeline/answer.ts";
import { meantWord, UsageError } from "../../usage_error.ts";

/** The word for each kind: that of its handle, where it has one. */
const WORDS: Readonly<Record<TimelineKind, string>> = {
  thread: "thread",
  thread_resumed: "resumed",
  turn: "turn",
  message: "message",
  item: "item",
  inference_call: "call",
  tool_call: "tool",
  code_cell: "cell",
  terminal_operation: "operation",
  compaction_request: "compaction_request",
  compaction: "compaction",
  edge: "edge",
  undelivered: "undelivered",
  protocol_event: "protocol",
  loss: "loss",
};

/** Every kind. */
export const EVERY_KIND: readonly TimelineKind[] = Object.keys(WORDS)
  .filter(isKind);

const KINDS: ReadonlyMap<string, TimelineKind> = new Map(
  EVERY_KIND.flatMap((kind) => [
    [WORDS[kind], kind] as const,
    [kind, kind] as const,
  ]),
);

/** Every word, in the order of the help. */
export const KIND_WORDS: readonly string[] = Object.values(WORDS);

/**
 * The kinds that the values of `--kind` name, each one or several with commas between.
 *
 * @throws {UsageError} If one is no kind.
 */
export async function kindsOf(
  values: readonly string[],
): Promise<TimelineKind[]> {
  const kinds: TimelineKind[] = [];
  for (const word of values.flatMap((value) => value.split(","))) {
    const kind = KINDS.get(word.trim());
    if (kind === undefined) throw await unknownKind(word);
    kinds.push(kind);
  }
  return kinds;
}

async function unknownKind(word: string): Promise<UsageError> {
  const meant = await meantWord(word, [...KINDS.keys()]);
  return new UsageError(
    `${quote(word)} is no kind: ${KIND_WORDS.join(", ")}`,
    meant === undefined ? undefined : `did you mean ${meant}?`,
  );
}

function isKind(word: string): word is TimelineKind {
  return Object.hasOwn(WORDS, word);
}
