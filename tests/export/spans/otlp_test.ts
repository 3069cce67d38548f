/**
 * Sessions as OpenTelemetry spans: held to the definitions of the protocol, to the conventions, and to the raw log.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  OpenInferenceSpanKind,
  SemanticConventions,
} from "@arizeai/openinference-semantic-conventions";
import proto from "@opentelemetry/otlp-transformer/proto";
import * as stableNames from "@opentelemetry/semantic-conventions";
import * as otherNames from "@opentelemetry/semantic-conventions/incubating";
import { join } from "@std/path";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import {
  otlpLine,
  otlpPieces,
  SEMANTIC_CONVENTIONS,
} from "../../../lib/export/spans/otlp.ts";
import { spansOf } from "../../../lib/export/spans/session_spans.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { InferenceCall } from "../../../lib/graph/runtime.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import {
  eventsOf,
  rawEvents,
  rawPayload,
  soundBundles,
} from "../../support/log_oracle.ts";
import { TESTDATA } from "../../support/paths.ts";
import {
  BUNDLES,
  otlp,
  type OtlpSpan,
  otlpSpans,
  valueOf,
} from "./sessions.ts";

Deno.test("each line of OTLP is a message by the definitions of the protocol, with nothing unknown in it", () => {
  // The generated code is typed as reflection, which it does not have.
  // deno-lint-ignore no-explicit-any
  const { TracesData } = (proto as any).opentelemetry.proto.trace.v1;
  for (const { name, session } of BUNDLES) {
    const document = withBase64Ids(otlp(session));
    const message = TracesData.fromObject(document);
    const bytes = TracesData.encode(message).finish();
    const read = TracesData.toObject(TracesData.decode(bytes), {
      longs: String,
      bytes: String,
    });
    assertEquals(withoutEmpty(read), withoutEmpty(document), name);
  }
});

/** OTLP writes ids as hex digits, the mapping of protocol buffers as base64. */
function withBase64Ids(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBase64Ids);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      /^(?:trace|span|parentSpan)Id$/.test(key)
        ? base64Of(String(member))
        : withBase64Ids(member),
    ]),
  );
}

function base64Of(hex: string): string {
  assert(/^(?:[0-9a-f]{2})+$/.test(hex) && /[^0]/.test(hex), hex);
  const bytes = hex.match(/../g)?.map((each) => parseInt(each, 16)) ?? [];
  return btoa(String.fromCharCode(...bytes));
}

/** What protocol buffers leave out: empty lists and zeros. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) =>
        !(Array.isArray(member) && member.length === 0) &&
        !(key === "code" && member === 0)
      )
      .map(([key, member]) => [key, withoutEmpty(member)]),
  );
}

Deno.test("OTLP is made a span at a time, and reads instructions that requests share once", () => {
  const bundle = join(TESTDATA, "upstream", "0.145.0-shell", "bundle");
  const [read, measured] = [false, true].map((measuresRequests) => {
    const session = openBundle(bundle, { measuresRequests });
    const options = { version: "0.0.0", texts: true };
    const pieces = [...otlpPieces(session, options)];
    assert(pieces.length > spansOf(session).spans.length);
    assert(session.payloads instanceof BundlePayloads);
    const { files } = session.payloads.counters;
    return { line: pieces.join(""), files };
  });
  assertEquals(measured?.line, read?.line);
  // The second and third request have the instructions of the first.
  assertEquals((read?.files ?? 0) - (measured?.files ?? 0), 2);
});

Deno.test("texts are in the attributes of the conventions on request, and nowhere without", () => {
  const names = [
    otherNames.ATTR_GEN_AI_INPUT_MESSAGES,
    otherNames.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
    otherNames.ATTR_GEN_AI_OUTPUT_MESSAGES,
    otherNames.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
    otherNames.ATTR_GEN_AI_TOOL_CALL_RESULT,
  ];
  const used = new Set<string>();
  for (const { name, session } of BUNDLES) {
    const options = { version: "0.0.0", openInference: true };
    const [without, withTexts] = [false, true].map((texts) =>
      otlpLine(session, { ...options, texts })
    );
    for (const { body } of session.trace.conversation_items.values()) {
      for (const part of body.parts) {
        if (!("text" in part)) continue;
        const piece = JSON.stringify(part.text.trim().slice(0, 60));
        if (piece.length < 10) continue;
        assert(!without?.includes(piece.slice(1, -1)), `${name}: ${piece}`);
      }
    }
    const { resourceSpans } = JSON.parse(withTexts ?? "");
    const spans: OtlpSpan[] = resourceSpans[0].scopeSpans[0].spans;
    for (const { attributes } of spans) {
      const values = new Map(
        attributes.map(({ key, value }) => [key, value["stringValue"]]),
      );
      for (const key of names) if (values.has(key)) used.add(key);
      const call = session.trace.inference_calls.get(
        String(values.get("rollout_trace.id")),
      );
      const stated = values.get(otherNames.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS);
      if (call !== undefined && stated !== undefined) {
        const { instructions } = requestOf(session, call);
        const parts = [{ type: "text", content: instructions }];
        assertEquals(JSON.parse(String(stated)), parts, name);
      }
      const text = values.get(names[0] ?? "");
      if (call === undefined || text === undefined) continue;
      const messages: { role: string; parts: { type: string }[] }[] = JSON
        .parse(String(text));
      const items = [...call.request_item_ids].filter((id) =>
        session.trace.conversation_items.get(id)?.kind !== "compaction_marker"
      );
      assertEquals(
        messages.length,
        items.length,
        `${name} ${call.response_id}`,
      );
      for (const { role, parts } of messages) {
        assert(role !== "" && parts.length === 1, name);
      }
    }
  }
  assertEquals([...used].sort(), names.toSorted());
});

/** The request of a call, as it is in the bundle. */
function requestOf(
  { payloads, trace }: TraceSession,
  { raw_request_payload_id: id }: InferenceCall,
): { instructions?: unknown } {
  const ref = trace.raw_payloads.get(id);
  assert(payloads !== null && ref !== undefined, id);
  return JSON.parse(new TextDecoder().decode(payloads.bytes(ref)));
}

