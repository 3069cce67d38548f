/**
 * A transcript as text: a headline for every item, its text below, long texts folded.
 *
 * @module
 */

import { refRanges } from "../../shared/ref_ranges.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import type {
  OpenTranscript,
  TranscriptCompaction,
  TranscriptEntry,
  TranscriptHead,
  TranscriptItem,
  TranscriptPart,
  TranscriptUnrecorded,
} from "../../../query/transcript/transcript_answer.ts";
import { clockText } from "../../../text/clock_text.ts";
import { counted } from "../../../text/figures.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import { foldedLines, type Folding } from "../../text/folded.ts";
import { headline, rule } from "../../text/headline.ts";
import { jsonTextLines } from "../../text/json_text.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import {
  causesOf,
  compactionWords,
  droppedItemsWords,
  inheritedWords,
  noveltyWords,
  placeholderOf,
  unrecordedWords,
  wordsOf,
} from "./entry_title_text.ts";

/** The lines of a transcript; pieces are made as they are written. */
export function* transcriptLines(
  { head, entries }: OpenTranscript,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  yield* headLines(head, render);
  const clock = clockText(head.clock_jumps);
  if (clock !== null) {
    yield* wrapped(`clock ${clock}`, render.width).map(render.style.warning);
  }
  let turn: string | null = null;
  for (const entry of entries()) {
    yield "";
    const started = "turn" in entry ? entry.turn?.handle ?? null : null;
    // In one request all that matters is the order; a thread is read turn by turn.
    if (head.request === null && started !== null && started !== turn) {
      yield render.style.dim(rule(started, render.width, "─"));
      yield "";
      turn = started;
    }
    yield* entryLines(entry, render, full);
  }
}

