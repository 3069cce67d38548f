/**
 * Writes a session as one HTML page that works offline.
 *
 * The page contains what the bundle contains, secrets included: see {@linkcode ReportOptions}.
 *
 * @example Write a report
 * ```ts
 * import { openBundle } from "rollout-trace/query";
 * import { writeReportPage } from "rollout-trace/report";
 *
 * const session = openBundle("testdata/upstream/0.169.0-agents_v2/bundle");
 * const options = { version: "1.0.0", payloads: "used", maxPayloadBytes: 1_000_000 } as const;
 * let size = 0;
 * const counts = await writeReportPage(session, options, (chunk) => size += chunk.length);
 * if (size < counts.embedded_bytes) throw new Error("expected the payloads in the page");
 * ```
 *
 * @module
 */

export { writeReportPage } from "./report_page.ts";
export { PageNotBuiltError } from "./load_page.ts";
export type { ReportOptions } from "./build/build_report.ts";
export type { PayloadChoice, PayloadOptions } from "./build/payload_plan.ts";
export type { EmbeddedPayloads } from "./report_data.ts";
export type { WriteChunk } from "../bundle/output/output_file.ts";
