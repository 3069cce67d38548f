/**
 * A bundle with values planted in every place that a bundle has.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { join } from "@std/path";
import type { EventContext } from "../../../lib/record/trace_writer.ts";
import { NO_CONTEXT, TraceWriter } from "../../../lib/record/trace_writer.ts";
import { readShard } from "../../../lib/bundle/shard/shard_records.ts";
import type { JsonValue } from "../../../lib/format/payload.ts";
import { usesShards } from "../../support/every_schema.ts";
import type { Planted } from "./planted_values.ts";

const THREAD = "thread-root";
const TURN = "turn-1";

/** Writes a bundle of a schema into a folder: one turn with a request and tool calls for each value. */
export function plantBundle(
  folder: string,
  schema: number,
  planted: readonly Planted[],
): void {
  let time = 1_800_000_000_000;
  const writer = TraceWriter.create(folder, {
    rolloutId: THREAD,
    rootThreadId: THREAD,
    traceId: "trace-1",
    schemaVersion: schema,
    now: () => time += 5,
  });
  const inTurn = { threadId: THREAD, codexTurnId: TURN };
  const [first] = planted;
  writer.append(NO_CONTEXT, {
    type: "rollout_started",
    trace_id: "trace-1",
    root_thread_id: THREAD,
  });
  writer.append({ threadId: THREAD, codexTurnId: null }, {
    type: "thread_started",
    thread_id: THREAD,
    agent_path: "/root",
    metadata_payload: writer.writePayload("session_metadata", {
      nickname: null,
      model: "gpt-5.1-codex",
      cwd: "/work",
      note: first?.text ?? "",
    }),
  });
  writer.append(inTurn, {
    type: "codex_turn_started",
    codex_turn_id: TURN,
    thread_id: THREAD,
  });
  const input: JsonValue[] = [];
  planted.forEach((value, at) => {
    input.push(...items(value, at));
    plantEvents(writer, inTurn, value, at);
  });
  plantRequests(writer, inTurn, input, planted);
  writer.append(inTurn, {
    type: "codex_turn_ended",
    codex_turn_id: TURN,
    status: "completed",
  });
  writer.append({ threadId: THREAD, codexTurnId: null }, {
    type: "thread_ended",
    thread_id: THREAD,
    status: "completed",
  });
  writer.append(NO_CONTEXT, { type: "rollout_ended", status: "completed" });
  if (schema >= 2) writer.append(NO_CONTEXT, { type: "recording_completed" });
  writer.releaseHandles();
  if (!usesShards(schema)) renamePayload(folder, planted);
}

/** Items of a conversation: raw, escaped, in arguments, in outputs, in keys, encoded. */
function items({ value, text }: Planted, at: number): JsonValue[] {
  const nested = JSON.stringify({ text, deeper: JSON.stringify({ text }) });
  return [
    message("user", text),
    message("assistant", `as a string: ${JSON.stringify(text)}`),
    message("user", `encoded: ${base64(text)} and ${encodeURIComponent(text)}`),
    message("user", `hex: ${hex(text)} and 0x${hex(text).toUpperCase()}`),
    message("user", `basic: Basic ${base64(`user7:${value}`)}`),
    message("user", `escaped: "${unicodeEscaped(text)}"`),
    {
      type: "function_call",
      name: "shell",
      arguments: nested,
      call_id: `call_${at}`,
    },
    {
      type: "function_call_output",
      call_id: `call_${at}`,
      output: `Exit code: 0\nOutput:\n${text}\n${value}\n`,
    },
  ];
}

function message(role: string, text: string): JsonValue {
  const type = role === "assistant" ? "output_text" : "input_text";
  return { type: "message", role, content: [{ type, text }] };
}

function plantRequests(
  writer: TraceWriter,
  context: EventContext,
  input: readonly JsonValue[],
  planted: readonly Planted[],
): void {
  const request = {
    model: "gpt-5.1-codex",
    input: [...input],
    metadata: Object.fromEntries(
      planted.map(({ text, value, key = text }) => [key, value]),
    ),
  };
  const start = (id: string) =>
    writer.append(context, {
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: TURN,
      model: "gpt-5.1-codex",
      provider_name: "openai",
      request_payload: writer.writePayload("inference_request", request),
      prepared_prompt_payload: usesShards(writer.rules.schema)
        ? writer.writePayload("prepared_prompt", request)
        : null,
      warmup_context_payload: null,
      stripped_tool_output_ids: [],
    });
  start("inference-1");
  writer.append(context, {
    type: "inference_failed",
    inference_call_id: "inference-1",
    upstream_request_id: null,
    error: planted.map(({ text }) => text).join("; "),
    partial_response_payload: null,
  });
  start("inference-2");
  writer.append(context, {
    type: "inference_completed",
    inference_call_id: "inference-2",
    response_id: "response-2",
    upstream_request_id: null,
    response_payload: writer.writePayload("inference_response", {
      response_id: "response-2",
      output_items: [message("assistant", "done")],
    }),
  });
}

