/**
 * Bundles in which what the questions walk along, index or draw is very deep, very wide, in a
 * ring, or very large: what is visited by recursion, or compares all with all, shows here.
 *
 * @module
 */

import type { Crowd } from "./repeated_ids_bundles.ts";
import { type RawBundle, THREAD, TURN } from "../support/bundles/raw_bundle.ts";

function threadId(i: number): string {
  return i === 0
    ? THREAD
    : `00000000-0000-0000-0001-${i.toString(16).padStart(12, "0")}`;
}

function message(role: string, text: string): object {
  return { type: "message", role, content: [{ type: "input_text", text }] };
}

function call(call_id: string, args = "{}"): object {
  return { type: "function_call", name: "f", arguments: args, call_id };
}

function output(call_id: string, text: string): object {
  return { type: "function_call_output", call_id, output: text };
}

/** A thread that another one spawned. */
function spawned(
  bundle: RawBundle,
  id: number,
  parent: number,
  agent_path = `/root/a${id}`,
): void {
  const thread_id = threadId(id);
  bundle.tool(`spawn-${parent}-${id}`, { kind: { type: "spawn_agent" } });
  bundle.event({
    type: "thread_started",
    thread_id,
    agent_path,
    metadata_payload: bundle.payload("session_metadata", {
      agent_path,
      session_source: {
        subagent: {
          thread_spawn: { parent_thread_id: threadId(parent), depth: 1 },
        },
      },
    }),
  }, { thread_id });
  bundle.event({
    type: "codex_turn_started",
    codex_turn_id: `turn-${id}`,
    thread_id,
  }, { thread_id, codex_turn_id: `turn-${id}` });
  bundle.event({
    type: "tool_call_runtime_ended",
    tool_call_id: `spawn-${parent}-${id}`,
    status: "completed",
    runtime_payload: bundle.payload("tool_runtime_event", {
      call_id: `spawn-${parent}-${id}`,
      sender_thread_id: threadId(parent),
      new_thread_id: thread_id,
      prompt: `task ${id}`,
      model: "m",
      reasoning_effort: "low",
      status: "running",
    }),
  });
}

function childRequest(bundle: RawBundle, i: number): void {
  const of = { thread_id: threadId(i), codex_turn_id: `turn-${i}` };
  bundle.event({
    type: "inference_started",
    inference_call_id: `call-${i}`,
    ...of,
    model: "model",
    provider_name: "provider",
    request_payload: bundle.payload("inference_request", {
      input: [message("user", `task ${i}`)],
    }),
  }, of);
}

function toolEnded(bundle: RawBundle, id: string, status: string): void {
  bundle.event({
    type: "tool_call_ended",
    tool_call_id: id,
    status,
    result_payload: null,
  });
}

function installed(bundle: RawBundle, id: string, text: string): void {
  bundle.event({
    type: "compaction_installed",
    compaction_id: id,
    checkpoint_payload: bundle.payload("compaction_checkpoint", {
      input_history: [message("user", text)],
      replacement_history: [message("user", `${text} again`)],
    }),
  });
}

