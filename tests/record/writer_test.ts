import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { type BundleStore, MemoryStore } from "../../lib/bundle/write/store.ts";
import type {
  InferenceStarted,
  RawTraceEventPayload,
} from "../../lib/format/event.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import { NO_CONTEXT, TraceWriter } from "../../lib/record/trace_writer.ts";
import { NEWEST_SCHEMA, SCHEMAS } from "../../lib/schema/registry.ts";
import { StoredPayloads } from "../support/bundles/stored_payloads.ts";

const ENDED: RawTraceEventPayload = {
  type: "rollout_ended",
  status: "completed",
};

const OPTIONS = {
  rolloutId: "rollout",
  rootThreadId: "root",
  now: () => 7,
  newId: () => "fresh",
};

function seqs(store: MemoryStore): number[] {
  return (store.text("trace.jsonl") ?? "").trimEnd().split("\n")
    .map((line) => JSON.parse(line).seq);
}

/** A store whose next appends or truncations can be made to fail. */
class BreakableStore extends MemoryStore {
  /** Appends that fail from now on, after writing half. */
  brokenAppends = 0;
  /** Truncations that fail from now on. */
  brokenTruncations = 0;

  override append(name: string, content: Uint8Array): void {
    if (this.brokenAppends-- <= 0) return super.append(name, content);
    super.append(name, content.subarray(0, 20));
    throw new Error("disk full");
  }

  override truncate(name: string, length: number): void {
    if (this.brokenTruncations-- > 0) throw new Error("not now");
    super.truncate(name, length);
  }
}

Deno.test("TraceWriter writes manifest, log and payloads as Codex lays them out", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, { ...OPTIONS, schemaVersion: 1 });
  const ref = writer.writePayload("protocol_event", { type: "é", list: [] });
  writer.append(NO_CONTEXT, {
    type: "protocol_event_observed",
    event_type: "warning",
    event_payload: ref,
  });
  writer.append({ threadId: "root", codexTurnId: "turn" }, {
    type: "stdin_target_resolved",
    tool_call_id: "a",
    exec_tool_call_id: "b",
  });
  assertEquals(store.names(), [
    "trace.jsonl",
    "manifest.json",
    "payloads/1.json",
  ]);
  assertEquals(
    store.text("manifest.json"),
    `{
  "schema_version": 1,
  "trace_id": "fresh",
  "rollout_id": "rollout",
  "root_thread_id": "root",
  "started_at_unix_ms": 7,
  "raw_event_log": "trace.jsonl",
  "payloads_dir": "payloads"
}`,
  );
  assertEquals(
    store.text("payloads/1.json"),
    '{\n  "type": "é",\n  "list": []\n}',
  );
  assertEquals(
    store.text("trace.jsonl"),
    '{"schema_version":1,"seq":1,"wall_time_unix_ms":7,"rollout_id":"rollout","thread_id":null,"codex_turn_id":null,"payload":{"type":"protocol_event_observed","event_type":"warning","event_payload":{"raw_payload_id":"raw_payload:1","kind":{"type":"protocol_event"},"path":"payloads/1.json"}}}\n' +
      '{"schema_version":1,"seq":2,"wall_time_unix_ms":7,"rollout_id":"rollout","thread_id":"root","codex_turn_id":"turn","payload":{"type":"stdin_target_resolved","tool_call_id":"a","exec_tool_call_id":"b"}}\n',
  );
});

Deno.test("TraceWriter writes the newest schema unless another one is asked for", () => {
  const writer = TraceWriter.create(new MemoryStore(), OPTIONS);
  assertEquals(writer.manifest.schema_version, NEWEST_SCHEMA.version);
  assertEquals(
    writer.append(NO_CONTEXT, ENDED).schema_version,
    NEWEST_SCHEMA.version,
  );
});

Deno.test("TraceWriter writes every known schema, and no other", () => {
  for (const { version } of SCHEMAS) {
    const options = { ...OPTIONS, schemaVersion: version };
    const writer = TraceWriter.create(new MemoryStore(), options);
    assertEquals(writer.manifest.schema_version, version);
    assertEquals(writer.append(NO_CONTEXT, ENDED).schema_version, version);
  }
  for (const schemaVersion of [0, 1.5, NEWEST_SCHEMA.version + 1]) {
    assertThrows(
      () =>
        TraceWriter.create(new MemoryStore(), { ...OPTIONS, schemaVersion }),
      RangeError,
      `Cannot record schema ${schemaVersion}: it must be one of `,
    );
  }
});