Deno.test("names of attributes are those of the semantic conventions, or the project's own", () => {
  const known = new Set<unknown>([
    ...Object.values(stableNames),
    ...Object.values(otherNames),
  ]);
  const used = new Set<string>();
  for (const { session } of BUNDLES) {
    const [resource] = otlp(session).resourceSpans;
    assertStringIncludes(resource.schemaUrl, SEMANTIC_CONVENTIONS);
    for (
      const { attributes } of [resource.resource, ...otlpSpans(session)]
    ) {
      for (const { key } of attributes) used.add(key);
    }
  }
  const foreign = [...used].filter((key) =>
    !known.has(key) && !key.startsWith("rollout_trace.")
  );
  assertEquals(foreign, []);
  assert(used.has("gen_ai.usage.input_tokens") && used.has("error.type"));
});

Deno.test("OpenInference adds attributes that its conventions have, and nothing else changes", () => {
  const names = new Set<unknown>(Object.values(SemanticConventions));
  const kinds = new Set<unknown>(Object.values(OpenInferenceSpanKind));
  let requests = 0;
  for (const { name, session } of BUNDLES) {
    const plain = otlpSpans(session);
    const line = otlpLine(session, { version: "0.0.0", openInference: true });
    const spans: OtlpSpan[] =
      JSON.parse(line).resourceSpans[0].scopeSpans[0].spans;
    for (const [at, { attributes, ...rest }] of spans.entries()) {
      const { attributes: own = [], ...before } = plain[at] ?? {};
      assertEquals(rest, before, name);
      assertEquals(attributes.slice(0, own.length), own, name);
      const added = new Map(
        attributes.slice(own.length).map(({ key, value }) => [key, value]),
      );
      for (const key of added.keys()) assert(names.has(key), key);
      const kind = added.get("openinference.span.kind")?.["stringValue"];
      assert(kinds.has(kind), String(kind));
      const count = (key: string) => Number(added.get(key)?.["intValue"]);
      if (!added.has("llm.token_count.total")) continue;
      requests++;
      assertEquals(kind, "LLM");
      assertEquals(
        count("llm.token_count.total"),
        count("llm.token_count.prompt") + count("llm.token_count.completion"),
      );
    }
  }
  assert(requests > 10);
});

Deno.test("each span has its parent, is within it, and has an id of its own that stays", () => {
  for (const { name, session } of BUNDLES) {
    const spans = otlpSpans(session);
    assertEquals(otlpSpans(session), spans, name);
    const byId = new Map(spans.map((each) => [each.spanId, each]));
    assertEquals(byId.size, spans.length, name);
    assertEquals(
      spans.filter((each) => each.parentSpanId === undefined).length,
      1,
    );
    for (const span of spans) {
      assert(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
      for (const { spanId } of span.links) assert(byId.has(spanId), name);
      if (span.parentSpanId === undefined) continue;
      const parent = byId.get(span.parentSpanId);
      assert(parent !== undefined, name);
      assert(
        BigInt(parent.startTimeUnixNano) <= BigInt(span.startTimeUnixNano),
      );
      assert(BigInt(parent.endTimeUnixNano) >= BigInt(span.endTimeUnixNano));
    }
  }
});

Deno.test("a span during which the clock was set back has no duration", async () => {
  await inFolderAsync((folder) => {
    const bundle = putBundle(
      folder,
      "a",
      join(TESTDATA, "upstream", "0.169.0-hello"),
    );
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    const end = lines.findIndex(({ payload }) =>
      payload.type === "inference_completed"
    );
    for (const line of lines.slice(end)) line.wall_time_unix_ms -= 3_600_000;
    Deno.writeTextFileSync(
      log,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
    const session = openBundle(bundle);
    const { spans } = spansOf(session);
    const crossing = spans.filter(({ kind }) =>
      ["session", "thread", "turn", "inference_call"].includes(kind)
    );
    assertEquals(crossing.map(({ duration }) => duration), [
      null,
      null,
      null,
      null,
    ]);
    assert(spans.every(({ start, end }) => end >= start));
    assert(!otlpLine(session, { version: "0.0.0" }).includes("duration_ms"));
    return Promise.resolve();
  });
});

Deno.test("spans count and measure what the raw log has", () => {
  for (const { name, bundle } of soundBundles()) {
    const events = rawEvents(bundle);
    const session = openBundle(bundle);
    const spans = otlpSpans(session);
    const started = eventsOf(events, "inference_started");
    const chats = spans.filter((span) =>
      valueOf(span, "rollout_trace.kind") === "inference_call"
    );
    assertEquals(chats.length, started.length, name);
    let expected = 0;
    for (const { payload } of eventsOf(events, "inference_completed")) {
      expected += rawPayload(bundle, payload.response_payload).token_usage
        ?.input_tokens ?? 0;
    }
    const found = chats.reduce(
      (sum, span) =>
        sum + Number(valueOf(span, "gen_ai.usage.input_tokens") ?? 0),
      0,
    );
    assertEquals(found, expected, name);
    for (const { wall_time_unix_ms: at, payload } of started) {
      const span = chats.find((each) =>
        valueOf(each, "rollout_trace.id") === payload.inference_call_id
      );
      assertEquals(span?.startTimeUnixNano, `${at}000000`, name);
    }
  }
});
