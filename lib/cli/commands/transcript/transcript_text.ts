/**
 * A transcript for a person: a headline for every piece, what it says below, long texts folded.
 *
 * @module
 */

import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type {
  TranscriptCompaction,
  TranscriptEntry,
  TranscriptHead,
  TranscriptItem,
  TranscriptPart,
  TranscriptUnrecorded,
} from "../../../query/transcript/answer.ts";
import type { OpenTranscript } from "../../../query/transcript/transcript_of.ts";
import { counted } from "../../../text/figures.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import { foldedLines, type Folding } from "../../text/folded.ts";
import { headline, rule } from "../../text/headline.ts";
import { jsonText } from "../../text/json_text_lines.ts";
import type { Paper } from "../../text/render_options.ts";
import {
  causesOf,
  compactionWords,
  noveltyWords,
  placeholderOf,
  unrecordedWords,
  wordsOf,
} from "./entry_title_text.ts";

/** The lines of a transcript; pieces are made as they are written. */
export function* transcriptLines(
  { head, entries }: OpenTranscript,
  paper: Paper,
  full: boolean,
): Iterable<string> {
  yield* headLines(head, paper);
  let turn: string | null = null;
  for (const entry of entries()) {
    yield "";
    const begun = "turn" in entry ? entry.turn?.handle ?? null : null;
    // In one request all that matters is the order; a thread is read turn by turn.
    if (head.request === null && begun !== null && begun !== turn) {
      yield paper.paint.faint(rule(begun, paper.width, "─"));
      yield "";
      turn = begun;
    }
    yield* entryLines(entry, paper, full);
  }
}

function* headLines(head: TranscriptHead, paper: Paper): Iterable<string> {
  const { paint, width } = paper;
  const { thread, agent_path: path, request, items } = head;
  const of = `${paint.name(thread.handle)} ${oneLine(path, 30)}`;
  if (request === null) {
    const right = counted(items, "item");
    yield* headline(`${paint.heading("transcript")} of ${of}`, right, width);
    return;
  }
  const { call, turn, payload, previous_call: previous } = request;
  const model = oneLine(request.model, 30);
  yield* headline(
    `${paint.heading("input")} of ${paint.name(call.handle)} to ${model}`,
    `${of}  ${paint.name(turn.handle)}  ${paint.name(payload.handle)}`,
    width,
  );
  if (request.capture !== null) return;
  const facts = [counted(items, "item")];
  const { fresh, dropped } = noveltyWords(request);
  if (previous !== null) {
    facts.push(`${paint.good(fresh)} since ${paint.name(previous.handle)}`);
  }
  if (dropped !== null) facts.push(dropped);
  if (request.is_warmup) facts.push("part of them in a warm-up before");
  if (request.inherited_items > 0) {
    facts.push(`${request.inherited_items} inherited, not sent again`);
  }
  yield* wrappedWords(facts, width);
}

function wrappedWords(facts: readonly string[], width: number): string[] {
  return headline(facts.join(", "), "", width);
}

function* entryLines(
  entry: TranscriptEntry,
  paper: Paper,
  full: boolean,
): Iterable<string> {
  const { paint, width } = paper;
  switch (entry.type) {
    case "item":
      yield* itemLines(entry, paper, full);
      return;
    case "compaction":
      yield* compactionLines(entry, paper);
      return;
    case "instructions":
      yield paint.heading("instructions");
      yield* indented(foldedLines(entry.text, inside(paper, full)));
      return;
    case "unrecorded":
      yield* unrecordedLines(entry, paper);
      return;
    case "other_element":
      yield* headline(
        paint.heading(oneLine(entry.label, width)),
        "no item",
        width,
      );
      yield* indented(jsonText(entry.json, inside(paper, full)));
  }
}

