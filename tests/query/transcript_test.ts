/**
 * Transcripts, against the payloads themselves, read by `JSON.parse` alone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { InferenceCall } from "../../lib/graph/runtime.ts";
import { openStateFile } from "../../lib/query/session/open_state_file.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../lib/query/session/session.ts";
import type {
  TranscriptEntry,
  TranscriptItem,
  TranscriptPart,
} from "../../lib/query/transcript/transcript_answer.ts";
import { getTranscript } from "../../lib/query/transcript/transcript.ts";
import { CORPUS, recordedCases, stateOf } from "../support/cases.ts";
import { inFolder } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { rawEvents, rawPayload } from "../support/log_oracle.ts";
import { type RawRequest, rawRequests } from "../support/request_oracle.ts";

// deno-lint-ignore no-explicit-any
type Raw = any;

/** The text of an element, in a form that a transcript has as well. */
function assistant(element: Raw): unknown {
  switch (element.type) {
    case "message":
      return { role: element.role, text: content(element.content) };
    case "agent_message":
      return {
        from: element.author,
        to: element.recipient,
        text: content(element.content),
      };
    case "reasoning":
      return {
        text: [
          ...(element.content ?? []).map(({ text }: Raw) =>
            isMarker(text) ? "a content" : `text ${text}`
          ),
          ...(element.summary ?? []).map(({ text }: Raw) =>
            isMarker(text) ? "a summary" : `summary ${text}`
          ),
          ...encrypted(element),
        ],
      };
    case "function_call":
      return { call: element.call_id ?? null, asks: element.arguments };
    case "custom_tool_call":
      return { call: element.call_id ?? null, asks: element.input };
    case "function_call_output":
    case "custom_tool_call_output":
      return { call: element.call_id ?? null, text: output(element.output) };
    case "compaction":
      return { text: encrypted(element) };
    default:
      return { json: element };
  }
}

/** What is in place of a text that was not recorded. */
function isMarker(value: Raw): boolean {
  return value?.$trace_unavailable !== undefined;
}

function content(list: Raw): unknown {
  return list.map((entry: Raw) => {
    if (isMarker(entry.text)) return "a text";
    if (entry.encrypted_content !== undefined) {
      return `encoded ${entry.encrypted_content}`;
    }
    return entry.text === undefined ? `a ${entry.type}` : `text ${entry.text}`;
  });
}

function output(value: Raw): unknown {
  if (typeof value === "string") return [`text ${value}`];
  return Array.isArray(value) ? content(value) : { json: value };
}

function encrypted({ encrypted_content: value }: Raw): string[] {
  return value === undefined || value === null ? [] : [`encoded ${value}`];
}

/** The text of a piece of a transcript, in the same form. */
function result(entry: TranscriptEntry, type: string): unknown {
  if (entry.type === "other_element") return { json: JSON.parse(entry.json) };
  assert(entry.type === "item");
  const { parts, call_id: call } = entry;
  switch (type) {
    case "message":
      return { role: entry.role, text: parts.map(word) };
    case "agent_message":
      return {
        from: entry.agent_message?.author,
        to: entry.agent_message?.recipient,
        text: parts.map(word),
      };
    case "reasoning":
    case "compaction":
      return { text: parts.map(word) };
    case "function_call":
    case "custom_tool_call":
      return { call, asks: parts.map(bare).join() };
    case "function_call_output":
    case "custom_tool_call_output": {
      const [first] = parts;
      return {
        call,
        text: first?.type === "json"
          ? { json: JSON.parse(first.json) }
          : parts.map(word),
      };
    }
    default: {
      const [first] = parts;
      return first?.type === "json"
        ? { json: JSON.parse(first.json) }
        : undefined;
    }
  }
}

function word(part: TranscriptPart): string {
  switch (part.type) {
    case "text":
    case "summary":
      return `${part.type} ${part.text}`;
    case "encoded":
      return `encoded ${part.value}`;
    case "payload_ref":
      return `a ${part.label}`;
    default:
      return part.type;
  }
}

function bare(part: TranscriptPart): string {
  if (part.type === "json") return part.json;
  return part.type === "code" || part.type === "text" ? part.text : part.type;
}

function items(entries: readonly TranscriptEntry[]): TranscriptItem[] {
  return entries.filter((entry) => entry.type === "item");
}

const SPOKEN = new Set(["system", "developer", "user", "assistant"]);

/** Elements that the graph keeps under a role or a type of its own are compared by place only. */
function isPlain({ type, role, content }: Raw): boolean {
  return type !== "message" || SPOKEN.has(role) && Array.isArray(content);
}

function checkRequest(session: TraceSession, id: string): void {
  const call = session.trace.inference_calls.get(id);
  const request = rawRequests(session.place).get(id);
  assert(call !== undefined && request !== undefined);
  checkRecorded(session, call, request);
}

