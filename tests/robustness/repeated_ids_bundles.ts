/**
 * Bundles in which very many events, items or edges share one id or one text: what takes time
 * in proportion to the square of a bundle shows here.
 *
 * @module
 */

import type { SchemaOrNumber } from "../support/every_schema.ts";
import { RawBundle, THREAD } from "../support/bundles/raw_bundle.ts";

const CHILD = "00000000-0000-0000-0000-00000000000c";

/** A crowd of `n`, by what it shares. */
export type Crowd = (bundle: RawBundle, n: number) => void;

function message(text: string, id?: string): object {
  const content = [{ type: "output_text", text }];
  return { type: "message", role: "assistant", content, ...(id && { id }) };
}

function call(call_id: string, id?: string): object {
  const plain = { type: "function_call", name: "f", arguments: "{}", call_id };
  return id === undefined ? plain : { ...plain, id };
}

function output(call_id: string, text: string): object {
  return { type: "function_call_output", call_id, output: text };
}

function times<T>(n: number, make: (i: number) => T): T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function child(bundle: RawBundle): void {
  bundle.event({
    type: "thread_started",
    thread_id: CHILD,
    agent_path: "/root/child",
  });
  bundle.event({
    type: "codex_turn_started",
    codex_turn_id: "child turn",
    thread_id: CHILD,
  });
}

function toChild(bundle: RawBundle, i: number, text: string): void {
  const id = `tool-${i}`;
  bundle.tool(id, { kind: { type: "send_message" } });
  bundle.event({
    type: "tool_call_runtime_ended",
    tool_call_id: id,
    status: "completed",
    runtime_payload: bundle.payload("tool_runtime_event", {
      call_id: id,
      sender_thread_id: THREAD,
      receiver_thread_id: CHILD,
      prompt: text,
      status: "running",
    }),
  });
}

function delivered(text: string, id?: string): object {
  return {
    type: "agent_message",
    author: "/root",
    recipient: "/root/child",
    content: [{ type: "input_text", text }],
    ...(id && { id }),
  };
}

function childRequest(bundle: RawBundle, id: string, input: unknown[]): void {
  bundle.event({
    type: "inference_started",
    inference_call_id: id,
    thread_id: CHILD,
    codex_turn_id: "child turn",
    model: "model",
    provider_name: "provider",
    request_payload: bundle.payload("inference_request", { input }),
  }, { thread_id: CHILD, codex_turn_id: "child turn" });
}

function runtime(
  bundle: RawBundle,
  type: "tool_call_runtime_started" | "tool_call_runtime_ended",
  value: unknown,
  kind: object = { type: "other", name: "plain" },
): void {
  bundle.event({
    type,
    tool_call_id: "tool",
    ...(type === "tool_call_runtime_started"
      ? { kind }
      : { status: "completed" }),
    runtime_payload: bundle.payload("tool_runtime_event", value),
  });
}

