/**
 * Reads a session log, tolerantly and within the limits of the log of a bundle.
 *
 * @module
 */

import {
  BundleFormatError,
  type DiagnosticCode,
  type DiagnosticSink,
  LimitError,
  quote,
  ReplayError,
} from "../../../errors.ts";
import { type Limits, ReadBudget } from "../../../bundle/limits.ts";
import {
  type ByteSource,
  type Line,
  LineReader,
} from "../../../bundle/log/line_reader.ts";
import { LogLimits } from "../../../bundle/log/log_limits.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { UnixMs } from "../../../format/vocabulary.ts";
import { JsonReader } from "../../../bundle/json_reader.ts";
import { LogReducer } from "./log_reducer.ts";
import { type LogLine, logLineOf, textIn } from "./log_line.ts";
import { SESSION_LOG_FILE, type SessionLog } from "./session_log.ts";

/** How a log is read that is one of several. */
export interface ReadOptions {
  /** Names the log in diagnostics. */
  readonly file?: string;
  /** What may be read of all logs together. */
  readonly budget?: ReadBudget;
  /** The thread that it is of, by its name; null where that has none. */
  readonly thread?: ThreadId | null;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a session log. Lines that cannot be read are skipped and reported; those of unknown types
 * are counted.
 *
 * @param source The log, open at its start. The caller closes it.
 * @throws {BundleFormatError} If no line has the metadata of a session.
 * @throws {LimitError} If the log goes beyond a limit before its metadata.
 */
export function readSessionLog(
  source: ByteSource,
  limits: Limits,
  onDiagnostic: DiagnosticSink,
  options: ReadOptions = {},
): SessionLog {
  const { file = SESSION_LOG_FILE, thread: named = null } = options;
  const reader = new SessionLogReader(source, limits, onDiagnostic, options);
  const lineTimes: UnixMs[] = [];
  let reducer: LogReducer | undefined;
  /** Whether it has the metadata of another thread, which a fork repeats. */
  let others = false;
  for (const line of reader.lines()) {
    while (lineTimes.length < line.number - 1) {
      lineTimes.push(lineTimes.at(-1) ?? line.at);
    }
    lineTimes.push(line.at);
    if (reducer !== undefined) {
      reader.guarded(line, () => reducer?.take(line));
      continue;
    }
    const thread = line.type === "session_meta"
      ? textIn(line.payload, "id")
      : null;
    if (thread === null || named !== null && thread !== named) {
      others ||= thread !== null;
      reader.report("malformed_line", line, "precedes the metadata");
    } else reducer = new LogReducer(line, thread);
  }
  if (reducer === undefined && others) {
    throw new BundleFormatError(
      `has no metadata of the thread ${quote(named ?? "")} in its name, ` +
        "but those of another one",
      { file },
    );
  }
  if (reducer === undefined) {
    throw new BundleFormatError(
      "has no line with the metadata of a session (session_meta): older " +
        "versions of Codex wrote another format, which is not read",
      { file },
    );
  }
  return {
    trace: reducer.trace,
    facts: reducer.facts,
    lines: reader.count,
    skippedLines: reader.skipped,
    lineTimes,
    activities: reducer.activities,
    isCut: reader.isCut,
  };
}

/** The lines of one log, with a report of each that cannot be read. */
export class SessionLogReader {
  /** Lines that are not blank. */
  count = 0;
  /** Lines of which something cannot be read. */
  skipped = 0;
  /** Whether a limit of the entire log ended it. */
  isCut = false;
  readonly #lines: LineReader;
  readonly #guard: LogLimits;
  readonly #json: JsonReader;
  readonly #maxLines: number;
  readonly #onDiagnostic: DiagnosticSink;
  readonly #file: string;

  /** Reads a log, which may grow: then lines that are written later can be asked for later. */
  constructor(
    source: ByteSource,
    limits: Limits,
    onDiagnostic: DiagnosticSink,
    { file = SESSION_LOG_FILE, budget = new ReadBudget(limits) }: ReadOptions =
      {},
    isGrowing = false,
  ) {
    this.#file = file;
    this.#guard = new LogLimits(limits, budget);
    this.#lines = new LineReader(
      this.#guard.countBytes(source),
      limits.line,
      isGrowing,
    );
    this.#json = new JsonReader(limits);
    this.#maxLines = limits.events;
    this.#onDiagnostic = onDiagnostic;
  }

  /** The lines that can be read and were not returned yet. */
  *lines(): Generator<LogLine, void> {
    while (true) {
      let line: Line | undefined;
      try {
        line = this.#lines.next();
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
        this.isCut = true;
        this.report(error.code, { number: this.count + 1 }, error.reason);
        return;
      }
      if (line === undefined) return;
      // Blank lines count for the limit, too: the number of each line is kept.
      if (line.number > this.#maxLines) {
        const reason = `has more lines than the limit events=${this.#maxLines}`;
        this.report("limit_exceeded", line, reason);
        this.isCut = true;
        return;
      }
      if (line.bytes.every((byte) => byte === SPACE) && !line.tooLong) continue;
      this.count++;
      const read = this.read(line);
      if (read !== null) yield read;
    }
  }

  /** Runs what takes a line; an item that is malformed is reported. */
  guarded(line: LogLine, take: () => void): void {
    try {
      take();
    } catch (error) {
      if (!(error instanceof ReplayError)) throw error;
      this.report(error.code, line, error.reason);
    }
  }

  /** Reports a line that cannot be read. */
  report(
    code: DiagnosticCode,
    { number: line }: Pick<Line, "number">,
    message: string,
  ): void {
    this.skipped++;
    this.#onDiagnostic({
      code,
      severity: "loss",
      file: this.#file,
      line,
      seq: line,
      event_type: null,
      ids: {},
      message,
      lost: "the content of the line",
    });
  }

  /** The content of a line; null where it cannot be read, which is reported. */
  read(line: Line): LogLine | null {
    try {
      this.#guard.checkLine(line);
      const text = decoder.decode(line.bytes);
      this.#guard.checkStructure(text, line.number);
      const read = logLineOf(this.#json.parse(text), line.number, text);
      if (typeof read !== "string") return read;
      this.report("malformed_line", line, read);
    } catch (error) {
      if (error instanceof LimitError) {
        this.report(error.code, line, error.reason);
      } else if (error instanceof TypeError) {
        this.report(codeOf(line), line, `is not UTF-8${tornText(line)}`);
      } else if (error instanceof SyntaxError) {
        // The engine's message quotes the text, which may hold control characters.
        this.report(codeOf(line), line, `is not JSON${tornText(line)}`);
      } else throw error;
    }
    return null;
  }
}

const SPACE = 0x20;

function codeOf({ ended }: Line): DiagnosticCode {
  return ended ? "malformed_line" : "truncated_line";
}

function tornText({ ended }: Line): string {
  return ended
    ? ""
    : ": the log ends within it, because the session was interrupted or still runs";
}