/** Keys of an event as a schema writes it. */
function keysOf(schemaVersion: number, event: RawTraceEventPayload): string[] {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, { ...OPTIONS, schemaVersion });
  writer.append(NO_CONTEXT, event);
  return Object.keys(JSON.parse(store.text("trace.jsonl") ?? "").payload);
}

function refTo(type: RawPayloadRef["kind"]["type"]): RawPayloadRef {
  return { raw_payload_id: "raw_payload:1", kind: { type }, shard: 1 };
}

Deno.test("TraceWriter names the kind of a runtime where the schema does", () => {
  for (const { version, write } of SCHEMAS) {
    const keys = keysOf(version, {
      type: "tool_call_runtime_started",
      tool_call_id: "call",
      kind: { type: "apply_patch" },
      runtime_payload: refTo("tool_runtime_event"),
    });
    const kind = write.runtimeStartsNameKind ? ["kind"] : [];
    assertEquals(keys, ["type", "tool_call_id", ...kind, "runtime_payload"]);
  }
  const writer = TraceWriter.create(new MemoryStore(), OPTIONS);
  assertThrows(
    () =>
      writer.append(NO_CONTEXT, {
        type: "tool_call_runtime_started",
        tool_call_id: "call",
        kind: null,
        runtime_payload: refTo("tool_runtime_event"),
      }),
    TypeError,
    'Cannot append "tool_call_runtime_started": kind is null',
  );
});

Deno.test("TraceWriter leaves out the payload of an acceptance that has none", () => {
  const item = refTo("protocol_event");
  const accepted = {
    type: "history_item_accepted",
    item_id: "msg_1",
    agent_message_payload: null,
    tool_output_payload: null,
  } as const;
  for (const { version, write } of SCHEMAS) {
    if (write.unknownEvents.has("history_item_accepted")) continue;
    assertEquals(keysOf(version, accepted), ["type", "item_id"]);
    assertEquals(
      keysOf(version, { ...accepted, agent_message_payload: item }),
      ["type", "item_id", "agent_message_payload"],
    );
    assertEquals(
      keysOf(version, { ...accepted, tool_output_payload: item }),
      [
        "type",
        "item_id",
        ...write.acceptsToolOutputs ? ["tool_output_payload"] : [],
      ],
    );
  }
});

const STARTED: InferenceStarted = {
  type: "inference_started",
  inference_call_id: "i",
  thread_id: "t",
  codex_turn_id: "u",
  model: "m",
  provider_name: "p",
  request_payload: refTo("inference_request"),
  prepared_prompt_payload: refTo("prepared_prompt"),
  warmup_context_payload: null,
  stripped_tool_output_ids: [],
};

Deno.test("TraceWriter writes what the schema knows about a request", () => {
  const keys = Object.keys(STARTED);
  for (const { version, write } of SCHEMAS) {
    const { preparesPrompts } = write;
    assertEquals(
      keysOf(version, STARTED),
      keys.slice(0, preparesPrompts ? 8 : 7),
    );
    assertEquals(
      keysOf(version, {
        ...STARTED,
        warmup_context_payload: refTo("warmup_context"),
        stripped_tool_output_ids: [[0, "output"]],
      }),
      preparesPrompts ? keys : keys.slice(0, 7),
    );
  }
  const writer = TraceWriter.create(new MemoryStore(), OPTIONS);
  assertThrows(
    () =>
      writer.append(NO_CONTEXT, { ...STARTED, prepared_prompt_payload: null }),
    TypeError,
    'Cannot append "inference_started": prepared_prompt_payload is null',
  );
});

Deno.test("TraceWriter leaves out the stripped ids of outputs that cannot be read", () => {
  const item = refTo("model_item");
  const cut: RawPayloadRef = {
    ...item,
    capture: { status: "truncated", original_bytes: 2, retained_bytes: 1 },
  };
  const split: RawPayloadRef = {
    ...refTo("inference_request"),
    parts: [item, cut, item],
  };
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, {
    ...STARTED,
    request_payload: split,
    stripped_tool_output_ids: [[0, "a"], [1, "b"], [2, "c"]],
  });
  const [line = ""] = (store.text("trace.jsonl") ?? "").split("\n");
  assertEquals(JSON.parse(line).payload.stripped_tool_output_ids, [
    [0, "a"],
    [2, "c"],
  ]);
});

Deno.test("TraceWriter refuses events that schema 1 has no name for", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, { ...OPTIONS, schemaVersion: 1 });
  assertThrows(
    () => writer.append(NO_CONTEXT, { type: "recording_completed" }),
    Error,
    'Cannot append "recording_completed": schema 1 has no such event',
  );
  assertEquals(writer.append(NO_CONTEXT, ENDED).seq, 1);
});