/** Every crowd, by what it shares. */
export const CROWDS: Readonly<Record<string, Crowd>> = {
  "starts and ends of one tool call": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.tool("tool", { model_visible_call_id: "call" });
      bundle.event({
        type: "tool_call_ended",
        tool_call_id: "tool",
        status: "completed",
        result_payload: null,
      });
    }
  },
  "calls with one call id in one request": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    bundle.request("i", { input: times(n, () => call("call")) });
    bundle.tool("other", { model_visible_call_id: "call" });
  },
  "outputs with one call id in one request": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    bundle.request("i", {
      input: times(n, (i) => output("call", `${i % 7}`)),
    });
  },
  "different outputs with one call id": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    bundle.request("i", { input: times(n, (i) => output("call", `${i}`)) });
  },
  "calls with one call id over many requests": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message(`${i}`), call("call")] });
    }
  },
  "responses with one call id": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("begin")] });
      bundle.response(`i${i}`, [call("call")]);
    }
  },
  "responses with one item": (bundle, n) => {
    bundle.tool("tool", { model_visible_call_id: "call" });
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("begin")] });
      bundle.response(`i${i}`, [call("call", "item")]);
    }
  },
  "responses that precede their tool": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("begin")] });
      bundle.response(`i${i}`, [call("call", "item")]);
    }
    bundle.tool("tool", { model_visible_call_id: "call" });
    bundle.request("last", { input: [message("begin"), call("call")] });
  },
  "messages with the same text, with different ids": (bundle, n) => {
    const input = times(n, (i) => message("same", `id-${i}`));
    bundle.request("a", { input });
    bundle.request("b", { input: [...input].reverse() });
    bundle.request("c", { input: [message("other"), ...input] });
  },
  "messages that begin the same": (bundle, n) => {
    const input = times(n, (i) => ({
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "same" },
        { type: "input_text", text: `${i}` },
      ],
    }));
    bundle.request("a", { input });
  },
  "messages of many agents with the same text": (bundle, n) => {
    bundle.request("a", {
      input: times(n, (i) => ({
        type: "agent_message",
        author: `/root/a${i}`,
        recipient: "/root",
        content: [{ type: "input_text", text: "same" }],
      })),
    });
  },
  "items with one id": (bundle, n) => {
    bundle.request("a", { input: [message("begin")] });
    bundle.response("a", times(n, () => message("same", "id")));
    bundle.request("b", { input: [message("begin")] });
    bundle.response("b", times(n, () => message("same", "id")));
  },
  "answers with one response id": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("begin")] });
      bundle.response(`i${i}`, [], "response");
    }
    bundle.request("last", {
      input: [message("more")],
      previous_response_id: "response",
    });
  },
  "answers that take back one response id": (bundle, n) => {
    for (let i = 0; i < n / 4; i++) {
      bundle.request(`i${i}`, { input: [message("begin")] });
      bundle.response(`i${i}`, [], "response");
    }
    const order = times(n / 4 - 1, (i) => `i${i}`).sort();
    order.forEach((id, i) => {
      bundle.response(id, [], `other-${i}`);
      bundle.request(`next${i}`, {
        input: [],
        previous_response_id: "response",
      });
    });
  },
  "requests that continue one response": (bundle, n) => {
    bundle.request("i", { input: [message("begin")] });
    bundle.response("i", [message("answer")], "response");
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, {
        input: [message(`${i}`)],
        previous_response_id: "response",
      });
    }
  },
  "messages that wait with one text": (bundle, n) => {
    child(bundle);
    for (let i = 0; i < n; i++) toChild(bundle, i, "same");
    childRequest(bundle, "c", times(n, () => delivered("same")));
  },
  "messages that arrived before they were sent": (bundle, n) => {
    child(bundle);
    childRequest(bundle, "c", times(n, () => delivered("same")));
    for (let i = 0; i < n; i++) toChild(bundle, i, "same");
  },
  "messages that wait and never arrive": (bundle, n) => {
    child(bundle);
    for (let i = 0; i < n; i++) toChild(bundle, i, "same");
    childRequest(
      bundle,
      "c",
      times(n, () => ({
        ...delivered("same"),
        author: "/root/other",
      })),
    );
  },
  "results of one agent": (bundle, n) => {
    child(bundle);
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "agent_result_observed",
        edge_id: "edge",
        child_thread_id: CHILD,
        child_codex_turn_id: "child turn",
        parent_thread_id: THREAD,
        message: "done",
        carried_payload: bundle.payload("agent_result", {}),
      });
    }
  },
  "observations of one tool call": (bundle, n) => {
    bundle.tool("tool");
    for (let i = 0; i < n; i++) {
      runtime(bundle, "tool_call_runtime_started", {});
      runtime(bundle, "tool_call_runtime_ended", {});
    }
  },
  "observations of one close": (bundle, n) => {
    child(bundle);
    bundle.tool("tool", { kind: { type: "close_agent" } });
    const body = {
      call_id: "tool",
      sender_thread_id: THREAD,
      receiver_thread_id: CHILD,
      status: "running",
    };
    const kind = { type: "close_agent" };
    for (let i = 0; i < n; i++) {
      runtime(bundle, "tool_call_runtime_started", body, kind);
    }
  },
  "agents of one tool call": (bundle, n) => {
    bundle.tool("tool", { kind: { type: "spawn_agent" } });
    const digits = (i: number) => i.toString(16).padStart(12, "0");
    for (let i = 0; i < n; i++) {
      runtime(bundle, "tool_call_runtime_ended", {
        call_id: "tool",
        sender_thread_id: THREAD,
        new_thread_id: `00000000-0000-0000-0000-${digits(i)}`,
        prompt: "same",
        model: "m",
        reasoning_effort: "low",
        status: "running",
      });
      bundle.event({
        type: "tool_call_ended",
        tool_call_id: "tool",
        status: "completed",
        result_payload: bundle.payload("tool_result", {}),
      });
    }
  },
  "acceptances of one item": (bundle, n) => {
    bundle.request("a", { input: [message("same", "id")] });
    for (let i = 0; i < n; i++) {
      bundle.event({ type: "history_item_accepted", item_id: "id" });
    }
  },
  "receipts with the same text": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "history_item_accepted",
        item_id: `id-${i}`,
        agent_message_payload: bundle.payload(
          "protocol_event",
          delivered("same", `id-${i}`),
        ),
      });
    }
    bundle.request("a", {
      input: times(n, (i) => delivered("same", `id-${n - i}`)),
    });
  },
  "references to one payload": (bundle, n) => {
    const event_payload = bundle.payload("protocol_event", { a: 1 });
    const metadata_payload = bundle.payload("session_metadata", {});
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: "x",
        event_payload,
      });
      bundle.event({
        type: "thread_started",
        thread_id: `thread-${i}`,
        agent_path: "/root",
        metadata_payload,
      });
    }
  },
  "cells that wait for one call": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "code_cell_started",
        runtime_cell_id: `${i}`,
        model_visible_call_id: `call-${i}`,
        source_js: "1",
      });
    }
    bundle.request("a", {
      input: times(n, (i) => ({
        type: "custom_tool_call",
        name: "exec",
        input: "1",
        call_id: `call-${i}`,
      })),
    });
  },
  "reports of one cell, and tools of it": (bundle, n) => {
    bundle.event({
      type: "code_cell_started",
      runtime_cell_id: "cell",
      model_visible_call_id: "call",
      source_js: "1",
    });
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "code_cell_initial_response",
        runtime_cell_id: "cell",
        status: "yielded",
        response_payload: null,
      });
      bundle.tool(`tool-${i}`, {
        requester: { type: "code_cell", runtime_cell_id: "cell" },
      });
    }
    bundle.request("a", {
      input: [{
        type: "custom_tool_call",
        name: "exec",
        input: "1",
        call_id: "call",
      }],
    });
  },
  "writes to one terminal": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.tool(`tool-${i}`, {
        kind: { type: "write_stdin" },
        invocation_payload: bundle.payload("tool_invocation", {
          tool_name: "write_stdin",
          tool_namespace: null,
          payload: {
            type: "function",
            arguments: JSON.stringify({ session_id: 7, chars: "x" }),
          },
        }),
      });
    }
    for (let i = n - 1; i > 0; i--) {
      bundle.event({
        type: "stdin_target_resolved",
        tool_call_id: `tool-${i}`,
        exec_tool_call_id: "tool-0",
      });
    }
  },
  "requests that show nothing new": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.request(`i${i}`, { input: [message("same")] });
    }
  },
  "requests of as many threads": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      const thread_id = `thread-${i}`;
      bundle.event({ type: "thread_started", thread_id, agent_path: "/root" });
      bundle.event({
        type: "codex_turn_started",
        codex_turn_id: `turn-${i}`,
        thread_id,
      });
      bundle.event({
        type: "inference_started",
        inference_call_id: `i${i}`,
        thread_id,
        codex_turn_id: `turn-${i}`,
        model: "model",
        provider_name: "provider",
        request_payload: bundle.payload("inference_request", {
          input: [message("same")],
        }),
      });
    }
  },
  "compactions of one id": (bundle, n) => {
    for (let i = 0; i < n; i++) {
      bundle.event({
        type: "compaction_request_started",
        compaction_id: "c",
        compaction_request_id: `r${i}`,
        thread_id: THREAD,
        codex_turn_id: "turn",
        model: "model",
        provider_name: "provider",
        request_payload: bundle.payload("compaction_request", {}),
      });
    }
    bundle.event({
      type: "compaction_installed",
      compaction_id: "c",
      checkpoint_payload: bundle.payload("compaction_checkpoint", {
        input_history: times(n, () => message("same")),
        replacement_history: times(n, () => message("same")),
      }),
    });
  },
};

/** A bundle with a crowd in it. */
export function crowded(
  crowd: Crowd,
  schema: SchemaOrNumber,
  n: number,
): RawBundle {
  const bundle = new RawBundle(schema);
  crowd(bundle, n);
  return bundle;
}