function* headLines(
  head: TranscriptHead,
  render: RenderOptions,
): Iterable<string> {
  const { style, width } = render;
  const { thread, agent_path: path, request, items } = head;
  const of = `${style.id(thread.handle)} ${oneLine(path, 30)}`;
  if (request === null) {
    const right = counted(items, "item");
    yield* headline(`${style.heading("transcript")} of ${of}`, right, width);
    return;
  }
  const { call, turn, payload, previous_call: previous } = request;
  const model = oneLine(request.model, 30);
  yield* headline(
    `${style.heading("input")} of ${style.id(call.handle)} to ${model}`,
    `${of}  ${style.id(turn.handle)}  ${style.id(payload.handle)}`,
    width,
  );
  if (request.capture !== null || request.error !== null) return;
  const facts = [counted(items, "item")];
  const { fresh, dropped } = noveltyWords(request);
  if (previous !== null) {
    facts.push(`${style.success(fresh)} since ${style.id(previous.handle)}`);
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
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  const { style, width } = render;
  switch (entry.type) {
    case "item":
      yield* itemLines(entry, render, full);
      return;
    case "compaction":
      yield* compactionLines(entry, render);
      return;
    case "dropped_items":
      yield style.heading(
        rule(`${entry.call.handle}  ${droppedItemsWords(entry)}`, width),
      );
      yield* refLines("left", entry.items, render);
      return;
    case "inherited_history":
      yield style.heading(
        rule(
          (entry.call === null ? "" : `${entry.call.handle}  `) +
            inheritedWords(entry),
          width,
        ),
      );
      if (entry.thread_id !== null) {
        yield `  from  ${style.id(oneLine(entry.thread_id, width - 8))}`;
      }
      return;
    case "instructions":
      yield style.heading("instructions");
      yield* indented(foldedLines(entry.text, inside(render, full)));
      return;
    case "unrecorded":
      yield* unrecordedLines(entry, render);
      return;
    case "other_element":
      yield* headline(
        style.heading(oneLine(entry.label, width)),
        "no item",
        width,
      );
      yield* indented(jsonTextLines(entry.json, inside(render, full)));
  }
}

function* itemLines(
  entry: TranscriptItem,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  const { style, width } = render;
  const { lead, name, aside } = wordsOf(entry);
  const isNew = entry.is_new === true;
  const title = name === null ? lead : `${lead} ${name}`;
  const left = [
    (isNew ? `${style.success("+")} ` : "") + style.id(entry.item.handle),
    style.heading(oneLine(title, Math.max(12, width - 24))),
    ...aside === null ? [] : [style.dim(oneLine(aside, 24))],
    ...entry.is_accepted
      ? []
      : [style.warning("never accepted into the history")],
    ...entry.lacks_output_in === null
      ? []
      : [style.warning(`no output in ${entry.lacks_output_in.handle}`)],
  ].join("  ");
  const causes = causesOf(entry).map(({ phrase, handle }) =>
    [style.dim(phrase), handle === null ? "" : style.id(handle)]
      .filter((each) => each !== "").join(" ")
  );
  yield* headline(left, causes.join(", "), width);
  const layout = inside(render, full);
  if (entry.parts.length === 0) yield `  ${style.dim("(empty)")}`;
  const apart = entry.parts.some(isLong);
  // Beside the full reasoning, a summary has to be marked.
  const hasText = entry.parts.some(({ type }) => type === "text");
  for (const [at, part] of entry.parts.entries()) {
    if (at > 0 && apart) yield "";
    if (part.type === "summary" && hasText) {
      yield `  ${style.dim("summary:")}`;
    }
    yield* indented(partLines(part, layout));
  }
}

function* unrecordedLines(
  entry: TranscriptUnrecorded,
  { style, width }: RenderOptions,
): Iterable<string> {
  const { lead, why } = unrecordedWords(entry);
  const { payload, call } = entry;
  yield* headline(
    `${style.id(payload.handle)}  ${style.heading(lead)}`,
    `${style.dim("of")} ${style.id(call.handle)}`,
    width,
  );
  for (const line of wrapped(why, width - 2)) {
    yield `  ${style.warning(line.trimEnd())}`;
  }
}

/** Parts of several lines would run into each other. */
function isLong(part: TranscriptPart): boolean {
  return "text" in part && part.text.trimEnd().includes("\n");
}

function* partLines(part: TranscriptPart, layout: Folding): Iterable<string> {
  const { render: { style }, width } = layout;
  switch (part.type) {
    case "text":
    case "summary":
    case "code":
      yield* foldedLines(part.text, layout);
      return;
    case "encoded":
    case "payload_ref":
      yield* wrapped(placeholderOf(part), width).map(style.dim);
      return;
    case "json": {
      yield* jsonTextLines(part.json, layout);
      if (!part.is_truncated) return;
      const payload = part.payload === null ? "" : `: ${part.payload.handle}`;
      const note = `… truncated; the payload has all of it${payload}`;
      yield* wrapped(note, width).map(style.warning);
    }
  }
}

function* compactionLines(
  entry: TranscriptCompaction,
  render: RenderOptions,
): Iterable<string> {
  const { style, width } = render;
  const words = `${entry.compaction.handle}  ${compactionWords(entry)}`;
  yield style.heading(rule(words, width));
  yield* refLines("went", entry.replaced_items, render);
  yield* refLines("added", entry.replacement_items, render);
  yield* refLines("by", entry.requests, render);
}

function* refLines(
  word: string,
  refs: readonly ObjectRef[],
  { style, width }: RenderOptions,
): Iterable<string> {
  if (refs.length === 0) return;
  const label = `  ${word.padEnd(5)} `;
  for (const [at, row] of wrapped(refRanges(refs), width - 8).entries()) {
    yield (at === 0 ? label : " ".repeat(8)) + style.id(row.trimEnd());
  }
}

function inside(render: RenderOptions, full: boolean): Folding {
  return { render, width: render.width - 2, full };
}

function* indented(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `  ${line}`.trimEnd();
}
