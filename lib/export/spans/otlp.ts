/**
 * Spans as OTLP: one JSON document a session, a line each, by the OTLP File Exporter and the
 * semantic conventions for generative AI. Ids are made of those of the session, so that importing
 * the same session twice adds nothing.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import { sha256Hex } from "../../format/sha256.ts";
import type { Failure } from "../../query/failures/failure.ts";
import { recordingId, type TraceSession } from "../../query/session/session.ts";
import { openInferenceAttributes } from "./openinference.ts";
import { spansOf } from "./session_spans.ts";
import type { SessionSpan, SpanLink } from "./span.ts";
import { SpanMessages } from "./span_messages.ts";

/** The version of the semantic conventions that attribute names are of. */
export const SEMANTIC_CONVENTIONS = "1.45.0";
const SCHEMA_URL = `https://opentelemetry.io/schemas/${SEMANTIC_CONVENTIONS}`;

/** Names of attributes that the conventions do not have begin so. */
const OWN = "rollout_trace";

/** Values of the protocol. */
const SPAN_KIND = { internal: 1, client: 3 } as const;
const STATUS = { unset: 0, error: 2 } as const;

/** What exports spans. */
export interface OtlpOptions {
  /** Version of this program. */
  readonly version: string;
  /** Whether spans have the attributes of OpenInference as well; false by default. */
  readonly openInference?: boolean;
  /**
   * Whether spans have the texts of the session: messages of requests, arguments and results of
   * tool calls. False by default. Each request has its complete input.
   */
  readonly texts?: boolean;
}

type AttributeValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly boolValue: boolean };

interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/** The line of a session: a `TracesData` document. */
export function otlpLine(session: TraceSession, options: OtlpOptions): string {
  return [...otlpPieces(session, options)].join("");
}

/**
 * Yields the line of a session in pieces, a span each: with texts, every request has its complete
 * input, so that the line of a long session is larger than a string can be.
 */
export function* otlpPieces(
  session: TraceSession,
  options: OtlpOptions,
): Generator<string, void> {
  const { trace } = session;
  const { spans, links } = spansOf(session);
  const messages = options.texts ? new SpanMessages(session) : undefined;
  const ids = new OtlpIds(recordingId(session));
  const isLog = session.source === "session_log";
  const linksTo = new Map<SessionSpan, SpanLink[]>();
  for (const link of links) {
    const known = linksTo.get(link.to);
    if (known === undefined) linksTo.set(link.to, [link]);
    else known.push(link);
  }
  const resource = {
    attributes: attributes({
      "service.name": "codex",
      [`${OWN}.trace_id`]: isLog ? null : trace.trace_id,
      [`${OWN}.rollout_id`]: trace.rollout_id,
      [`${OWN}.schema_version`]: isLog ? null : trace.schema_version,
    }),
  };
  const scope = { name: "rollout-trace", version: options.version };
  const schema = JSON.stringify(SCHEMA_URL);
  yield `{"resourceSpans":[{"resource":${JSON.stringify(resource)},`;
  yield `"scopeSpans":[{"scope":${JSON.stringify(scope)},"spans":[`;
  let separator = "";
  for (const span of spans) {
    const made = otlpSpan(span, linksTo.get(span) ?? [], ids, session, {
      ...options.openInference
        ? openInferenceAttributes(span, trace.rollout_id)
        : {},
      ...messages?.attributesOf(span),
    });
    yield separator + JSON.stringify(made);
    separator = ",";
  }
  yield `],"schemaUrl":${schema}}],"schemaUrl":${schema}}]}`;
}

function otlpSpan(
  span: SessionSpan,
  links: readonly SpanLink[],
  ids: OtlpIds,
  session: TraceSession,
  more: Readonly<Record<string, Plain>>,
): object {
  const { parent } = span;
  return {
    traceId: ids.trace,
    spanId: ids.of(span),
    ...parent === null ? {} : { parentSpanId: ids.of(parent) },
    name: nameOf(span),
    kind: isRequest(span) ? SPAN_KIND.client : SPAN_KIND.internal,
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.end),
    attributes: attributes({
      ...attributesOf(span, session),
      ...more,
    }),
    events: span.failures.map(failureEvent),
    links: links.map((link) => ({
      traceId: ids.trace,
      spanId: ids.of(link.from),
      attributes: attributes({
        [`${OWN}.edge.id`]: link.id,
        [`${OWN}.edge.kind`]: link.kind,
        [`${OWN}.edge.delivered`]: link.end !== null,
      }),
    })),
    status: { code: span.outcome === "failed" ? STATUS.error : STATUS.unset },
  };
}

