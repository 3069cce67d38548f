/**
 * Reports the diagnostics of a replay: as lines on standard error, or as JSON lines in a file.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import type { Diagnostic, DiagnosticSink } from "../../../errors.ts";
import { truncateWithLength } from "../../../text/truncate.ts";
import type { CommandIo } from "../../command.ts";
import { jsonText } from "../../text/json_document.ts";

/** More lines would scroll the first ones away. */
const MAX_LINES = 50;
/** Characters that are written at a time. */
const CHUNK_SIZE = 64 * 1024;

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

/** One diagnostic as a line of text. */
function diagnosticText(diagnostic: Diagnostic): string {
  const { severity, message, lost, code } = diagnostic;
  const what = severity === "loss" ? `; lost: ${lost}` : `; ${lost}`;
  return `${severity}: ${locationOf(diagnostic)}: ${
    truncateWithLength(message)
  }${truncateWithLength(what)} [${code}]`;
}

/** The location of a diagnostic, where it is known. */
function locationOf(
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

/** A result, and how much of the bundle it lacks. */
export interface WithLosses<T> {
  /** What the work returned. */
  readonly result: T;
  /** How many losses there were. */
  readonly losses: number;
}

/** Runs `work` and prints its first diagnostics on standard error, and how many there are. */
export function reportOnStderr<T>(
  io: CommandIo,
  work: (sink: DiagnosticSink) => T,
): WithLosses<T> {
  let count = 0;
  let losses = 0;
  const result = work((diagnostic) => {
    if (diagnostic.severity === "loss") losses++;
    if (++count <= MAX_LINES) io.stderrLine(diagnosticText(diagnostic));
  });
  if (count > MAX_LINES) {
    io.stderrLine(
      `and ${count - MAX_LINES} more; --diagnostics FILE writes them all`,
    );
  }
  return { result, losses };
}

/**
 * Runs `work` and writes its diagnostics to a file as they arrive: there may be millions.
 *
 * @throws {OutputError} If the file cannot be written.
 * @throws {LimitError} If it exceeds the limit `output`. Then, and if `work` throws, there is no
 * file.
 */
export async function reportInFile<T>(
  path: string,
  limits: Partial<Limits>,
  work: (sink: DiagnosticSink) => T,
): Promise<WithLosses<T>> {
  const encoder = new TextEncoder();
  let losses = 0;
  const results: T[] = [];
  await writeOutput(path, (write) => {
    let buffered = "";
    const flush = () => {
      if (buffered !== "") write(encoder.encode(buffered));
      buffered = "";
    };
    results.push(work((diagnostic) => {
      if (diagnostic.severity === "loss") losses++;
      buffered += `${diagnosticJson(diagnostic)}\n`;
      if (buffered.length >= CHUNK_SIZE) flush();
    }));
    flush();
  }, limits);
  const [result] = results;
  if (result === undefined) throw new TypeError("the work returned nothing");
  return { result, losses };
}
