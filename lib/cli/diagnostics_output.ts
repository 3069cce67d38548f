/**
 * What a replay found wrong, told: as lines for a person, or as JSON lines in a file.
 *
 * @module
 */

import { writeOutput } from "../bundle/write/output_file.ts";
import type { Diagnostic, DiagnosticSink } from "../diagnostic.ts";
import { truncateWithLength } from "../text/truncate.ts";
import type { CommandIo } from "./command.ts";
import { jsonText } from "./json_text.ts";

/** More than this, and what matters has scrolled away. */
const MOST_REMARKS = 50;
/** How much is collected before it is written. */
const CHUNK = 64 * 1024;

/** One diagnostic as a line of `--diagnostics FILE`, without the line feed. */
export function diagnosticJson(diagnostic: Diagnostic): string {
  const { code, severity, file, line, seq, event_type, ids, message, lost } =
    diagnostic;
  return jsonText({
    code,
    severity,
    file,
    line,
    seq,
    event_type,
    ids,
    message,
    lost,
  });
}

/** One diagnostic as a line for a person. */
function diagnosticRemark(diagnostic: Diagnostic): string {
  const { severity, message, lost, code } = diagnostic;
  const what = severity === "loss" ? `; lost: ${lost}` : `; ${lost}`;
  return `${severity}: ${placeOf(diagnostic)}: ${truncateWithLength(message)}${
    truncateWithLength(what)
  } [${code}]`;
}

/** Where something is wrong, as far as it is known. */
function placeOf(
  { file, line, seq, event_type }: Pick<
    Diagnostic,
    "file" | "line" | "seq" | "event_type"
  >,
): string {
  return [
    truncateWithLength(file) + (line === null ? "" : ` line ${line}`),
    ...(seq === null ? [] : [`seq ${seq}`]),
    ...(event_type === null ? [] : [event_type]),
  ].join(", ");
}

/** What came of telling. */
export interface Told<T> {
  /** What the work gave. */
  readonly result: T;
  /** How many losses there were. */
  readonly losses: number;
}

/** Runs `work` and tells its diagnostics on standard error, the first of them one by one. */
export function tellAsRemarks<T>(
  io: CommandIo,
  work: (sink: DiagnosticSink) => T,
): Told<T> {
  let count = 0;
  let losses = 0;
  const result = work((diagnostic) => {
    if (diagnostic.severity === "loss") losses++;
    if (++count <= MOST_REMARKS) io.remark(diagnosticRemark(diagnostic));
  });
  if (count > MOST_REMARKS) {
    io.remark(
      `and ${count - MOST_REMARKS} more; --diagnostics FILE keeps them all`,
    );
  }
  return { result, losses };
}

/**
 * Runs `work` and writes its diagnostics to a file while they come: there may be millions.
 *
 * @throws {OutputError} If the file cannot be written. Then, and when `work` throws, there is
 * no half of it.
 */
export function tellInFile<T>(
  path: string,
  work: (sink: DiagnosticSink) => T,
): Told<T> {
  const encoder = new TextEncoder();
  let losses = 0;
  const results: T[] = [];
  writeOutput(path, (write) => {
    let waiting = "";
    const flush = () => {
      if (waiting !== "") write(encoder.encode(waiting));
      waiting = "";
    };
    results.push(work((diagnostic) => {
      if (diagnostic.severity === "loss") losses++;
      waiting += `${diagnosticJson(diagnostic)}\n`;
      if (waiting.length >= CHUNK) flush();
    }));
    flush();
  });
  const [result] = results;
  if (result === undefined) throw new TypeError("the work gave nothing");
  return { result, losses };
}
