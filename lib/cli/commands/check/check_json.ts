/**
 * JSON output of `check`: the document of `check --json`, key by key.
 *
 * @module
 */

import type { Finding } from "../../../check/report.ts";
import type { CheckReport } from "../../../check/report.ts";
import { type JsonData, prettyJsonText } from "../../text/json_document.ts";

/** The document, without the last line feed. Every key is always there. */
export function checkJson(report: CheckReport): string {
  const { bundle, clean, manifest, reduction, totals, counts } = report;
  const { strict, refused_by, tolerant } = reduction;
  return prettyJsonText({
    bundle,
    clean,
    manifest: manifest === null ? null : { ...manifest },
    reduction: {
      strict,
      refused_by: refused_by === null ? null : { ...refused_by },
      tolerant: tolerant === null ? null : { ...tolerant },
    },
    totals: { ...totals },
    counts: { ...counts },
    findings: report.findings.map(findingData),
  });
}

function findingData(finding: Finding): JsonData {
  const { code, severity, file, line, seq, event_type, ids, message, lost } =
    finding;
  return {
    code,
    severity,
    file,
    line,
    seq,
    event_type,
    ids,
    message,
    lost,
  };
}
