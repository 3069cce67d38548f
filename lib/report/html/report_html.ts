/**
 * A report as one HTML file: the program of the page, and its data in blocks that are not executed.
 *
 * The page allows its one script and its one style by their hashes, and nothing else: no
 * connection, no frame, no form, no markup made of text; images only as data that it holds itself.
 *
 * @module
 */

import { utf8Length } from "../text/utf8_length.ts";
import type { WriteChunk } from "../bundle/output/output_file.ts";
import type { PayloadReader } from "../query/session/session.ts";
import type { Report } from "./build/build_report.ts";
import type { PageAsset, ViewerAsset } from "./page_asset.d.ts";
import type { PageComparison } from "./build/page_comparison.ts";
import {
  blockPrefix,
  BLOCKS,
  type PageSessions,
  type PageWatch,
} from "./block_names.ts";
import { payloadsIn } from "./report_blocks.ts";

/** Another session of a page, compared with the first. */
export interface OtherSession {
  readonly report: Report;
  readonly reader: PayloadReader | null;
  readonly comparison: PageComparison;
}

/** The parts of a page that are kept in memory, and their sizes. */
export interface ReportParts {
  readonly head: string;
  readonly texts: readonly string[];
  /** Of each other session, its comparison, its graph, and its texts. */
  readonly others: readonly (readonly string[])[];
  /** Bytes of the program of the page, of the graph, and of the long texts. */
  readonly bytes: { program: number; graph: number; texts: number };
}

/**
 * Renders the parts of a report that need no payload. With `others`, the page shows several
 * sessions side by side; with `watch`, it states that the session was still recorded.
 */
export function reportParts(
  report: Report,
  asset: PageAsset,
  others: readonly OtherSession[] = [],
  watch?: PageWatch,
): ReportParts {
  const reports = [report, ...others.map((each) => each.report)];
  const names = reports.map(({ data }) => data.session.name);
  const sessions: PageSessions = { names };
  const graph = block(BLOCKS.data, report.data) +
    (others.length === 0 ? "" : block(BLOCKS.sessions, sessions)) +
    (watch === undefined ? "" : block(BLOCKS.watch, watch));
  const head = pageHead(asset, graph, reports);
  const texts = textBlocks(report, 1);
  const more = others.map((other, i) => [
    block(BLOCKS.comparison + (i + 2), other.comparison),
    block(blockPrefix(i + 2) + BLOCKS.data, other.report.data),
    ...textBlocks(other.report, i + 2),
  ]);
  return {
    head,
    texts,
    others: more,
    bytes: {
      program: bytesIn([head]) - bytesIn([graph]),
      graph: bytesIn([graph, ...more.flatMap((each) => each.slice(0, 2))]),
      texts: bytesIn([...texts, ...more.flatMap((each) => each.slice(2))]),
    },
  };
}

function textBlocks({ texts }: Report, session: number): string[] {
  return texts.map((each, i) =>
    block(blockPrefix(session) + BLOCKS.texts + i, each)
  );
}

/** Writes a page; each payload is read when it is written. */
export function writeReport(
  { head, texts, others: blocks }: ReportParts,
  report: Report,
  reader: PayloadReader | null,
  write: WriteChunk,
  others: readonly OtherSession[] = [],
): void {
  const encoder = new TextEncoder();
  const put = (text: string) => write(encoder.encode(text));
  const putPayloads = (
    { plan }: Report,
    from: PayloadReader | null,
    session: number,
  ) =>
    plan.blocks.forEach((refs, i) => {
      const name = blockPrefix(session) + BLOCKS.payloads + i;
      put(block(name, payloadsIn(refs, from)));
    });
  put(head);
  for (const each of texts) put(each);
  putPayloads(report, reader, 1);
  for (const [i, other] of others.entries()) {
    for (const each of blocks[i] ?? []) put(each);
    putPayloads(other.report, other.reader, i + 2);
  }
  put("</body>\n</html>\n");
}

function pageHead(
  asset: PageAsset,
  graph: string,
  reports: readonly Report[],
): string {
  const meta = reports.map(({ data }) => sessionMark(data.session.trace_id));
  return documentHead(asset, "report", REPORT_POLICY, meta.join("")) +
    `<noscript>This report needs JavaScript. It loads nothing from anywhere.</noscript>
<div id="app"></div>
${graph}<script>${asset.script}</script>
`;
}

/** What the head of a page names a session with, by the id of its recording. */
export function sessionMark(traceId: string): string {
  const id = encodeURIComponent(traceId.toWellFormed());
  return `<meta name="rollout-trace-session" content="${id}">\n`;
}

/** Nothing is loaded, and no script is made of text. */
const REPORT_POLICY = ["trusted-types 'none'"];

/** The one script that the viewer makes of text is that of its worker, which is part of the page. */
const VIEWER_POLICY = ["worker-src blob:", "trusted-types rollout-trace"];

/** Returns the page of the viewer, which has no data: it reads the bundles that are dropped on it. */
export function viewerPage({ page, worker }: ViewerAsset): string {
  // The script of the worker is a text of the page, which holds nothing that ends the element.
  return documentHead(page, "viewer", VIEWER_POLICY) +
    `<noscript>This viewer needs JavaScript. It loads nothing from anywhere.</noscript>
<div id="app"></div>
<script type="text/plain" id="${BLOCKS.worker}">${worker}</script>
<script>${page.script}</script>
</body>
</html>
`;
}

/** A page up to its body: it allows its script and its style by their hashes. */
function documentHead(
  { style, scriptHash, styleHash }: PageAsset,
  title: string,
  more: readonly string[],
  meta = "",
): string {
  const policy = [
    "default-src 'none'",
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    ...more,
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${meta}<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>rollout-trace ${title}</title>
<style>${style}</style>
</head>
<body>
`;
}

function block(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${
    inertJson(value)
  }</script>\n`;
}

function bytesIn(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + utf8Length(text), 0);
}

/** What could end the element, begin another, or end a line of script. */
const MARKUP = /[<>&\u2028\u2029]/g;
/** The same, and all that is not ASCII. */
const MARKUP_OR_NOT_ASCII = /[<>&\u0080-\uffff]/g;
/** Maximum share of bytes beyond ASCII that are escaped: each becomes twice as long. */
const MAX_ESCAPED = 0.02;

/**
 * A value as JSON without a character that means something in HTML. Where few characters are not
 * ASCII, they are escaped as well: a browser then reads a page of 12 MB in 0.6 s instead of 0.7 s.
 */
export function inertJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.replace(
    isAlmostAscii(json) ? MARKUP_OR_NOT_ASCII : MARKUP,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const NOT_ASCII = /[\u0080-\uffff]/g;

/** Whether few bytes of a text are beyond ASCII. The search ends where they are too many. */
function isAlmostAscii(text: string): boolean {
  const max = text.length * MAX_ESCAPED;
  let bytes = 0;
  for (const { 0: unit } of text.matchAll(NOT_ASCII)) {
    const isOfTwo = unit < "\u0800" || (unit >= "\ud800" && unit < "\ue000");
    bytes += isOfTwo ? 1 : 2;
    if (bytes > max) return false;
  }
  return true;
}
