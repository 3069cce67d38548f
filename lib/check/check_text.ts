/**
 * Human-readable output of `check`: the bundle, whether it can be reduced, and the findings.
 *
 * @module
 */

import type { Finding, FindingSeverity } from "./report.ts";
import type { CheckReport } from "./report.ts";
import { quote } from "../errors.ts";
import {
  bytesOf,
  counted,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../text/figures.ts";
import { escapeControls } from "../text/escape.ts";
import { truncateWithLength } from "../text/truncate.ts";

/** More findings of one severity would scroll the others away. */
const MAX_OF_SEVERITY = 50;
const SEVERITIES: readonly FindingSeverity[] = ["error", "warning", "note"];

/** The report as lines, with control characters escaped; with the local time if `isLocal`. */
export function checkText(report: CheckReport, isLocal = false): string[] {
  return [
    ...headOf(report, isLocal),
    ...SEVERITIES.flatMap((severity) => group(report, severity)),
    "",
    verdictOf(report),
  ].map(escapeControls);
}

function headOf(report: CheckReport, isLocal: boolean): string[] {
  const { manifest, totals } = report;
  const rows: [string, string][] = [
    ["bundle", truncateWithLength(report.bundle)],
    ["schema", manifest === null ? "unknown" : `${manifest.schema_version}`],
    ["rollout", manifest === null ? "unknown" : quote(manifest.rollout_id)],
    ["recorded", spanOf(report, isLocal)],
    [
      "log",
      `${counted(totals.events, "event")} in ${
        counted(totals.lines, "line")
      }, ${bytesOf(totals.log_bytes)}`,
    ],
    [
      "payloads",
      `${totals.payloads_named} named, ${
        counted(totals.payload_files, "file")
      }, ${bytesOf(totals.payload_bytes)}`,
    ],
    ["reduce", reductionOf(report)],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(9)} ${value}`);
  return [...lines, ...eventsOf(report)];
}

function eventsOf({ totals }: CheckReport): string[] {
  const rows = Object.entries(totals.events_by_type);
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([, count]) => `${count}`.length));
  return [
    "",
    "events",
    ...rows.map(([type, count]) => `  ${`${count}`.padStart(width)}  ${type}`),
  ];
}

function reductionOf({ reduction }: CheckReport): string {
  const { refused_by, tolerant } = reduction;
  if (refused_by === null) return "succeeds";
  const line = refused_by.line === null ? "" : ` line ${refused_by.line}`;
  const tolerated = tolerant === null || tolerant.reduced === 0
    ? ""
    : `; --tolerant reduces ${tolerant.reduced} of ${
      counted(tolerant.events, "event")
    }`;
  return `refused at ${
    truncateWithLength(refused_by.file)
  }${line} [${refused_by.code}]${tolerated}`;
}

function group(report: CheckReport, severity: FindingSeverity): string[] {
  const count = report.counts[severity];
  if (count === 0) return [];
  const found = report.findings.filter((finding) =>
    finding.severity === severity
  )
    .slice(0, MAX_OF_SEVERITY);
  const codes = Math.max(...found.map(({ code }) => code.length));
  const widest = Math.max(
    ...found.map((finding) => locationOf(finding).length),
  );
  const lines = found.map((finding) =>
    `  ${finding.code.padEnd(codes)}  ${locationOf(finding).padEnd(widest)}  ${
      truncateWithLength(finding.message)
    }`
  );
  const more = count - lines.length;
  return [
    "",
    counted(count, severity),
    ...lines,
    ...(more > 0 ? [`  and ${more} more; --json lists them`] : []),
  ];
}

/** File and line, and the type of the event there. */
function locationOf({ file, line, event_type }: Finding): string {
  const location = truncateWithLength(file) + (line === null ? "" : `:${line}`);
  return event_type === null ? location : `${location} ${event_type}`;
}

function verdictOf({ clean, counts }: CheckReport): string {
  const texts = SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => counted(counts[severity], severity)).join(", ");
  if (texts === "") return "clean";
  return clean ? `clean, ${texts}` : texts;
}

function spanOf({ totals }: CheckReport, isLocal: boolean): string {
  const { first_event_unix_ms: first, duration_ms: duration } = totals;
  if (first === null) return UNKNOWN;
  return `${momentOf(first, isLocal)}, ${durationOf(duration)}`;
}
