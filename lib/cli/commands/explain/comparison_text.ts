/**
 * The output of a tool beside what the model received of it, and how they relate.
 *
 * @module
 */

import type {
  Comparison,
  OutputSide,
} from "../../../query/explain/comparison/comparison.ts";
import { bytesOf, counted, countOf, UNKNOWN } from "../../../text/figures.ts";
import { captureText } from "../../../text/capture_text.ts";
import { columnLines } from "../../text/columns.ts";
import { oneLine, wrapped } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";

/** Items of one side that are named, and where there is little room. */
const MAX_NAMED = 3;
const MAX_NAMED_NARROW = 1;
const NARROW = 80;
/** Below, texts are not quoted. */
const TIGHT = 60;

export function comparisonLines(
  comparison: Comparison,
  render: RenderOptions,
): string[] {
  const { runtime, shown } = comparison;
  const isTight = render.width < TIGHT;
  const rows = [
    ...runtime.in.length === 0
      ? []
      : [row(whatOf(comparison), runtime, render)],
    ...shown.in.length === 0
      ? []
      : [row(isTight ? "shown" : readerOf(comparison).was, shown, render)],
  ];
  const sentence = wrapped(sentenceOf(comparison), render.width - 2);
  const { style } = render;
  return [
    ...columnLines({
      columns: isTight
        ? [{}, { shrinkable: true }, { align: "right" }]
        : [{}, {}, { align: "right" }, { shrinkable: true }],
      rows,
      width: render.width,
      indent: 2,
    }),
    ...sentence.map((line) =>
      `  ${isLess(comparison) ? style.warning(line.trimEnd()) : line.trimEnd()}`
    ),
  ];
}

function whatOf({ runtime, verdict }: Comparison): string {
  if (verdict === "chunk" || verdict === "split") {
    return "the process printed";
  }
  return isReturned(runtime) ? "returned" : "output";
}

/** Whether it is the result that a tool returned to its caller, and not a report of a runtime. */
function isReturned({ key }: OutputSide): boolean {
  return key === "response_item.output" || key === "error";
}

/** Whether the reader may have missed something. */
function isLess({ verdict, omitted_bytes: omitted, sent }: Comparison) {
  return verdict === "truncated" || verdict === "different" || sent === false ||
    (verdict === "split" && omitted !== 0);
}

function row(what: string, side: OutputSide, render: RenderOptions): string[] {
  const { style, width } = render;
  const most = width < NARROW ? MAX_NAMED_NARROW : MAX_NAMED;
  const names = side.in.slice(0, most).map(({ handle }) => handle);
  if (side.in.length > most) names.push("…");
  return [
    what,
    style.id(oneLine(names.join(" "), width < NARROW ? 14 : 34)),
    side.bytes === null ? UNKNOWN : bytesOf(side.bytes),
    style.dim(
      side.capture === null
        ? oneLine(side.excerpt ?? "", width)
        : captureText(side.capture),
    ),
  ];
}

/** Who got it, in the words of a sentence. */
interface Reader {
  readonly was: string;
  readonly got: string;
}

function readerOf({ shown_to: to, sent }: Comparison): Reader {
  if (to === "code_cell") {
    return { was: "the cell was given", got: "the cell received" };
  }
  return sent === true
    ? { was: "the model was shown", got: "the model received" }
    : { was: "in the history", got: "the history holds" };
}

/** Verdicts that include what a request carried. */
const COMPLETE_VERDICTS: ReadonlySet<Comparison["verdict"]> = new Set([
  "empty",
  "unknown",
  "not_shown",
]);

/** How the two relate, in a sentence. */
function sentenceOf(comparison: Comparison): string {
  const { verdict, sent, shown_to: to } = comparison;
  const text = relationOf(comparison);
  if (to === "code_cell" || sent === true) return text;
  if (COMPLETE_VERDICTS.has(verdict)) return text;
  return sent === false
    ? `${text}; no request carried it to the model`
    : `${text}; no request that was recorded completely carried it`;
}

function relationOf(comparison: Comparison): string {
  const { verdict, added_bytes: added } = comparison;
  const { got } = readerOf(comparison);
  switch (verdict) {
    case "identical":
      return `${got} exactly the ${
        isReturned(comparison.runtime) ? "result" : "output"
      }`;
    case "complete":
      return `${got} all of it${around(added)}`;
    case "complete_ignoring_whitespace":
      return `${got} all of it, but for line ends and spaces at the end`;
    case "truncated":
      return `truncated: ${got} ${cutWords(comparison)}`;
    case "split":
      return `${got} ${pieceWords(comparison)}`;
    case "chunk":
      return shareWords(comparison, got);
    case "not_recorded":
      return "the output of the process itself was not recorded";
    case "different":
      return `${got} another text: it does not contain the output`;
    case "empty":
      return "there was no output";
    case "not_shown":
      return "nothing of it was shown";
    case "unknown":
      return "what the model was shown of it is unknown: " +
        "a request was not recorded completely";
    case "incomparable":
      if (comparison.runtime.capture ?? comparison.shown.capture) {
        return "one of the two was not recorded: not comparable";
      }
      return "one of the two is no text, or cannot be read: not comparable";
  }
}

function around(added: number | null): string {
  return added === null || added === 0
    ? ""
    : `, with ${bytesOf(added)} of other words around it`;
}

function pieceWords(
  { head_bytes: head, omitted_bytes: omitted, chunks, shown }: Comparison,
): string {
  const where = `in ${chunks} of ${
    counted(shown.in.length, "output")
  } of the same process`;
  return omitted === 0
    ? `all of it, ${where}`
    : `the first ${bytesOf(head)} of it, ${where}; what follows is not found`;
}

function shareWords({ chunk, runtime }: Comparison, got: string): string {
  const { from_byte: from, bytes } = chunk ?? { from_byte: 0, bytes: 0 };
  const all = bytesOf(runtime.bytes ?? 0);
  return bytes === 0
    ? `${got} none of the ${all} of the process with this operation`
    : bytes === runtime.bytes
    ? `${got} all ${all} of the process with this operation`
    : `${got} ${
      bytesOf(bytes)
    } of the ${all} of the process with this operation, from byte ${
      countOf(from)
    } on`;
}

function cutWords(
  { head_bytes: head, tail_bytes: tail, omitted_bytes: omitted, ...rest }:
    Comparison,
): string {
  const shown = [
    ...head > 0 ? [`the first ${bytesOf(head)}`] : [],
    ...tail > 0 ? [`the last ${bytesOf(tail)}`] : [],
  ].join(" and ");
  const { marker, runtime } = rest;
  return [
    `${shown} of ${bytesOf(runtime.bytes ?? 0)}`,
    ...omitted === null ? [] : [`; ${bytesOf(omitted)} were left out`],
    ...marker === null ? [] : [`, in their place: ${oneLine(marker, 90)}`],
  ].join("");
}
