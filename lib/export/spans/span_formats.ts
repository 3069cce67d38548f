/**
 * The formats in which spans are exported.
 *
 * @module
 */

import type { Session } from "../../query/session/session.ts";
import {
  CHROME_TRACE_END,
  CHROME_TRACE_START,
  chromeEvents,
} from "./chrome_trace.ts";
import { otlpLine } from "./otlp.ts";

/** How sessions become one document. */
export interface SpanFormat {
  /** What is before all sessions. */
  readonly start: string;
  /** What is after all sessions. */
  readonly end: string;
  /** A session, in pieces; `at` is its place, counted from 1, `version` that of the program. */
  pieces(session: Session, at: number, version: string): Iterable<string>;
}

/** Names of the formats. */
export const SPAN_FORMAT_NAMES = ["otlp", "chrome"] as const;

/** Name of a format. */
export type SpanFormatName = typeof SPAN_FORMAT_NAMES[number];

/** Every format. */
export const SPAN_FORMATS: Readonly<Record<SpanFormatName, SpanFormat>> = {
  otlp: {
    start: "",
    end: "",
    pieces: (session, _at, version) => [otlpLine(session, { version }), "\n"],
  },
  chrome: {
    start: CHROME_TRACE_START,
    end: CHROME_TRACE_END,
    pieces: (session, at) => chromeEvents(session, at),
  },
};