function checkRecorded(
  session: TraceSession,
  call: InferenceCall,
  { input: ref, wire }: RawRequest,
): void {
  const id = call.inference_call_id;
  if (ref.capture !== undefined) {
    const answer = getTranscript(session, { call: id });
    assertEquals(answer?.entries.map(({ type }) => type), ["unrecorded"]);
    assertEquals(answer?.request?.capture, ref.capture);
    return;
  }
  const { input, previous_response_id: previous } = rawPayload(
    session.place,
    ref,
  );
  const { instructions } = rawPayload(session.place, wire);
  const answer = getTranscript(session, { call: id });
  assert(answer !== null && answer.request !== null);
  const { entries, request } = answer;
  const sent = entries.filter((entry) =>
    entry.type === "other_element" || entry.type === "unrecorded" ||
    entry.type === "item" && entry.index !== null
  );
  assertEquals(sent.length, input.length);
  for (const [at, element] of input.entries()) {
    const entry = sent[at];
    if (isMarker(element)) {
      assertEquals(entry?.type, "unrecorded");
      continue;
    }
    assert(entry?.type === "item" || entry?.type === "other_element");
    assertEquals(entry.index, at);
    if (isPlain(element)) {
      assertEquals(result(entry, element.type), assistant(element));
    }
    checkTool(entry, element);
  }
  assertEquals(
    items(entries).map(({ item }) => item.id),
    [...call.request_item_ids],
  );
  const texts = entries.flatMap((entry) =>
    entry.type === "instructions" ? [entry.text] : []
  );
  assertEquals(texts, typeof instructions === "string" ? [instructions] : []);
  if (typeof previous !== "string") assertEquals(request.inherited_items, 0);
  if (request.new_items === null) return;
  assertEquals(
    items(entries).filter(({ is_new }) => is_new).length,
    request.new_items,
  );
}

function checkTool(entry: TranscriptEntry, element: Raw): void {
  if (entry.type !== "item" || typeof element.name !== "string") return;
  if (element.type.endsWith("_call")) {
    assert(entry.tool?.endsWith(element.name), `${entry.tool}`);
  }
}

/** Nothing of the answers of a thread is cut in its transcript. */
function checkThread(session: TraceSession, id: string): void {
  const thread = session.trace.threads.get(id);
  const answer = getTranscript(session, { thread: id });
  assert(answer !== null && thread !== undefined);
  const shown = answer.entries.flatMap((entry) => {
    if (entry.type === "item") return entry.is_accepted ? entry.item.id : [];
    return entry.type === "compaction" ? entry.marker.id : [];
  });
  const history = [...thread.conversation_item_ids];
  assertEquals(shown, history);
  const others = items(answer.entries).filter(({ is_accepted }) =>
    !is_accepted
  );
  assertEquals(others.filter(({ item }) => history.includes(item.id)), []);
  const byId = new Map(
    items(answer.entries).map((each) => [each.item.id, each]),
  );
  for (const { payload, thread_id } of rawEvents(session.place)) {
    if (payload.type !== "inference_completed" || thread_id !== id) continue;
    const call = session.trace.inference_calls.get(payload.inference_call_id);
    if (
      call?.raw_response_payload_id !== payload.response_payload.raw_payload_id
    ) {
      continue;
    }
    if (payload.response_payload.capture !== undefined) continue;
    const { output_items: all } = rawPayload(
      session.place,
      payload.response_payload,
    );
    const list: Raw[] = all.filter((each: Raw) => !isMarker(each));
    for (const [at, element] of list.entries()) {
      const entry = byId.get(call?.response_item_ids[at] ?? "");
      // Codex may not take all that a model writes into its history.
      if (entry === undefined) {
        const id = call?.response_item_ids[at] ?? "";
        assert(!thread.conversation_item_ids.includes(id));
        continue;
      }
      if (element.type.endsWith("_call") && isPlain(element)) {
        assertEquals(result(entry, element.type), assistant(element));
      }
    }
  }
  for (const { parts } of items(answer.entries)) {
    for (const part of parts) {
      if (part.type === "json") assertEquals(part.is_truncated, false);
    }
  }
}

Deno.test("getTranscript() marks what is cut where only a state.json is available", () => {
  const args = JSON.stringify({ cmd: "é".repeat(200), n: 1.50 });
  const call = {
    type: "function_call",
    name: "run",
    call_id: "c",
    arguments: args,
  };
  const short = { ...call, call_id: "d", arguments: '{"cmd":"ends in..."}' };
  const bundle = new RawBundle(2);
  bundle.request("one", { input: [call, short] });
  inFolder((folder) => {
    const place = bundle.writeTo(`${folder}/bundle`);
    const state = `${folder}/state.json`;
    Deno.writeFileSync(state, stateOf(place));
    const parts = (session: TraceSession, call?: string) =>
      items(
        getTranscript(session, call === undefined ? {} : { call })?.entries ??
          [],
      ).flatMap((each) => each.parts).map((part) =>
        part.type === "json" ? [part.json, part.is_truncated] : part.type
      );
    for (const at of [undefined, "one"]) {
      const [long, full] = parts(openStateFile(state), at);
      assertEquals(long?.[1], true);
      assert(args.startsWith(String(long?.[0]).slice(0, -3)));
      assertEquals(full, [short.arguments, false]);
      assertEquals(parts(openBundle(place), at), [
        [args, false],
        [short.arguments, false],
      ]);
    }
  });
});

for (
  const { name, bundle } of [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...recordedCases(CORPUS, 2),
  ]
) {
  Deno.test(`getTranscript() contains every request of ${name} as its payload does`, () => {
    const session = openBundle(bundle);
    for (const id of session.trace.inference_calls.keys()) {
      checkRequest(session, id);
    }
  });
  Deno.test(`getTranscript() contains every thread of ${name}, with nothing cut`, () => {
    const session = openBundle(bundle);
    for (const id of session.trace.threads.keys()) checkThread(session, id);
  });
}
