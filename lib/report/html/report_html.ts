/**
 * A report as one HTML file: the program of the page, and its data in blocks that are not executed.
 *
 * The page allows its one script and its one style by their hashes, and nothing else: no
 * connection, no frame, no form, no markup made of text; images only as data that it holds itself.
 *
 * @module
 */

import type { WriteChunk } from "../../bundle/output/output_file.ts";
import type { PayloadReader } from "../../query/session/session.ts";
import type { Report } from "../build/build_report.ts";
import type { PageAsset, ViewerAsset } from "../page_asset.d.ts";
import type { PageComparison } from "../build/page_comparison.ts";
import {
  blockPrefix,
  BLOCKS,
  type PageSessions,
  type PageWatch,
} from "../block_names.ts";
import { inertJson } from "./inert_json.ts";
import { PayloadBlocks } from "./payload_block.ts";

/** Another session of a page, compared with the first. */
export interface OtherSession {
  readonly report: Report;
  readonly reader: PayloadReader | null;
  readonly comparison: PageComparison;
}

/** The parts of a page that are kept in memory, and their sizes. */
export interface ReportParts {
  readonly head: readonly Uint8Array[];
  readonly texts: readonly Uint8Array[];
  /** Of each other session, its comparison, its graph, and its texts. */
  readonly others: readonly (readonly Uint8Array[])[];
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
  const graph = [
    block(BLOCKS.data, report.data),
    ...others.length === 0 ? [] : [block(BLOCKS.sessions, sessions)],
    ...watch === undefined ? [] : [block(BLOCKS.watch, watch)],
  ];
  const program = programParts(asset, reports);
  const [before, after] = program;
  const texts = textBlocks(report, 1);
  const more = others.map((other, i) => [
    block(BLOCKS.comparison + (i + 2), other.comparison),
    block(blockPrefix(i + 2) + BLOCKS.data, other.report.data),
    ...textBlocks(other.report, i + 2),
  ]);
  return {
    head: [before, ...graph, after],
    texts,
    others: more,
    bytes: {
      program: bytesIn(program),
      graph: bytesIn([...graph, ...more.flatMap((each) => each.slice(0, 2))]),
      texts: bytesIn([...texts, ...more.flatMap((each) => each.slice(2))]),
    },
  };
}

function textBlocks({ texts }: Report, session: number): Uint8Array[] {
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
  const payloads = new PayloadBlocks();
  const putAll = (parts: readonly Uint8Array[]) => {
    for (const each of parts) write(each);
  };
  const putPayloads = (
    { plan }: Report,
    from: PayloadReader | null,
    session: number,
  ) =>
    plan.blocks.forEach((refs, i) => {
      write(encoded(blockStart(blockPrefix(session) + BLOCKS.payloads + i)));
      write(payloads.block(refs, from));
      write(encoded(BLOCK_END));
    });
  putAll(head);
  putAll(texts);
  putPayloads(report, reader, 1);
  for (const [i, other] of others.entries()) {
    putAll(blocks[i] ?? []);
    putPayloads(other.report, other.reader, i + 2);
  }
  write(encoded("</body>\n</html>\n"));
}

/** What is before the graph, and what is behind it. */
function programParts(
  asset: PageAsset,
  reports: readonly Report[],
): [Uint8Array, Uint8Array] {
  const meta = reports.map(({ data }) => sessionMark(data.session.trace_id));
  const head = documentHead(asset, "report", REPORT_POLICY, meta.join("")) +
    `<noscript>This report needs JavaScript. It loads nothing from anywhere.</noscript>
<div id="app"></div>
`;
  return [encoded(head), encoded(`<script>${asset.script}</script>\n`)];
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

function block(id: string, value: unknown): Uint8Array {
  return encoded(blockStart(id) + inertJson(value) + BLOCK_END);
}

function blockStart(id: string): string {
  return `<script type="application/json" id="${id}">`;
}

const BLOCK_END = "</script>\n";

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes of texts that are encoded. */
function bytesIn(texts: readonly Uint8Array[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0);
}
