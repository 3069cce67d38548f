/**
 * A prompt by source for a person: sizes, shares, what is new, the largest pieces.
 *
 * @module
 */

import type {
  ContextAnswer,
  ContextElement,
  ContextReport,
  RepeatedText,
} from "../../../query/context/context_answer.ts";
import type { CacheLoss } from "../../../query/context/cache/cache_answer.ts";
import {
  differenceText,
  lossReason,
} from "../../../query/context/cache/difference_text.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import {
  bytesOf,
  counted,
  countOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { escapeControls } from "../../../text/escape.ts";
import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import { bar } from "../../text/bars.ts";
import { columnLines } from "../../text/columns.ts";
import { largest, oneLine, wrapped } from "../../text/fit.ts";
import { headline } from "../../text/headline.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { growthLines } from "./growth_text.ts";
import { sourceRows } from "./source_text.ts";
import { sourceTitle } from "./source_title.ts";

/** The lines of the answer. */
export function* contextLines(
  { context, growth }: ContextReport,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  yield* headLines(context, render);
  yield "";
  if (context.bytes !== null) {
    yield* sourceLines(context, render, full);
    yield* toolLines(context, render, full);
    yield "";
    yield* largestLines(context, render);
    yield "";
  }
  yield* growthLines(growth, context.call.id, render, full);
}

function* headLines(
  context: ContextAnswer,
  { style, width }: RenderOptions,
): Iterable<string> {
  const { call, thread, turn, payload, previous_call: previous } = context;
  const effort = context.reasoning_effort;
  const model = oneLine(context.model, 30) +
    (effort === null ? "" : `, effort ${oneLine(effort, 10)}`);
  yield* headline(
    `${style.heading("context")} of ${style.id(call.handle)} to ${model}`,
    [thread, turn, payload].map(({ handle }) => style.id(handle)).join("  "),
    width,
  );
  yield* wrapped(sentWords(context), width);
  yield* wrapped(tokenWords(context), width);
  yield* windowLines(context);
  if (context.cache_loss !== null) {
    yield* wrapped(cacheWords(context.cache_loss), width)
      .map((row) => style.warning(row.trim()));
  }
  if (previous !== null && context.bytes !== null) {
    yield* noveltyLines(context, previous, { style, width });
  }
  yield* inheritedLines(context, width);
  yield* repeatedLines(context.repeated_texts, { style, width });
  for (const { handle } of context.calls_without_output) {
    yield* wrapped(`${handle} has no output in this request`, width)
      .map(style.warning);
  }
}

function sentWords(
  { bytes, elements, request_capture: capture, warmup, ...context }:
    ContextAnswer,
): string {
  if (capture !== null) return `prompt ${unrecordedText(capture)}`;
  if (context.request_error !== null) {
    return `prompt ${UNKNOWN}: ${escapeControls(context.request_error)}`;
  }
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
  { style, width }: Pick<RenderOptions, "style" | "width">,
): Iterable<string> {
  const name = style.id(previous.handle);
  if (context.new_elements === null) {
    yield `what is new is unknown: ${name} was not recorded`;
    return;
  }
  const without = dropped === null || dropped === 0
    ? ""
    : `, ${counted(dropped, "item")} dropped`;
  yield `${style.success(`${context.new_elements} new`)}, ${
    bytesOf(context.new_bytes)
  }, since ${name}${without}`;
  if (repeated === null || repeated === 0) return;
  const verb = repeated === 1 ? "repeats" : "repeat";
  yield* wrapped(
    `${countOf(repeated)} of the new ${verb} an earlier item, with ${
      repeated === 1 ? "another id" : "other ids"
    }`,
    width,
  );
}

/** How much of the context window it used, where both were recorded. */
function* windowLines(
  { usage, model_context_window: window }: ContextAnswer,
): Iterable<string> {
  if (usage === null || window === null) return;
  const share = shareOf(Number(usage.input_tokens), window);
  yield `${share} of the context window of ${countOf(window)}`;
}

function tokenWords(
  { usage, response_capture, response_error: error }: ContextAnswer,
): string {
  if (response_capture !== null) {
    return `input tokens unknown: the response was ${
      unrecordedText(response_capture)
    }`;
  }
  if (usage === null && error !== null) {
    return `input tokens ${UNKNOWN}: ${escapeControls(error)}`;
  }
  if (usage === null) {
    return "input tokens unknown: not reported by the provider";
  }
  const { input_tokens: input, cache_write_input_tokens: written } = usage;
  return [
    `${counted(input, "input token")} reported`,
    `${countOf(usage.cached_input_tokens)} of them from a cache`,
    ...written > 0 ? [`${countOf(written)} written to it`] : [],
  ].join(", ");
}

