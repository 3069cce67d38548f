/**
 * The events about an object, one a line: number, line of the log, name, payloads.
 *
 * @module
 */

import type {
  Evidence,
  EvidencePayload,
} from "../../../query/evidence/links/evidence.ts";
import { counted } from "../../../text/figures.ts";
import { columnLines } from "../../text/columns.ts";
import { cut, oneLine } from "../../text/fit.ts";
import type { Paper } from "../../text/render_options.ts";
import { MOST_OF_NAME } from "./evidence_text.ts";

/** Events that are listed; more stand in the JSON. */
const MOST_EVENTS = 20;
/** Below, payloads stand in lines of their own. */
const NARROW = 72;

/** The lines of the events about an object. */
export function evidenceLines(
  evidence: readonly Evidence[],
  paper: Paper,
): string[] {
  const shown = evidence.slice(0, MOST_EVENTS);
  const more = evidence.length - shown.length;
  return [
    ...paper.width < NARROW
      ? shown.flatMap((each) => narrowLines(each, paper))
      : wideLines(shown, paper),
    ...more === 0 ? [] : [`  and ${counted(more, "more event")}: see --json`],
  ];
}

function wideLines(evidence: readonly Evidence[], paper: Paper): string[] {
  const rows = evidence.map(({ seq, line, event_type: type, payloads }) => [
    `seq ${seq}`,
    ...line === null ? [] : [`line ${line}`],
    ...type === null ? [] : [type],
    payloads.map((each) => payloadWords(each, paper)).join(", "),
  ]);
  return columnLines({
    columns: [...rows[0]?.slice(1).map(() => ({})) ?? [], { gives: true }],
    rows,
    width: paper.width,
    indent: 2,
  });
}

function narrowLines(
  { seq, line, event_type: type, payloads }: Evidence,
  paper: Paper,
): string[] {
  const at = line === null ? `seq ${seq}` : `seq ${seq} (line ${line})`;
  return [
    cut(`  ${at}${type === null ? "" : `  ${type}`}`, paper.width),
    ...payloads.map((each) =>
      cut(`    ${payloadWords(each, paper)}`, paper.width).trimEnd()
    ),
  ];
}

/** A payload and its file; a shard has many payloads and says nothing of one. */
function payloadWords(
  { handle, path, shard, capture }: EvidencePayload,
  { paint, width }: Paper,
): string {
  const name = paint.name(oneLine(handle, MOST_OF_NAME));
  if (capture !== null) return `${name} ${paint.odd(capture.status)}`;
  return path === null || shard !== null
    ? name
    : `${name} ${paint.faint(oneLine(path, width))}`;
}
