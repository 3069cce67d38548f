/**
 * Writes the report of a session in one step, for callers that need none of its parts.
 *
 * @module
 */

import type { WriteChunk } from "../bundle/output/output_file.ts";
import type { TraceSession } from "../query/session/session.ts";
import { buildReport, type ReportOptions } from "./build/build_report.ts";
import { loadPage } from "./load_page.ts";
import type { EmbeddedPayloads } from "./report_data.ts";
import { reportParts, writeReport } from "./html/report_html.ts";

/**
 * Writes a session as one HTML page, in chunks, and returns which payloads the page contains.
 *
 * @throws {PageNotBuiltError} If the sources run and `deno task build` did not.
 */
export async function writeReportPage(
  session: TraceSession,
  options: ReportOptions,
  write: WriteChunk,
): Promise<EmbeddedPayloads> {
  const page = await loadPage();
  const report = buildReport(session, options);
  writeReport(reportParts(report, page), report, session.payloads, write);
  return report.plan.counts;
}
