import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DirectoryStore } from "../../../lib/bundle/write/store.ts";
import type { RawTraceEventPayload } from "../../../lib/format/event.ts";
import { NO_CONTEXT, TraceWriter } from "../../../lib/record/trace_writer.ts";

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

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test({
  name: "DirectoryStore makes files for their owner alone",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const parent = Deno.makeTempDirSync();
    const directory = join(parent, "new", "bundle");
    const writer = TraceWriter.create(directory, OPTIONS);
    writer.writePayload("tool_result", 1);
    writer.append(NO_CONTEXT, ENDED);
    writer.releaseHandles();
    const mode = (name: string) =>
      ((Deno.statSync(join(directory, name)).mode ?? 0) & 0o777).toString(8);
    assertEquals(mode("."), "700");
    assertEquals(mode("payloads"), "700");
    for (
      const file of ["manifest.json", "trace.jsonl", "payloads/000001.zst"]
    ) {
      assertEquals(mode(file), "600");
    }
    Deno.removeSync(parent, { recursive: true });
  },
});

Deno.test("DirectoryStore has an event on the disk when append returns, also after a rest", () => {
  const directory = Deno.makeTempDirSync();
  const writer = TraceWriter.create(join(directory, "b"), OPTIONS);
  const log = join(directory, "b", "trace.jsonl");
  for (let n = 1; n <= 3; n++) {
    writer.append(NO_CONTEXT, ENDED);
    assertEquals(Deno.readTextFileSync(log).split("\n").length, n + 1);
    if (n === 2) writer.releaseHandles();
  }
  writer.releaseHandles();
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore writes the rest when the system takes less than it is given", () => {
  const directory = Deno.makeTempDirSync();
  const writeSync = Deno.FsFile.prototype.writeSync;
  Deno.FsFile.prototype.writeSync = function (bytes: Uint8Array): number {
    return writeSync.call(this, bytes.subarray(0, 3));
  };
  try {
    const store = new DirectoryStore(join(directory, "b"));
    store.makeDirectory("payloads");
    store.createFile("log", new TextEncoder().encode("0123456789"));
    store.append("log", new TextEncoder().encode("abcdefg"));
    store.releaseHandles();
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
  assertEquals(
    Deno.readTextFileSync(join(directory, "b", "log")),
    "0123456789abcdefg",
  );
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore removes a file that it could not complete", () => {
  const directory = Deno.makeTempDirSync();
  const writeSync = Deno.FsFile.prototype.writeSync;
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
    Deno.FsFile.prototype.writeSync = writeSync;
  }
  assertEquals([...Deno.readDirSync(directory)], []);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore removes half a line on the disk", () => {
  const directory = Deno.makeTempDirSync();
  const writer = TraceWriter.create(join(directory, "b"), OPTIONS);
  writer.append(NO_CONTEXT, ENDED);
  const writeSync = Deno.FsFile.prototype.writeSync;
  let calls = 0;
  Deno.FsFile.prototype.writeSync = function (bytes: Uint8Array): number {
    if (calls++ > 0) throw new Error("disk full");
    return writeSync.call(this, bytes.subarray(0, 10));
  };
  try {
    assertThrows(() => writer.append(NO_CONTEXT, ENDED), Error, "disk full");
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
  writer.append(NO_CONTEXT, ENDED);
  writer.releaseHandles();
  const lines = Deno.readTextFileSync(join(directory, "b", "trace.jsonl"))
    .trimEnd().split("\n");
  assertEquals(lines.map((line) => JSON.parse(line).seq), [1, 2]);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("DirectoryStore appends to more files than it keeps open", () => {
  const directory = Deno.makeTempDirSync();
  const store = new DirectoryStore(directory);
  const names = ["a", "b", "c"];
  for (const name of names) store.createFile(name, bytes(""));
  for (const name of ["a", "b", "a", "c", "b", "c", "a"]) {
    store.append(name, bytes(name));
  }
  store.truncate("b", 1);
  store.releaseHandles();
  const texts = names.map((name) =>
    Deno.readTextFileSync(join(directory, name))
  );
  assertEquals(texts, ["aaa", "b", "cc"]);
  Deno.removeSync(directory, { recursive: true });
});