/** That the cache was lost, and by everything that had changed. */
function cacheWords(loss: CacheLoss): string {
  const { differences, lost_tokens: lost, previous_call: previous } = loss;
  const others = differences.slice(1).map(differenceText);
  return [
    `lost the cache: ${
      counted(lost, "token")
    } that ${previous.handle} had sent`,
    lossReason(loss),
    ...others,
  ].join("; ");
}

const MAX_REPEATED = 3;

/** Texts that the prompt has more than once, and what the copies cost. */
function* repeatedLines(
  repeated: readonly RepeatedText[],
  { style, width }: Pick<RenderOptions, "style" | "width">,
): Iterable<string> {
  if (repeated.length === 0) return;
  const all = repeated.reduce((sum, each) => sum + each.repeated_bytes, 0);
  const names = repeated.slice(0, MAX_REPEATED).map((each) => {
    const { items, indexes, source } = each;
    const copies = items.map((item, at) =>
      item?.handle ?? `element ${(indexes[at] ?? 0) + 1}`
    );
    return `${copies.slice(0, MAX_REPEATED).join(" = ")}${
      copies.length > MAX_REPEATED ? " = …" : ""
    } (${sourceTitle(source)}, ${bytesOf(each.bytes)})`;
  });
  const more = repeated.length - names.length;
  const text = repeated.length === 1
    ? "1 text is in it more than once"
    : `${countOf(repeated.length)} texts are in it more than once`;
  yield* wrapped(
    `${text}, ${bytesOf(all)} sent again: ${
      [...names, ...more > 0 ? [`${more} more`] : []].join(", ")
    }`,
    width,
  ).map((row) => style.warning(row.trim()));
}

function inheritedLines(
  { inherited, warmup }: ContextAnswer,
  width: number,
): string[] {
  if (warmup !== null) {
    return wrapped(
      `continues a warm-up: the entire input is ${warmup.payload.handle}, ` +
        `the request ${warmup.request_payload.handle}`,
      width,
    );
  }
  if (inherited === null) return [];
  const { call, items } = inherited;
  const from = call === null ? "an answer not recorded" : call.handle;
  return wrapped(
    `continues the response to ${from}: ${
      counted(items, "item")
    } before these were not sent again`,
    width,
  );
}

function sourceLines(
  context: ContextAnswer,
  { style, width }: RenderOptions,
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
    gainOf(row.newBytes, style),
  ]);
  const total = [
    "all",
    countOf(context.elements),
    countOf(context.bytes),
    "",
    "",
    gainOf(context.new_bytes, style),
  ].map((cell) => cell === "" ? "" : style.heading(cell));
  const columns = [
    { title: "source", shrinkable: true },
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
function gainOf(bytes: number | null, style: RenderOptions["style"]): string {
  return bytes === null || bytes === 0
    ? ""
    : style.success(`+${countOf(bytes)}`);
}

const MAX_TOOLS = 8;

function* toolLines(
  { tools }: ContextAnswer,
  { style, width }: RenderOptions,
  full: boolean,
): Iterable<string> {
  if (tools.length === 0) return;
  const shown = full ? tools : tools.slice(0, MAX_TOOLS);
  const named = shown.map(({ name, bytes }) =>
    `${oneLine(name ?? "unnamed", 40)} ${countOf(bytes)}`
  );
  const more = tools.length - shown.length;
  if (more > 0) named.push(`${more} more`);
  yield "";
  yield style.heading(`${counted(tools.length, "tool")} offered`);
  for (const row of wrapped(named.join(", "), width - 2)) {
    yield `  ${row.trim()}`;
  }
}

function* largestLines(
  context: ContextAnswer,
  { style, width }: RenderOptions,
): Iterable<string> {
  yield style.heading("largest pieces");
  yield* columnLines({
    columns: [
      {},
      { shrinkable: true },
      { align: "right" },
      { align: "right" },
      {},
    ],
    rows: context.largest.map((piece) => [
      piece.item === null ? style.dim("request") : style.id(
        piece.item.handle,
      ),
      titleOf(piece),
      countOf(piece.bytes),
      shareOf(piece.bytes, context.bytes ?? 0),
      piece.is_new === true ? style.success("new") : "",
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
