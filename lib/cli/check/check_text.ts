/**
 * A check, told to a person: what the bundle is, whether it can be reduced, what was found.
 *
 * @module
 */

import type { Finding, FindingSeverity } from "../../check/report.ts";
import type { CheckReport } from "../../check/report.ts";
import { quote } from "../../errors.ts";
import { bytesOf, counted, durationOf, momentOf } from "../../text/figures.ts";
import { escapeControls } from "../../text/escape.ts";
import { truncateWithLength } from "../../text/truncate.ts";

/** More of one severity, and what matters has scrolled away. */
const MOST_OF_A_SEVERITY = 50;
const SEVERITIES: readonly FindingSeverity[] = ["error", "warning", "note"];

/** The report as lines, each harmless on a terminal. */
export function checkText(report: CheckReport): string[] {
  return [
    ...headOf(report),
    ...SEVERITIES.flatMap((severity) => group(report, severity)),
    "",
    verdictOf(report),
  ].map(escapeControls);
}

function headOf(report: CheckReport): string[] {
  const { manifest, totals } = report;
  const rows: [string, string][] = [
    ["bundle", truncateWithLength(report.bundle)],
    ["schema", manifest === null ? "unknown" : `${manifest.schema_version}`],
    ["rollout", manifest === null ? "unknown" : quote(manifest.rollout_id)],
    ["recorded", spanOf(report)],
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
  const rescue = tolerant === null || tolerant.reduced === 0
    ? ""
    : `; --tolerant takes ${tolerant.reduced} of ${
      counted(tolerant.events, "event")
    }`;
  return `refused at ${
    truncateWithLength(refused_by.file)
  }${line} [${refused_by.code}]${rescue}`;
}

function group(report: CheckReport, severity: FindingSeverity): string[] {
  const count = report.counts[severity];
  if (count === 0) return [];
  const found = report.findings.filter((each) => each.severity === severity)
    .slice(0, MOST_OF_A_SEVERITY);
  const codes = Math.max(...found.map(({ code }) => code.length));
  const places = Math.max(...found.map((each) => placeOf(each).length));
  const lines = found.map((each) =>
    `  ${each.code.padEnd(codes)}  ${placeOf(each).padEnd(places)}  ${
      truncateWithLength(each.message)
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

/** File and line, and what kind of event stands there. */
function placeOf({ file, line, event_type }: Finding): string {
  const place = truncateWithLength(file) + (line === null ? "" : `:${line}`);
  return event_type === null ? place : `${place} ${event_type}`;
}

function verdictOf({ clean, counts }: CheckReport): string {
  const told = SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => counted(counts[severity], severity)).join(", ");
  if (told === "") return "clean";
  return clean ? `clean, ${told}` : told;
}

function spanOf({ totals }: CheckReport): string {
  const { first_event_unix_ms: first, duration_ms: duration } = totals;
  if (first === null || duration === null) return "unknown";
  return `${momentOf(first)}, ${durationOf(duration)}`;
}
