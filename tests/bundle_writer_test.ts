import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  type BundleStore,
  DirectoryStore,
  MemoryStore,
} from "../lib/bundle/write/store.ts";
import { NO_CONTEXT, TraceWriter } from "../lib/bundle/write/writer.ts";
import type { RawTraceEventPayload } from "../lib/format/event.ts";

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

Deno.test("TraceWriter writes the newest schema unless told otherwise", () => {
  const writer = TraceWriter.create(new MemoryStore(), OPTIONS);
  assertEquals(writer.manifest.schema_version, 2);
  assertEquals(writer.append(NO_CONTEXT, ENDED).schema_version, 2);
});

Deno.test("TraceWriter tells the kind of a runtime in schema 2 alone", () => {
  const started: RawTraceEventPayload = {
    type: "tool_call_runtime_started",
    tool_call_id: "call",
    kind: { type: "apply_patch" },
    runtime_payload: {
      raw_payload_id: "raw_payload:1",
      kind: { type: "tool_runtime_event" },
      path: "payloads/1.json",
    },
  };
  const keys = ([1, 2] as const).map((schemaVersion) => {
    const store = new MemoryStore();
    const writer = TraceWriter.create(store, { ...OPTIONS, schemaVersion });
    writer.append(NO_CONTEXT, started);
    return Object.keys(JSON.parse(store.text("trace.jsonl") ?? "").payload);
  });
  assertEquals(keys, [
    ["type", "tool_call_id", "runtime_payload"],
    ["type", "tool_call_id", "kind", "runtime_payload"],
  ]);
});

Deno.test("TraceWriter leaves out the message of an acceptance that has none", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, {
    type: "history_item_accepted",
    item_id: "msg_1",
    agent_message_payload: null,
  });
  assert(
    store.text("trace.jsonl")?.endsWith(
      '"payload":{"type":"history_item_accepted","item_id":"msg_1"}}\n',
    ),
  );
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

Deno.test("TraceWriter writes nothing behind recording_completed", () => {
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

Deno.test("TraceWriter takes back half a line, and numbers on without a gap", () => {
  const store = new BreakableStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.append(NO_CONTEXT, ENDED);
  store.brokenAppends = 1;
  assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "disk full");
  assertEquals(seqs(store), [1]);
  assertEquals(writer.append(NO_CONTEXT, ENDED).seq, 2);
  assertEquals(seqs(store), [1, 2]);
});

Deno.test("TraceWriter writes nothing behind half a line until it is taken back", () => {
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

Deno.test("TraceWriter uses up the ordinal of a payload that has no JSON", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, OPTIONS);
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  assertThrows(() => writer.writePayload("tool_result", loop), TypeError);
  assertThrows(() => writer.writePayload("tool_result", undefined), TypeError);
  assertEquals(
    writer.writePayload("tool_result", 1).raw_payload_id,
    "raw_payload:3",
  );
  assertEquals(store.names().slice(2), ["payloads/3.json"]);
});

Deno.test("TraceWriter makes text well-formed, for strict readers refuse halves of characters", () => {
  const store = new MemoryStore();
  const writer = TraceWriter.create(store, OPTIONS);
  writer.writePayload("tool_result", ["a\ud800b", "\\ud800", "😀", "\udc00"]);
  assertEquals(JSON.parse(store.text("payloads/1.json") ?? ""), [
    "a\ufffdb",
    "\\ud800",
    "😀",
    "\ufffd",
  ]);
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
      rest: () => {},
    };
    assertThrows(() => TraceWriter.create(refusing, OPTIONS), Error, "refused");
    assertEquals(store.names(), []);
  }
});

Deno.test({
  name: "DirectoryStore makes files for their owner alone",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const parent = Deno.makeTempDirSync();
    const directory = join(parent, "new", "bundle");
    const writer = TraceWriter.create(directory, OPTIONS);
    writer.writePayload("tool_result", 1);
    writer.append(NO_CONTEXT, ENDED);
    writer.rest();
    const mode = (name: string) =>
      ((Deno.statSync(join(directory, name)).mode ?? 0) & 0o777).toString(8);
    assertEquals(mode("."), "700");
    assertEquals(mode("payloads"), "700");
    for (const file of ["manifest.json", "trace.jsonl", "payloads/1.json"]) {
      assertEquals(mode(file), "600");
    }
    Deno.removeSync(parent, { recursive: true });
  },
});

Deno.test("DirectoryStore has an event on the disk when append returns, and goes on after a rest", () => {
  const directory = Deno.makeTempDirSync();
  const writer = TraceWriter.create(join(directory, "b"), OPTIONS);
  const log = join(directory, "b", "trace.jsonl");
  for (let n = 1; n <= 3; n++) {
    writer.append(NO_CONTEXT, ENDED);
    assertEquals(Deno.readTextFileSync(log).split("\n").length, n + 1);
    if (n === 2) writer.rest();
  }
  writer.rest();
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore writes on when the system takes less than it is given", () => {
  const directory = Deno.makeTempDirSync();
  const whole = Deno.FsFile.prototype.writeSync;
  Deno.FsFile.prototype.writeSync = function (bytes: Uint8Array): number {
    return whole.call(this, bytes.subarray(0, 3));
  };
  try {
    const store = new DirectoryStore(join(directory, "b"));
    store.makeDirectory("payloads");
    store.createFile("log", new TextEncoder().encode("0123456789"));
    store.append("log", new TextEncoder().encode("abcdefg"));
    store.rest();
  } finally {
    Deno.FsFile.prototype.writeSync = whole;
  }
  assertEquals(
    Deno.readTextFileSync(join(directory, "b", "log")),
    "0123456789abcdefg",
  );
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore removes a file that it could not complete", () => {
  const directory = Deno.makeTempDirSync();
  const whole = Deno.FsFile.prototype.writeSync;
  const store = new DirectoryStore(directory);
  Deno.FsFile.prototype.writeSync = () => {
    throw new Error("disk full");
  };
  try {
    assertThrows(
      () => store.createFile("payload", new Uint8Array(9)),
      Error,
      "disk full",
    );
  } finally {
    Deno.FsFile.prototype.writeSync = whole;
  }
  assertEquals([...Deno.readDirSync(directory)], []);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore takes back half a line on the disk", () => {
  const directory = Deno.makeTempDirSync();
  const writer = TraceWriter.create(join(directory, "b"), OPTIONS);
  writer.append(NO_CONTEXT, ENDED);
  const whole = Deno.FsFile.prototype.writeSync;
  let calls = 0;
  Deno.FsFile.prototype.writeSync = function (bytes: Uint8Array): number {
    if (calls++ > 0) throw new Error("disk full");
    return whole.call(this, bytes.subarray(0, 10));
  };
  try {
    assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "disk full");
  } finally {
    Deno.FsFile.prototype.writeSync = whole;
  }
  writer.append(NO_CONTEXT, ENDED);
  writer.rest();
  const lines = Deno.readTextFileSync(join(directory, "b", "trace.jsonl"))
    .trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line).seq), [1, 2]);
  Deno.removeSync(directory, { recursive: true });
});