function nameOf({ kind, name, facts }: SessionSpan): string {
  return kind === "thread" ? `invoke_agent ${facts.agentPath ?? name}` : name;
}

function isRequest({ kind }: SessionSpan): boolean {
  return kind === "inference_call" || kind === "compaction_request";
}

type Plain = Integer | string | boolean | null | undefined;

function attributesOf(
  span: SessionSpan,
  session: TraceSession,
): Record<string, Plain> {
  const { kind, id, handle, outcome, facts, failures, thread } = span;
  const { usage } = facts;
  return {
    "gen_ai.operation.name": operationOf(kind),
    "gen_ai.conversation.id": thread,
    "gen_ai.agent.id": kind === "thread" ? id : null,
    "gen_ai.agent.name": facts.agentPath,
    "gen_ai.provider.name": facts.provider,
    "gen_ai.request.model": facts.model,
    "gen_ai.response.id": facts.responseId,
    "gen_ai.usage.input_tokens": usage?.input_tokens,
    "gen_ai.usage.cache_read.input_tokens": usage?.cached_input_tokens,
    "gen_ai.usage.cache_creation.input_tokens": usage?.cache_write_input_tokens,
    "gen_ai.usage.output_tokens": usage?.output_tokens,
    "gen_ai.usage.reasoning.output_tokens": usage?.reasoning_output_tokens,
    "gen_ai.tool.name": facts.tool,
    "gen_ai.tool.call.id": facts.callId,
    "gen_ai.tool.type": facts.tool === undefined ? null : "function",
    "error.type": outcome === "failed" ? failures[0]?.kind ?? "_OTHER" : null,
    [`${OWN}.kind`]: kind,
    [`${OWN}.id`]: id,
    [`${OWN}.handle`]: handle,
    [`${OWN}.outcome`]: outcome ?? "unknown",
    [`${OWN}.status`]: facts.status,
    [`${OWN}.end_recorded`]: span.hasEnd,
    [`${OWN}.duration_ms`]: span.duration,
    [`${OWN}.started_seq`]: facts.startedSeq,
    [`${OWN}.exit_code`]: facts.exitCode,
    [`${OWN}.items_before`]: facts.items?.before,
    [`${OWN}.items_after`]: facts.items?.after,
    [`${OWN}.recorded_by`]: kind === "session" ? session.source : null,
  };
}

function operationOf(kind: SessionSpan["kind"]): string | null {
  switch (kind) {
    case "thread":
      return "invoke_agent";
    case "inference_call":
    case "compaction_request":
      return "chat";
    case "tool_call":
      return "execute_tool";
    default:
      return null;
  }
}

/** A failure without its text, which is a text of the session. */
function failureEvent({ kind, severity, seq, at_unix_ms }: Failure): object {
  return {
    timeUnixNano: nanoseconds(Number(at_unix_ms)),
    name: `${OWN}.failure`,
    attributes: attributes({
      [`${OWN}.failure.kind`]: kind,
      [`${OWN}.failure.severity`]: severity,
      [`${OWN}.failure.seq`]: seq,
    }),
  };
}

function attributes(values: Record<string, Plain>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: typed(value) }]
  );
}

/** Integers are decimal strings in the JSON mapping of the protocol. */
function typed(value: Integer | string | boolean): AttributeValue {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  return { intValue: String(value) };
}

function nanoseconds(ms: number): string {
  // A clock before 1970 has no place in the protocol.
  return ms <= 0 ? "0" : String(BigInt(ms) * 1_000_000n);
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/** Ids of the protocol: that of the recording where it is a UUID, else hashes. */
class OtlpIds {
  /** The id of the trace. */
  readonly trace: string;
  readonly #session: string;
  readonly #known: Map<SessionSpan, string> = new Map();

  constructor(session: string) {
    this.#session = session;
    const digits = session.replaceAll("-", "");
    this.trace = UUID.test(session) && /[^0]/.test(digits)
      ? digits
      : sha256Hex(session).slice(0, TRACE_ID_DIGITS);
  }

  /** The id of a span. */
  of(span: SessionSpan): string {
    let id = this.#known.get(span);
    if (id === undefined) {
      id = sha256Hex(JSON.stringify([this.#session, span.kind, span.id]))
        .slice(0, SPAN_ID_DIGITS);
      this.#known.set(span, id);
    }
    return id;
  }
}
