/**
 * Copies bundles without what must not leave, and writes sessions in the formats of other tools.
 *
 * {@linkcode redactBundle} writes a copy to a folder; {@linkcode openRedacted} opens the session of
 * that copy without writing it. {@linkcode SESSION_FORMATS} has the formats of complete sessions, and
 * {@linkcode requestBody} returns one request as the API of its provider takes it. No format has texts
 * of a session unless {@linkcode ExportOptions} ask for them.
 *
 * @example Write what a redacted session is in Markdown
 * ```ts
 * import { openRedacted, SESSION_FORMATS } from "rollout-trace/export";
 *
 * const bundle = "testdata/upstream/0.169.0-agents_v2/bundle";
 * const { session, receipt, requireClean } = openRedacted(bundle, { personal: true });
 * const options = { version: "1.0.0", texts: true };
 * const pieces = [...SESSION_FORMATS.markdown.pieces(session, 1, options)];
 * requireClean(pieces);
 * if (receipt.second_scan?.left_over.length !== 0) throw new Error("expected a clean copy");
 * if (!pieces.join("").startsWith("# Session")) throw new Error("expected a heading");
 * ```
 *
 * @module
 */

// Redact.

export { redactBundle } from "./redact/redact_bundle.ts";
export type { RedactedCopy } from "./redact/redact_bundle.ts";
export { openRedacted } from "./redact/open_redacted.ts";
export type { RedactedSession } from "./redact/open_redacted.ts";
export type { ContentLevel, RedactOptions } from "./redact/redaction.ts";
export type { DetectorOptions } from "./redact/detect/detectors.ts";
export { PatternError } from "./redact/detect/custom_patterns.ts";
export type { CustomPattern } from "./redact/detect/custom_patterns.ts";
export type { Level, RuleSet } from "./redact/finding.ts";
export { LeftOverError } from "./redact/receipt.ts";
export type {
  FoundValue,
  KindCount,
  LeftOver,
  NotCovered,
  NotCoveredKind,
  PlaceCount,
  RedactionReceipt,
} from "./redact/receipt.ts";

// Export.

export { SESSION_FORMATS } from "./export_formats.ts";
export type {
  ExportFormat,
  ExportOptions,
  SessionFormatName,
} from "./export_formats.ts";
export { requestBody } from "./documents/request_body.ts";
export type { RequestBody } from "./documents/request_body.ts";