/** Every crowd, by what is many or large in it. */
export const ASK_CROWDS: Readonly<Record<string, Crowd>> = {
  "agents that spawn one another in a chain": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, i - 1);
    for (let i = 1; i <= n; i++) childRequest(bundle, i);
  },
  "agents that one spawned": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, 0);
    for (let i = 1; i <= n; i++) childRequest(bundle, i);
  },
  "agents that are given a task each": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, 0);
    for (let i = 1; i <= n; i++) {
      bundle.tool(`task-${i}`, { kind: { type: "send_message" } });
      bundle.event({
        type: "tool_call_ended",
        tool_call_id: `task-${i}`,
        status: "completed",
        result_payload: bundle.payload("tool_result", {
          response_item: {
            output: JSON.stringify({ submission_id: `turn-${i}` }),
          },
        }),
      });
    }
  },
  "agents of one path": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, i >> 1, "/root/same");
  },
  "agents that spawned one another in a ring": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, i % n + 1);
    for (let i = 1; i <= n; i++) childRequest(bundle, i);
  },
  "agents that spawned themselves": (bundle, n) => {
    for (let i = 1; i <= n; i++) spawned(bundle, i, i);
  },
  "answers in a chain": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, {
        input: i === 0
          ? [message("user", "begin")]
          : [output(`id-${i - 1}`, `output ${i}`)],
        ...i === 0 ? {} : { previous_response_id: `response-i${i - 1}` },
      });
      bundle.response(`i${i}`, [call(`id-${i}`)]);
      bundle.tool(`tool-${i}`, { model_visible_call_id: `id-${i}` });
      toolEnded(bundle, `tool-${i}`, i % 2 === 0 ? "failed" : "completed");
    }
  },
  "turns of one thread": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      const codex_turn_id = `turn-${i}`;
      const within = { codex_turn_id };
      bundle.event({
        type: "codex_turn_started",
        codex_turn_id,
        thread_id: THREAD,
      }, within);
      bundle.event({
        type: "codex_turn_ended",
        codex_turn_id,
        status: i % 3 === 0 ? "failed" : "completed",
      }, within);
    }
  },
  "tool calls that never end": (bundle, n) => {
    for (let i = 0; i < n; i++) bundle.tool(`tool-${i}`);
  },
  "tool calls that all end at last": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.tool(`tool-${i}`, { kind: { type: "other", name: `tool-${i}` } });
    }
    for (let i = n - 1; i >= 0; i--) toolEnded(bundle, `tool-${i}`, "failed");
  },
  "calls and outputs of one request": (bundle, n) => {
    const ids = Array.from({ length: n }, (_, i) => `id-${i}`);
    bundle.request("a", { input: ids.map((id) => call(id)) });
    bundle.request("b", {
      input: [
        ...ids.map((id) => call(id)),
        ...ids.map((id) => output(id, `output of ${id}`)),
      ],
    });
  },
  "items of two requests that have little in common": (bundle, n) => {
    for (const id of ["a", "b"]) {
      bundle.request(id, {
        input: Array.from(
          { length: n },
          (_, i) => message("user", i % 7 === 0 ? `${i}` : `${id} ${i}`),
        ),
      });
    }
  },
  "cells with a call each": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      const runtime_cell_id = `${i}`;
      bundle.event({
        type: "code_cell_started",
        runtime_cell_id,
        model_visible_call_id: `id-${i}`,
        source_js: `call(${i})`,
      });
      bundle.tool(`tool-${i}`, {
        requester: { type: "code_cell", runtime_cell_id },
      });
      bundle.event({
        type: "code_cell_ended",
        runtime_cell_id,
        status: "completed",
        response_payload: null,
      });
    }
    bundle.request("a", {
      input: Array.from({ length: n }, (_, i) => ({
        type: "custom_tool_call",
        name: "exec",
        input: `call(${i})`,
        call_id: `id-${i}`,
      })),
    });
  },
  "cells of one runtime id": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "code_cell_started",
        runtime_cell_id: "1",
        model_visible_call_id: `id-${i}`,
        source_js: `call(${i})`,
      });
      bundle.tool(`tool-${i}`, {
        requester: { type: "code_cell", runtime_cell_id: "1" },
      });
      bundle.event({
        type: "code_cell_ended",
        runtime_cell_id: "1",
        status: "completed",
        response_payload: null,
      });
    }
    bundle.request("a", {
      input: Array.from({ length: n }, (_, i) => ({
        type: "custom_tool_call",
        name: "exec",
        input: `call(${i})`,
        call_id: `id-${i}`,
      })),
    });
  },
  "payloads on one path": (bundle, n) => {
    const { path } = bundle.payload("protocol_event", { message: "no" });
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: "error",
        event_payload: {
          raw_payload_id: `raw_payload:same-${i}`,
          kind: { type: "protocol_event" },
          path,
        },
      });
    }
  },
  "errors of the protocol": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: i % 2 === 0 ? "error" : "warning",
        event_payload: bundle.payload("protocol_event", { message: `${i}` }),
      });
    }
  },
  "ids that begin with one another": (bundle, n) => {
    for (let i = 1; i <= Math.min(n, 2000); i++) bundle.tool("a".repeat(i));
  },
  "ids with a common prefix": (bundle, n) => {
    const begin = "a long beginning ".repeat(20);
    for (let i = 0; i < n; i++) bundle.tool(`${begin}${i}`);
  },
  models: (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "inference_started",
        inference_call_id: `i${i}`,
        thread_id: THREAD,
        codex_turn_id: TURN,
        model: `model ${i}`,
        provider_name: `provider ${i}`,
        request_payload: bundle.payload("inference_request", {
          model: `model ${i}`,
          input: [message("user", "same")],
        }),
      });
      bundle.event({
        type: "inference_failed",
        inference_call_id: `i${i}`,
        error: `error ${i}`,
      });
    }
  },
  "compactions of one thread": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("user", `${i}`)] });
      installed(bundle, `c${i}`, `${i}`);
    }
  },
  "events that are not known": (bundle, n) => {
    for (let i = 0; i < n; i++) bundle.event({ type: `unknown ${i}` });
    for (let i = 0; i < n; i++) toolEnded(bundle, `unknown ${i}`, "failed");
  },
  "payloads that nest deep": (bundle, n) => {
    const nested = (depth: number) =>
      `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`;
    for (const depth of [120, 5 * n]) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: "error",
        event_payload: bundle.payload("protocol_event", nested(depth)),
      });
      bundle.tool(`tool-${depth}`, {
        invocation_payload: bundle.payload("tool_invocation", nested(depth)),
      });
      bundle.event({
        type: "tool_call_ended",
        tool_call_id: `tool-${depth}`,
        status: "failed",
        result_payload: bundle.payload("tool_result", nested(depth)),
      });
      bundle.request(`i${depth}`, {
        input: [message("user", "x"), call(`c${depth}`, nested(depth))],
      });
    }
    bundle.request("plain", { input: [], tools: JSON.parse(nested(110)) });
  },
  "markers of a text": (bundle, n) => {
    const marks = `${"```\n".repeat(n)}${"`".repeat(n)}${"[".repeat(n)}`;
    bundle.request("i", { input: [message("user", marks)] });
    bundle.request("j", { input: [message("user", `${marks}.`)] });
  },
};
