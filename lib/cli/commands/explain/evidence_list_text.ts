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
import type { RenderOptions } from "../../text/render_options.ts";
import { MAX_NAME } from "./evidence_text.ts";

/** Events that are listed; the JSON has all of them. */
const MAX_EVENTS = 20;
/** With less room, payloads have lines of their own. */
const NARROW = 72;

/** The lines of the events about an object. */
export function evidenceLines(
  evidence: readonly Evidence[],
  render: RenderOptions,
): string[] {
  const shown = evidence.slice(0, MAX_EVENTS);
  const more = evidence.length - shown.length;
  return [
    ...render.width < NARROW
      ? shown.flatMap((each) => narrowLines(each, render))
      : wideLines(shown, render),
    ...more === 0 ? [] : [`  and ${counted(more, "more event")}: see --json`],
  ];
}

function wideLines(
  evidence: readonly Evidence[],
  render: RenderOptions,
): string[] {
  const rows = evidence.map(({ seq, line, event_type: type, payloads }) => [
    `seq ${seq}`,
    ...line === null ? [] : [`line ${line}`],
    ...type === null ? [] : [type],
    payloads.map((each) => payloadWords(each, render)).join(", "),
  ]);
  return columnLines({
    columns: [...rows[0]?.slice(1).map(() => ({})) ?? [], { shrinkable: true }],
    rows,
    width: render.width,
    indent: 2,
  });
}

function narrowLines(
  { seq, line, event_type: type, payloads }: Evidence,
  render: RenderOptions,
): string[] {
  const at = line === null ? `seq ${seq}` : `seq ${seq} (line ${line})`;
  return [
    cut(`  ${at}${type === null ? "" : `  ${type}`}`, render.width),
    ...payloads.map((each) =>
      cut(`    ${payloadWords(each, render)}`, render.width).trimEnd()
    ),
  ];
}

/** A payload and its file; a shard, which has many payloads, is omitted. */
function payloadWords(
  { handle, path, shard, capture }: EvidencePayload,
  { style, width }: RenderOptions,
): string {
  const name = style.id(oneLine(handle, MAX_NAME));
  if (capture !== null) return `${name} ${style.warning(capture.status)}`;
  return path === null || shard !== null
    ? name
    : `${name} ${style.dim(oneLine(path, width))}`;
}