/** Events: fields of the log, payloads of tools, streams. */
function plantEvents(
  writer: TraceWriter,
  context: EventContext,
  { value, text, isAlone }: Planted,
  at: number,
): void {
  const id = `call_${at}`;
  writer.append(context, {
    type: "tool_call_started",
    tool_call_id: id,
    model_visible_call_id: id,
    code_mode_runtime_tool_id: null,
    requester: { type: "model" },
    kind: { type: "other", name: "shell" },
    summary: {
      type: "generic",
      label: "shell",
      input_preview: JSON.stringify({ text }),
      output_preview: text,
    },
    invocation_payload: writer.writePayload("tool_invocation", {
      tool_name: "shell",
      payload: { type: "function", arguments: JSON.stringify({ text }) },
    }),
  });
  writer.append(context, {
    type: "tool_call_ended",
    tool_call_id: id,
    status: "failed",
    result_payload: writer.writePayload("tool_result", {
      output: text,
      lines: text.split(" "),
      [value]: { [`${value}-suffix`]: true },
    }),
  });
  // A value that is known by the words around it is found in the texts above.
  const chunks = isAlone || value.length > 8 ? chunksOf(value) : [];
  writer.append(NO_CONTEXT, {
    type: "protocol_event_observed",
    event_type: "warning",
    event_payload: writer.writePayload("protocol_event", {
      type: "warning",
      parts: ["start ", ...chunks, " end"],
    }),
  });
  for (const delta of ["start ", ...chunks, " end"]) {
    writer.append(NO_CONTEXT, {
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload: writer.writePayload("protocol_event", { delta }),
    });
  }
}

function chunksOf(value: string): string[] {
  const third = Math.ceil(value.length / 3);
  return [
    value.slice(0, third),
    value.slice(third, 2 * third),
    value.slice(2 * third),
  ];
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function hex(text: string): string {
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

function unicodeEscaped(text: string): string {
  return Array.from(
    text,
    (char) =>
      /[A-Za-z0-9]/.test(char)
        ? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
        : JSON.stringify(char).slice(1, -1),
  ).join("");
}

/** A value in the name of a payload's file. */
function renamePayload(folder: string, planted: readonly Planted[]): void {
  const named = planted.find(({ value, isAlone }) =>
    isAlone && /^[\w.-]+$/.test(value)
  );
  if (named === undefined) return;
  const path = `payloads/${named.value}.json`;
  Deno.renameSync(join(folder, "payloads/2.json"), join(folder, path));
  const log = join(folder, "trace.jsonl");
  Deno.writeTextFileSync(
    log,
    Deno.readTextFileSync(log).replaceAll('"payloads/2.json"', `"${path}"`),
  );
}

/** The texts of all files of a bundle, by their names: shards decompressed, and the names themselves. */
export function textsOf(folder: string): Map<string, string> {
  const texts = new Map<string, string>();
  const names: string[] = [];
  for (const { path } of walkSync(folder, { includeDirs: false })) {
    const bytes = Deno.readFileSync(path);
    names.push(path.slice(folder.length));
    if (!path.endsWith(".zst")) {
      texts.set(path, new TextDecoder().decode(bytes));
      continue;
    }
    const records = readShard(bytes, 1e9);
    for (const id of records.ids()) {
      texts.set(`${path}#${id}`, new TextDecoder().decode(records.find(id)));
    }
  }
  return texts.set("names", names.join("\n"));
}

const MAX_DEPTH = 5;

/** A text in every spelling that it may have: unescaped, decoded, at any depth. */
export function spellingsOf(text: string): string[] {
  const spellings: string[] = [];
  let current = new Set([text]);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next = new Set<string>();
    for (const each of current) {
      spellings.push(each);
      for (const decoded of decodings(each)) {
        if (decoded !== each) next.add(decoded);
      }
    }
    current = next;
  }
  return spellings;
}

function decodings(text: string): string[] {
  const unescaped = text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/g,
    (_, code, char) =>
      code === undefined
        ? { n: "\n", r: "\r", t: "\t" }[String(char)] ?? String(char)
        : String.fromCharCode(parseInt(code, 16)),
  );
  const percent = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  const runs = text.match(/[A-Za-z0-9+/_-]{16,}/g) ?? [];
  const plain = runs.map((run) => decodedBase64(run)).join("\n");
  const hexRuns = text.match(/(?:[0-9a-fA-F]{2}){8,}/g) ?? [];
  const bytes = hexRuns.map((run) =>
    new TextDecoder().decode(
      Uint8Array.from(run.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
    )
  ).join("\n");
  return [unescaped, percent, plain, bytes];
}

function decodedBase64(run: string): string {
  return [0, 1, 2, 3].map((skip) => {
    const digits = run.slice(skip).replaceAll("-", "+").replaceAll("_", "/");
    const full = digits.slice(0, digits.length - digits.length % 4);
    const rest = digits.length % 4 > 1 ? digits.slice(full.length) : "";
    try {
      return atob(full + rest);
    } catch {
      return "";
    }
  }).join("\n");
}

/** Names of the values that a bundle has, in any spelling of any file. */
export function leftIn(folder: string, planted: readonly Planted[]): string[] {
  const spellings = [...textsOf(folder).values()].flatMap(spellingsOf);
  return planted
    .filter(({ value }) => spellings.some((text) => text.includes(value)))
    .map(({ name }) => name);
}
