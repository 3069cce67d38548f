/**
 * What damaged bundles once brought to light, each as a small bundle of its own.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { BundleFolder } from "./files.ts";
import { outcomeText, replayed } from "./outcome.ts";

const ROOT = "00000000-0000-0000-0000-00000000000a";
const encoder = new TextEncoder();

/** A log of schema 2 in the making, with its payloads. */
class Log {
  readonly files: Map<string, Uint8Array> = new Map();
  #log = "";
  #seq = 0;

  /** Begins with a thread and its turn. */
  constructor() {
    this.#file("manifest.json", {
      schema_version: 2,
      trace_id: "x",
      rollout_id: "r",
      root_thread_id: ROOT,
      started_at_unix_ms: 1,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    });
    this.event({
      type: "thread_started",
      thread_id: ROOT,
      agent_path: "/root",
      metadata_payload: null,
    });
    this.event({
      type: "codex_turn_started",
      codex_turn_id: "u",
      thread_id: ROOT,
    });
  }

  event(payload: object, envelope: object = {}): this {
    const event = {
      schema_version: 2,
      seq: ++this.#seq,
      wall_time_unix_ms: this.#seq,
      rollout_id: "r",
      thread_id: ROOT,
      codex_turn_id: "u",
      payload,
      ...envelope,
    };
    this.#log += `${JSON.stringify(event)}\n`;
    this.files.set("trace.jsonl", encoder.encode(this.#log));
    return this;
  }

  payload(type: string, value: unknown): object {
    const n = this.files.size;
    const path = `payloads/${n}.json`;
    this.#file(path, value);
    return { raw_payload_id: `p${n}`, kind: { type }, path };
  }

  request(id: string, input: unknown[]): this {
    return this.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: ROOT,
      codex_turn_id: "u",
      model: "m",
      provider_name: "p",
      request_payload: this.payload("inference_request", { input }),
    });
  }

  #file(name: string, value: unknown): void {
    this.files.set(name, encoder.encode(JSON.stringify(value)));
  }
}

Deno.test("replayBundle() delivers a message to the next edge, tolerantly, when the first that waits is at fault", () => {
  const hello = {
    type: "agent_message",
    author: "/root",
    recipient: "/root",
    content: [{ type: "input_text", text: "hello" }],
  };
  const message = (id: string) => ({ ...hello, id });
  const log = new Log();
  const kind = { type: "send_message" };
  const begin = () =>
    log.event({
      type: "tool_call_runtime_started",
      tool_call_id: "t",
      kind,
      runtime_payload: log.payload("tool_runtime_event", {
        sender_thread_id: ROOT,
        receiver_thread_id: ROOT,
        call_id: "c",
        prompt: "hello",
      }),
    });
  log.event({
    type: "tool_call_started",
    tool_call_id: "t",
    model_visible_call_id: "c",
    code_mode_runtime_tool_id: null,
    requester: { type: "model" },
    kind,
    summary: {
      type: "generic",
      label: "l",
      input_preview: null,
      output_preview: null,
    },
    invocation_payload: null,
  });
  begin();
  log.request("i1", [message("m1")]);
  begin();
  log.event({
    type: "agent_result_observed",
    edge_id: "result",
    child_thread_id: ROOT,
    child_codex_turn_id: "u",
    parent_thread_id: ROOT,
    message: "hello",
    carried_payload: null,
  });
  log.request("i2", [message("m1"), message("m2")]);
  log.request("i3", [message("m1"), message("m2"), message("m3")]);

  using folder = new BundleFolder();
  const dir = folder.put(log.files);
  const shared = replayed(dir, { tolerant: true });
  assert(shared.kind === "state");
  const codes = shared.diagnostics.map(({ code, line }) => ({ code, line }));
  assertEquals(codes, [{ code: "conflicting_edge", line: 6 }]);
  const edges = JSON.parse(shared.text).interaction_edges;
  assertEquals(edges["edge:tool:t"].target.item_id, "conversation_item:1");
  assertEquals(edges.result.target.item_id, "conversation_item:2");
  const plain = replayed(dir, { tolerant: true, sharePrefixes: false });
  assertEquals(outcomeText(plain), outcomeText(shared));
});

Deno.test("replayBundle() skips an event of another rollout, tolerantly, that leaves a gap in seq as well", () => {
  const log = new Log();
  const turn = { type: "codex_turn_started", thread_id: ROOT };
  log.event({ ...turn, codex_turn_id: "foreign" }, { seq: 7, rollout_id: "q" });
  log.event({ ...turn, codex_turn_id: "late" }, { seq: 9 });

  using folder = new BundleFolder();
  const outcome = replayed(folder.put(log.files), { tolerant: true });
  assert(outcome.kind === "state");
  const turns = JSON.parse(outcome.text).codex_turns;
  assertEquals(Object.keys(turns), ["late", "u"]);
  assertEquals(
    outcome.diagnostics.map(({ code, lost }) => ({ code, lost })),
    [
      { code: "sequence_gap", lost: "the content of the line" },
      {
        code: "sequence_gap",
        lost: "nothing of this event; others may be missing",
      },
    ],
  );
});
