/**
 * A prompt by source for a person: sizes, shares, what is new, the largest pieces.
 *
 * @module
 */

import type {
  ContextAnswer,
  ContextElement,
  ContextReport,
} from "../../../query/context/context_answer.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { bytesOf, counted, countOf, shareOf } from "../../../text/figures.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import { bar } from "../../text/bars.ts";
import { columnLines } from "../../text/columns.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import { headline } from "../../text/headline.ts";
import type { Paper } from "../../text/render_options.ts";
import { growthLines } from "./growth_text.ts";
import { sourceRows } from "./source_text.ts";
import { sourceTitle } from "./source_title.ts";
import { largest } from "../../text/largest.ts";

/** The lines of the answer. */
export function* contextLines(
  { context, growth }: ContextReport,
  paper: Paper,
  full: boolean,
): Iterable<string> {
  yield* headLines(context, paper);
  yield "";
  if (context.request_capture === null) {
    yield* sourceLines(context, paper, full);
    yield* toolLines(context, paper, full);
    yield "";
    yield* largestLines(context, paper);
    yield "";
  }
  yield* growthLines(growth, context.call.id, paper, full);
}

function* headLines(
  context: ContextAnswer,
  { paint, width }: Paper,
): Iterable<string> {
  const { call, thread, turn, payload, previous_call: previous } = context;
  const model = oneLine(context.model, 30);
  yield* headline(
    `${paint.heading("context")} of ${paint.name(call.handle)} to ${model}`,
    [thread, turn, payload].map(({ handle }) => paint.name(handle)).join("  "),
    width,
  );
  yield* wrapped(sentWords(context), width);
  yield* wrapped(tokenWords(context), width);
  if (previous !== null && context.request_capture === null) {
    yield* noveltyLines(context, previous, { paint, width });
  }
  yield* inheritedLines(context, width);
}

function sentWords(
  { bytes, elements, request_capture: capture, warmup, ...context }:
    ContextAnswer,
): string {
  if (capture !== null) return `prompt ${unrecordedText(capture)}`;
  const sent = warmup === null ? "sent" : "with the warm-up";
  const lost = context.unrecorded_items ?? 0;
  return [
    `${bytesOf(bytes)} ${sent}`,
    `${counted(elements ?? 0, "element")} of input`,
    ...lost === 0 ? [] : [`${countOf(lost)} of them not recorded`],
  ].join(", ");
}

function* noveltyLines(
  { dropped_items: dropped, repeated_items: repeated, ...context }:
    ContextAnswer,
  previous: ObjectRef,
  { paint, width }: Pick<Paper, "paint" | "width">,
): Iterable<string> {
  const name = paint.name(previous.handle);
  if (context.new_elements === null) {
    yield `what is new is unknown: ${name} was not recorded`;
    return;
  }
  const without = dropped === null || dropped === 0
    ? ""
    : `, ${counted(dropped, "item")} dropped`;
  yield `${paint.good(`${context.new_elements} new`)}, ${
    bytesOf(context.new_bytes)
  }, since ${name}${without}`;
  if (repeated === null || repeated === 0) return;
  const say = repeated === 1 ? "says" : "say";
  yield* wrapped(
    `${countOf(repeated)} of the new ${say} the same as before, with ${
      repeated === 1 ? "another id" : "other ids"
    }`,
    width,
  );
}

function tokenWords({ usage, response_capture }: ContextAnswer): string {
  if (response_capture !== null) {
    return `input tokens unknown: the response was ${
      unrecordedText(response_capture)
    }`;
  }
  if (usage === null) return "input tokens unknown: the provider told none";
  return `${counted(usage.input_tokens, "input token")} told, ${
    countOf(usage.cached_input_tokens)
  } of them from a cache`;
}

function inheritedLines(
  { inherited, warmup }: ContextAnswer,
  width: number,
): string[] {
  if (warmup !== null) {
    return wrapped(
      `continues a warm-up: the whole input is ${warmup.payload.handle}, ` +
        `the request ${warmup.request_payload.handle}`,
      width,
    );
  }
  if (inherited === null) return [];
  const { call, items } = inherited;
  const from = call === null ? "an answer not recorded" : call.handle;
  return wrapped(
    `goes on from the answer of ${from}: ${
      counted(items, "item")
    } before these were not sent again`,
    width,
  );
}

function sourceLines(
  context: ContextAnswer,
  { paint, width }: Paper,
  full: boolean,
): string[] {
  const rows = sourceRows(context, full);
  const most = largest(rows.map(({ bytes }) => bytes));
  // What the other columns take at most; the bars get what is left.
  const room = Math.min(32, width - 62);
  const cells = rows.map((row) => [
    row.isPart ? `  ${row.title}` : row.title,
    row.elements === 0 ? "" : countOf(row.elements),
    countOf(row.bytes),
    shareOf(row.bytes, context.bytes ?? 0),
    row.isPart ? "" : bar(row.bytes, most, room),
    gainOf(row.newBytes, paint),
  ]);
  const total = [
    "all",
    countOf(context.elements),
    countOf(context.bytes),
    "",
    "",
    gainOf(context.new_bytes, paint),
  ].map((cell) => cell === "" ? "" : paint.heading(cell));
  const columns = [
    { title: "source", gives: true },
    { title: "items", align: "right" as const },
    { title: "bytes", align: "right" as const },
    { title: "share", align: "right" as const },
    { title: "" },
    { title: "new", align: "right" as const },
  ];
  const isShown = (at: number) => at !== 4 || room >= 4;
  return columnLines({
    columns: columns.filter((_, at) => isShown(at)),
    rows: [...cells, total].map((row) => row.filter((_, at) => isShown(at))),
    width,
  });
}

/** Bytes that are new; nothing where there are none, or where that is unknown. */
function gainOf(bytes: number | null, paint: Paper["paint"]): string {
  return bytes === null || bytes === 0 ? "" : paint.good(`+${countOf(bytes)}`);
}

const MOST_TOOLS = 8;

function* toolLines(
  { tools }: ContextAnswer,
  { paint, width }: Paper,
  full: boolean,
): Iterable<string> {
  if (tools.length === 0) return;
  const shown = full ? tools : tools.slice(0, MOST_TOOLS);
  const named = shown.map(({ name, bytes }) =>
    `${oneLine(name ?? "unnamed", 40)} ${countOf(bytes)}`
  );
  const more = tools.length - shown.length;
  if (more > 0) named.push(`${more} more`);
  yield "";
  yield paint.heading(`${counted(tools.length, "tool")} offered`);
  for (const row of wrapped(named.join(", "), width - 2)) {
    yield `  ${row.trim()}`;
  }
}

function* largestLines(
  context: ContextAnswer,
  { paint, width }: Paper,
): Iterable<string> {
  yield paint.heading("largest pieces");
  yield* columnLines({
    columns: [
      {},
      { gives: true },
      { align: "right" },
      { align: "right" },
      {},
    ],
    rows: context.largest.map((piece) => [
      piece.item === null ? paint.faint("request") : paint.name(
        piece.item.handle,
      ),
      titleOf(piece),
      countOf(piece.bytes),
      shareOf(piece.bytes, context.bytes ?? 0),
      piece.is_new === true ? paint.good("new") : "",
    ]),
    width: width - 2,
    indent: 2,
  });
}

function titleOf({ source, name, index }: ContextElement): string {
  const title = sourceTitle(source);
  if (index === null) return name === null ? title : oneLine(name, 40);
  return name === null ? title : `${title}: ${oneLine(name, 40)}`;
}
