/**
 * The formats in which sessions are exported, but for tables.
 *
 * @module
 */

import type { TraceSession } from "../query/session/session.ts";
import { sessionMarkdown } from "./documents/session_markdown.ts";
import { atifLine } from "./documents/trajectory.ts";
import {
  CHROME_TRACE_END,
  CHROME_TRACE_START,
  chromeEvents,
} from "./spans/chrome_trace.ts";
import { otlpPieces } from "./spans/otlp.ts";

/** How sessions become one document. */
export interface ExportFormat {
  /** What is before all sessions. */
  readonly start: string;
  /** What is after all sessions. */
  readonly end: string;
  /** Whether there is a place for texts of a session: without, none is ever written. */
  readonly hasTexts: boolean;
  /**
   * Whether a session log can be exported: it has neither LLM requests nor the times of tool calls,
   * and a span has a start and an end.
   */
  readonly takesLogs: boolean;
  /** A session, in pieces; `at` is its place, counted from 1. */
  pieces(
    session: TraceSession,
    at: number,
    options: ExportOptions,
  ): Iterable<string>;
}

/** How a session is exported. */
export interface ExportOptions {
  /** Version of this program. */
  readonly version: string;
  /** Whether texts of the session are written: prompts, answers, arguments, outputs. */
  readonly texts: boolean;
  /** Whether OTLP has the attributes of OpenInference as well; false by default. */
  readonly openInference?: boolean;
}

/** Name of a format of complete sessions. */
export type SessionFormatName = "otlp" | "chrome" | "atif" | "markdown";

/** Names of the formats of complete sessions. */
export const SESSION_FORMAT_NAMES: readonly SessionFormatName[] = [
  "otlp",
  "chrome",
  "atif",
  "markdown",
];

/** The format of one request: its body, as `requestBody()` returns it. */
export const REQUEST_FORMAT_NAME = "messages";

export type ExportFormatName = SessionFormatName | typeof REQUEST_FORMAT_NAME;

/** Every format of complete sessions. */
export const SESSION_FORMATS: Readonly<
  Record<SessionFormatName, ExportFormat>
> = {
  otlp: {
    start: "",
    end: "",
    hasTexts: true,
    takesLogs: false,
    *pieces(session, _at, options) {
      yield* otlpPieces(session, options);
      yield "\n";
    },
  },
  chrome: {
    start: CHROME_TRACE_START,
    end: CHROME_TRACE_END,
    hasTexts: false,
    takesLogs: false,
    pieces: (session, at) => chromeEvents(session, at),
  },
  atif: {
    start: "",
    end: "",
    hasTexts: true,
    takesLogs: true,
    pieces: (session, _at, { texts }) => atifLine(session, { texts }),
  },
  markdown: {
    start: "",
    end: "",
    hasTexts: true,
    takesLogs: true,
    *pieces(session, at, { texts }) {
      if (at > 1) yield "\n";
      for (const line of sessionMarkdown(session, { texts })) {
        yield `${line}\n`;
      }
    },
  },
};
