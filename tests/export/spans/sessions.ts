/**
 * The sessions that are exported as spans.
 *
 * @module
 */

import { join } from "@std/path";
import { otlpLine } from "../../../lib/export/spans/otlp.ts";
import { SESSION_FORMATS } from "../../../lib/export/export_formats.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { handMadeCases } from "../../support/cases.ts";
import { soundBundles } from "../../support/log_oracle.ts";
import { TESTDATA } from "../../support/paths.ts";

export const OPTIONS = { version: "0.0.0", texts: false };
/** Recorded sessions of every sort, also those that broke off or lost events. */
export const BUNDLES = [
  ...soundBundles(),
  ...handMadeCases(join(TESTDATA, "broken")),
].map(({ name, bundle }) => ({ name, session: openBundle(bundle) }));

export interface OtlpAttribute {
  key: string;
  value: Record<string, unknown>;
}

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  links: { spanId: string }[];
}

export function otlp(session: TraceSession) {
  return JSON.parse(otlpLine(session, { version: "0.0.0" }));
}

export function otlpSpans(session: TraceSession): OtlpSpan[] {
  return otlp(session).resourceSpans[0].scopeSpans[0].spans;
}

export function valueOf({ attributes }: OtlpSpan, name: string): unknown {
  const value = attributes.find(({ key }) => key === name)?.value ?? {};
  return Object.values(value)[0];
}

export interface ChromeEvent {
  ph: string;
  cat: string;
  name: string;
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  id?: string;
}

export function chrome(sessions: readonly TraceSession[]): ChromeEvent[] {
  return JSON.parse(chromeText(sessions)).traceEvents;
}

export function chromeText(sessions: readonly TraceSession[]): string {
  const { start, end, pieces } = SESSION_FORMATS.chrome;
  return [
    start,
    ...sessions.flatMap((each, at) => [...pieces(each, at + 1, OPTIONS)]),
    end,
  ].join("");
}
