/**
 * A transcript as a Markdown document: a heading for every item, its text in fences that
 * nothing in it can close.
 *
 * @module
 */

import { refRanges } from "../../shared/ref_ranges.ts";
import { parseSpelled } from "../../../format/json/json_spelled.ts";
import type {
  OpenTranscript,
  TranscriptCompaction,
  TranscriptEntry,
  TranscriptHead,
  TranscriptItem,
  TranscriptPart,
} from "../../../query/transcript/transcript_answer.ts";
import { clockText } from "../../../text/clock_text.ts";
import { counted } from "../../../text/figures.ts";
import { codeSpan, fencedLines } from "../../../text/markdown.ts";
import { jsonLines } from "../../text/json_text.ts";
import { styleFor } from "../../text/style.ts";
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

/** The lines of the document; pieces are made as they are written, and nothing is folded. */
export function* transcriptMarkdown(
  { head, entries }: OpenTranscript,
): Iterable<string> {
  yield* headLines(head);
  const clock = clockText(head.clock_jumps);
  if (clock !== null) yield* ["", `Clock ${clock}`];
  for (const entry of entries()) {
    yield "";
    yield* entryLines(entry);
  }
}

function* headLines(head: TranscriptHead): Iterable<string> {
  const { thread, agent_path: path, request, items } = head;
  const of = `${codeSpan(path)} (${codeSpan(thread.handle)})`;
  if (request === null) {
    yield `# Transcript of ${of}`;
    yield "";
    yield counted(items, "item");
    return;
  }
  yield `# Input of ${codeSpan(request.call.handle)} in ${of}`;
  yield "";
  yield `- model ${codeSpan(request.model)}, ${
    codeSpan(request.turn.handle)
  }, ${codeSpan(request.payload.handle)}`;
  if (request.capture !== null || request.error !== null) return;
  const { fresh, dropped } = noveltyWords(request);
  const since = request.previous_call === null
    ? ""
    : `, ${fresh} since ${codeSpan(request.previous_call.handle)}`;
  yield `- ${counted(items, "item")}${since}`;
  if (dropped !== null) yield `- ${dropped}`;
  if (request.is_warmup) yield "- part of them in a warm-up before";
  if (request.inherited_items > 0) {
    yield `- ${request.inherited_items} inherited, not sent again`;
  }
}

function* entryLines(entry: TranscriptEntry): Iterable<string> {
  switch (entry.type) {
    case "item":
      yield* itemLines(entry);
      return;
    case "inherited_history":
      yield `## ${
        entry.call === null ? "" : `${codeSpan(entry.call.handle)} `
      }${inheritedWords(entry)}`;
      if (entry.thread_id === null) return;
      yield "";
      yield `from ${codeSpan(entry.thread_id)}`;
      return;
    case "dropped_items":
      yield `## ${codeSpan(entry.call.handle)} ${droppedItemsWords(entry)}`;
      yield "";
      yield refRanges(entry.items);
      return;
    case "compaction":
      yield* compactionLines(entry);
      return;
    case "instructions":
      yield "## instructions";
      yield "";
      yield* fencedLines("text", entry.text);
      return;
    case "unrecorded": {
      const { lead, why } = unrecordedWords(entry);
      yield `## ${codeSpan(entry.payload.handle)} ${lead} of ${
        codeSpan(entry.call.handle)
      }`;
      yield "";
      yield why;
      return;
    }
    case "other_element":
      yield `## ${codeSpan(entry.label)}, no item`;
      yield "";
      yield* fencedLines("json", laidOut(entry.json));
  }
}

function* itemLines(entry: TranscriptItem): Iterable<string> {
  const { lead, name, aside } = wordsOf(entry);
  const words = [
    codeSpan(entry.item.handle),
    lead,
    ...name === null ? [] : [codeSpan(name)],
    ...aside === null ? [] : [`(${codeSpan(aside)})`],
  ];
  yield `## ${words.join(" ")}`;
  yield "";
  const causes = causesOf(entry).map(({ phrase, handle }) =>
    handle === null ? phrase : `${phrase} ${codeSpan(handle)}`
  );
  if (entry.is_new === true) causes.push("new in this request");
  if (!entry.is_accepted) causes.push("never accepted into the history");
  if (entry.lacks_output_in !== null) {
    causes.push(`no output in ${codeSpan(entry.lacks_output_in.handle)}`);
  }
  if (causes.length > 0) {
    yield `_${causes.join(", ")}_`;
    yield "";
  }
  if (entry.parts.length === 0) yield "(empty)";
  for (const [at, part] of entry.parts.entries()) {
    if (at > 0) yield "";
    yield* partLines(part);
  }
}

function* partLines(part: TranscriptPart): Iterable<string> {
  switch (part.type) {
    case "text":
    case "summary":
      yield* fencedLines("text", part.text);
      return;
    case "code":
      yield* fencedLines(/^\w+$/.exec(part.language)?.[0] ?? "text", part.text);
      return;
    case "encoded":
    case "payload_ref":
      yield codeSpan(placeholderOf(part));
      return;
    case "json":
      yield* fencedLines("json", laidOut(part.json));
      if (!part.is_truncated) return;
      yield "";
      yield part.payload === null
        ? "Cut here."
        : `Truncated; ${codeSpan(part.payload.handle)} has all of it.`;
  }
}

function* compactionLines(entry: TranscriptCompaction): Iterable<string> {
  yield "---";
  yield "";
  yield `## ${codeSpan(entry.compaction.handle)} ${compactionWords(entry)}`;
  yield "";
  const lists = [["went", entry.replaced_items], [
    "added",
    entry.replacement_items,
  ]] as const;
  for (const [word, refs] of lists) {
    const handles = refs.map(({ handle }) => codeSpan(handle)).join(", ");
    if (handles !== "") yield `- ${word}: ${handles}`;
  }
}

function laidOut(json: string): string {
  try {
    const render = { width: Infinity, style: styleFor(false) };
    const layout = { render, width: Infinity, full: true, open: false };
    return [...jsonLines(parseSpelled(json), layout)].join("\n");
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}
