/**
 * A payload for a person: what names it, then what is in it.
 *
 * @module
 */

import { parseSpelled } from "../../../format/json/json_spelled.ts";
import type {
  EventReference,
  ObjectReference,
  PayloadAnswer,
  PayloadContent,
  PayloadListing,
  PayloadPart,
} from "../../../query/payload/payload_answer.ts";
import { captureText } from "../../../text/capture_text.ts";
import { bytesOf, counted, UNKNOWN } from "../../../text/figures.ts";
import { columnLines } from "../../text/columns.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import { foldedLines } from "../../text/folded.ts";
import { headline } from "../../text/headline.ts";
import { jsonLines } from "../../text/json_text.ts";
import type { RenderOptions } from "../../text/render_options.ts";

export function* payloadLines(
  { object, payloads, content }: PayloadAnswer,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  const [only] = payloads;
  if (content === null || only === undefined) {
    const { style } = render;
    yield `${style.heading(counted(payloads.length, "payload"))} of ${
      style.id(object.handle)
    }`;
    yield* listLines(payloads, render);
    return;
  }
  yield* headLines(only, render);
  yield* partLines(only, render, full);
  yield "";
  yield* contentLines(content, render, full);
}

function listLines(
  payloads: readonly PayloadListing[],
  { style, width }: RenderOptions,
): string[] {
  return columnLines({
    columns: [{}, {}, { align: "right" }, { shrinkable: true }],
    rows: payloads.map((each) => [
      style.id(each.payload.handle),
      each.payload_kind,
      sizeText(each),
      [
        style.dim(eventWords(each.events)),
        limitWords(each.capture, style),
      ].filter((words) => words !== "").join("  "),
    ]),
    width: width - 2,
    indent: 2,
  });
}

/** What a limit did to a payload, beside its size. */
function limitWords(
  capture: PayloadListing["capture"],
  style: RenderOptions["style"],
): string {
  if (capture === null) return "";
  const text = captureText(capture);
  return style.warning(
    capture.status === "omitted" ? text.replace(/^omitted: /, "") : text,
  );
}

/** The size of a payload; of one that was omitted, that it was. */
function sizeText(
  { bytes, capture }: Pick<PayloadListing, "bytes" | "capture">,
): string {
  if (capture?.status === "omitted") return capture.status;
  return bytes === null ? UNKNOWN : bytesOf(bytes);
}

/** More parts are not listed unless all are wanted. */
const MAX_PARTS = 12;

/** What a payload was put together from. */
function* partLines(
  { parts, record_bytes: record }: PayloadListing,
  { style, width }: RenderOptions,
  full: boolean,
): Iterable<string> {
  if (parts.length === 0) return;
  const own = record === null ? "" : `, own record ${bytesOf(record)}`;
  yield `${counted(parts.length, "part")}${own}`;
  const shown = full ? parts : parts.slice(0, MAX_PARTS);
  yield* columnLines({
    columns: [{}, {}, { align: "right" }, { shrinkable: true }],
    rows: shown.map((part) => [
      style.id(part.payload.handle),
      part.payload_kind,
      sizeText(part),
      asideOf(part, style),
    ]),
    width: width - 2,
    indent: 2,
  });
  const more = parts.length - shown.length;
  if (more > 0) yield style.dim(`  … ${counted(more, "more part")}: --full`);
}

function asideOf(
  { capture, parts, shard }: PayloadPart,
  style: RenderOptions["style"],
): string {
  if (capture !== null) return limitWords(capture, style);
  const of = parts === 0 ? "" : `, ${counted(parts, "part")}`;
  return style.dim(`shard ${shard}${of}`);
}

function eventWords(events: readonly EventReference[]): string {
  const [first] = events;
  if (first === undefined) return "";
  const more = events.length > 1 ? ` and ${events.length - 1} more` : "";
  return `seq ${first.seq}${more}`;
}

function* headLines(
  listing: PayloadListing,
  { style, width }: RenderOptions,
): Iterable<string> {
  const { payload, payload_kind: kind, path, events, referenced_by } = listing;
  const size = sizeText(listing);
  yield* headline(
    `${style.id(payload.handle)}  ${style.heading(kind)}`,
    `${path === null ? "not stored" : oneLine(path, 40)}  ${size}`,
    width,
  );
  for (const { seq, line, event_type: type } of events) {
    yield* wrapped(`seq ${seq}  ${type}, line ${line} of the log`, width);
  }
  const words = wordsOfNaming(referenced_by);
  for (const row of wrapped(words, width)) yield row.trimEnd();
  if (listing.capture !== null) {
    yield style.warning(captureText(listing.capture));
  }
}

/** The objects of each role; of many, the first. */
const MAX_OBJECTS = 6;

function wordsOfNaming(named: readonly ObjectReference[]): string {
  if (named.length === 0) return "named by no object of the graph";
  const shown = named.slice(0, MAX_OBJECTS).map(({ object, role }) =>
    `${role.replaceAll("_", " ")} of ${object.handle}`
  );
  const more = named.length - shown.length;
  return [...shown, ...more > 0 ? [`${more} more`] : []].join(", ");
}

function* contentLines(
  { format, text }: PayloadContent,
  render: RenderOptions,
  full: boolean,
): Iterable<string> {
  const { style, width } = render;
  const layout = { render, width, full };
  if (text === null) {
    yield style.warning("not text: --raw writes the bytes");
    return;
  }
  if (format === "text") {
    yield style.warning("not JSON; the text:");
    yield* foldedLines(text, layout);
    return;
  }
  yield* jsonOrText(text, { ...layout, open: false });
}

/** What nests deeper than it can be laid out is shown as it is. */
function jsonOrText(
  text: string,
  layout: Parameters<typeof jsonLines>[1],
): Iterable<string> {
  let node;
  try {
    node = parseSpelled(text);
  } catch (error) {
    if (error instanceof SyntaxError) return foldedLines(text, layout);
    throw error;
  }
  return jsonLines(node, layout);
}