Deno.test("TraceWriter writes nothing after recording_completed", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, { type: "recording_completed" });
  assertThrows(
    () => writer.append(NO_CONTEXT, ENDED),
    Error,
    'Cannot append "rollout_ended": the recording is complete',
  );
  assertEquals(seqs(store), [1]);
});

Deno.test("TraceWriter removes half a line, and leaves no gap in the numbers", () => {
  const store = new BreakableStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, ENDED);
  store.brokenAppends = 1;
  assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "disk full");
  assertEquals(seqs(store), [1]);
  assertEquals(writer.append(NO_CONTEXT, ENDED).seq, 2);
  assertEquals(seqs(store), [1, 2]);
});

Deno.test("TraceWriter writes nothing after half a line until it is removed", () => {
  const store = new BreakableStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, ENDED);
  store.brokenAppends = 1;
  store.brokenTruncations = 2;
  assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "disk full");
  assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "not now");
  assertEquals(writer.append(NO_CONTEXT, ENDED).seq, 2);
  assertEquals(seqs(store), [1, 2]);
});

Deno.test("TraceWriter refuses a payload that has no JSON", () => {
  for (const { version } of SCHEMAS) {
    const store = new MemoryStore();
    const writer = TraceWriter.create(store, {
      ...OPTIONS,
      schemaVersion: version,
    });
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    for (const value of [loop, undefined, { n: 1n }]) {
      assertThrows(() => writer.writePayload("tool_result", value), TypeError);
      assertThrows(
        () => writer.writePayload("inference_request", { input: [value, 1n] }),
        TypeError,
      );
    }
    assertEquals(store.names().length, 2);
    const ref = writer.writePayload("tool_result", 1);
    const payloads = new StoredPayloads((name) => store.bytes(name));
    assertEquals(payloads.text(ref), "1");
  }
});

Deno.test("TraceWriter makes text well-formed, because strict readers refuse halves of characters", () => {
  const texts = ["a\ud800b", "\\ud800", "😀", "\udc00"];
  const formed = ["a\ufffdb", "\\ud800", "😀", "\ufffd"];
  for (const { version } of SCHEMAS) {
    const store = new MemoryStore();
    const writer = TraceWriter.create(store, {
      ...OPTIONS,
      schemaVersion: version,
    });
    const result = writer.writePayload("tool_result", texts);
    const request = writer.writePayload("inference_request", { input: texts });
    const payloads = new StoredPayloads((name) => store.bytes(name));
    assertEquals(JSON.parse(payloads.text(result)), formed);
    assertEquals(JSON.parse(payloads.text(request)), { input: formed });
  }
});

Deno.test("TraceWriter keeps its numbers when the clock itself appends", () => {
  const store = new MemoryStore();
  let depth = 0;
  const writer = TraceWriter.create(store, {
    ...OPTIONS,
    now: () => {
      if (depth++ === 1) writer.append(NO_CONTEXT, ENDED);
      return 1;
    },
  });
  writer.append(NO_CONTEXT, ENDED);
  assertEquals(seqs(store), [1, 2]);
});

Deno.test("TraceWriter never writes over a bundle", () => {
  for (const taken of ["manifest.json", "trace.jsonl"]) {
    const directory = Deno.makeTempDirSync();
    Deno.writeTextFileSync(join(directory, taken), "mine");
    assertThrows(
      () => TraceWriter.create(directory, OPTIONS),
      Deno.errors.AlreadyExists,
    );
    assertEquals(Deno.readTextFileSync(join(directory, taken)), "mine");
    // What was made before the fault is gone again.
    assertEquals([...Deno.readDirSync(directory)].length, 1);
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("TraceWriter leaves no manifest when the bundle cannot be made", () => {
  for (const failing of ["payloads", "trace.jsonl", "manifest.json"]) {
    const store = new MemoryStore();
    const refusing: BundleStore = {
      directory: undefined,
      makeDirectory: (name) => {
        if (name === failing) throw new Error("refused");
        store.makeDirectory(name);
      },
      createFile: (name, content) => {
        if (name === failing) throw new Error("refused");
        store.createFile(name, content);
      },
      append: (name, content) => store.append(name, content),
      truncate: (name, length) => store.truncate(name, length),
      remove: (name) => store.remove(name),
      releaseHandles: () => {},
    };
    assertThrows(() => TraceWriter.create(refusing, OPTIONS), Error, "refused");
    assertEquals(store.names(), []);
  }
});