function* itemLines(
  entry: TranscriptItem,
  paper: Paper,
  full: boolean,
): Iterable<string> {
  const { paint, width } = paper;
  const { lead, name, aside } = wordsOf(entry);
  const isNew = entry.is_new === true;
  const title = name === null ? lead : `${lead} ${name}`;
  const left = [
    (isNew ? `${paint.good("+")} ` : "") + paint.name(entry.item.handle),
    paint.heading(oneLine(title, Math.max(12, width - 24))),
    ...aside === null ? [] : [paint.faint(oneLine(aside, 24))],
  ].join("  ");
  const causes = causesOf(entry).map(({ phrase, handle }) =>
    [paint.faint(phrase), handle === null ? "" : paint.name(handle)]
      .filter((each) => each !== "").join(" ")
  );
  yield* headline(left, causes.join(", "), width);
  const style = inside(paper, full);
  if (entry.parts.length === 0) yield `  ${paint.faint("(empty)")}`;
  const apart = entry.parts.some(isLong);
  // Where thoughts are told as well, a summary has to be told from them.
  const tellsApart = entry.parts.some(({ type }) => type === "text");
  for (const [at, part] of entry.parts.entries()) {
    if (at > 0 && apart) yield "";
    if (part.type === "summary" && tellsApart) {
      yield `  ${paint.faint("summary:")}`;
    }
    yield* indented(partLines(part, style));
  }
}

function* unrecordedLines(
  entry: TranscriptUnrecorded,
  { paint, width }: Paper,
): Iterable<string> {
  const { lead, why } = unrecordedWords(entry);
  const { payload, call } = entry;
  yield* headline(
    `${paint.name(payload.handle)}  ${paint.heading(lead)}`,
    `${paint.faint("of")} ${paint.name(call.handle)}`,
    width,
  );
  for (const line of wrapped(why, width - 2)) {
    yield `  ${paint.odd(line.trimEnd())}`;
  }
}

/** Parts of several lines would run into each other. */
function isLong(part: TranscriptPart): boolean {
  return "text" in part && part.text.trimEnd().includes("\n");
}

function* partLines(part: TranscriptPart, style: Folding): Iterable<string> {
  const { paper: { paint }, width } = style;
  switch (part.type) {
    case "text":
    case "summary":
    case "code":
      yield* foldedLines(part.text, style);
      return;
    case "encoded":
    case "payload_ref":
      yield* wrapped(placeholderOf(part), width).map(paint.faint);
      return;
    case "json": {
      yield* jsonText(part.json, style);
      if (!part.is_truncated) return;
      const whole = part.payload === null ? "" : `: ${part.payload.handle}`;
      const note = `… cut here; the payload has the whole${whole}`;
      yield* wrapped(note, width).map(paint.odd);
    }
  }
}

function* compactionLines(
  entry: TranscriptCompaction,
  paper: Paper,
): Iterable<string> {
  const { paint, width } = paper;
  const words = `${entry.compaction.handle}  ${compactionWords(entry)}`;
  yield paint.heading(rule(words, width));
  yield* refLines("went", entry.replaced_items, paper);
  yield* refLines("came", entry.replacement_items, paper);
  yield* refLines("by", entry.requests, paper);
}

function* refLines(
  word: string,
  refs: readonly ObjectRef[],
  { paint, width }: Paper,
): Iterable<string> {
  if (refs.length === 0) return;
  const label = `  ${word.padEnd(5)} `;
  for (const [at, row] of wrapped(rangesOf(refs), width - 8).entries()) {
    yield (at === 0 ? label : " ".repeat(8)) + paint.name(row.trimEnd());
  }
}

/** Handles with consecutive numbers drawn together: `item:3 … item:9`. */
function rangesOf(refs: readonly ObjectRef[]): string {
  const ranges: { first: ObjectRef; last: ObjectRef; count: number }[] = [];
  for (const ref of refs) {
    const range = ranges.at(-1);
    if (range !== undefined && follows(range.last, ref)) {
      range.last = ref;
      range.count++;
    } else ranges.push({ first: ref, last: ref, count: 1 });
  }
  return ranges.map(({ first, last, count }) => {
    if (count === 1) return first.handle;
    return `${first.handle}${count === 2 ? ", " : " … "}${last.handle}`;
  }).join(", ");
}

function follows(before: ObjectRef, after: ObjectRef): boolean {
  const number = ({ handle }: ObjectRef) =>
    Number(handle.slice(handle.lastIndexOf(":") + 1));
  return number(after) === number(before) + 1;
}

function inside(paper: Paper, full: boolean): Folding {
  return { paper, width: paper.width - 2, full };
}

function* indented(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `  ${line}`.trimEnd();
}
