/**
 * A host whose clock, ids, store or trace id are wrong.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { MemoryStore } from "../../../lib/bundle/write/store.ts";
import { ThreadTraceContext } from "../../../lib/record/thread.ts";
import { ROOT_METADATA } from "../../support/bundles/host/scripted_host.ts";
import { play, testEvery } from "./strict_recording.ts";

testEvery("an event at which the clock has no time is left out", (schema) => {
  for (
    const clock of [
      () => NaN,
      () => Infinity,
      () => 2 ** 60,
      () => {
        throw new Error("no clock");
      },
    ]
  ) {
    let broken = false;
    const now = () => broken ? clock() : 1;
    const { errors, types } = play(schema, (thread) => {
      broken = true;
      thread.recordCodexTurnStarted("lost");
      broken = false;
      thread.inference("lost", "m", "p").startAttempt().recordStarted({});
    }, { now });
    assertEquals(errors.length, 1);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  }
  let time = 10;
  assertEquals(play(schema, () => {}, { now: () => --time }).errors, []);
});

testEvery(
  "ids of the host that are not new or no texts stay with it",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      for (const response of ["a", "b"]) {
        const attempt = thread.inference("turn", "m", "p").startAttempt();
        attempt.recordStarted({ input: [] });
        attempt.recordCompleted(response, null, null, []);
      }
    }, { newId: () => "same" });
    assertEquals(errors.length, 1);
    const [call] = trace.inference_calls.values();
    assertEquals(call?.response_id, "a");
    const symbols = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      assertEquals(Object.values(attempt.requestHeaders())[0]?.length, 36);
    }, { traceId: "trace", newId: () => Symbol("id") as never });
    assertEquals(symbols.errors, [
      "Cannot make an id: it is not a string: Symbol(id)",
    ]);
  },
);

Deno.test("half a line is removed at the end of the recording", () => {
  class TornStore extends MemoryStore {
    tears = false;
    override append(name: string, content: Uint8Array): void {
      super.append(name, this.tears ? content.subarray(0, 9) : content);
      if (this.tears) throw new Error("disk full");
    }
    override truncate(name: string, length: number): void {
      if (this.tears) throw new Error("busy");
      super.truncate(name, length);
    }
    override releaseHandles(): void {
      this.tears = false;
    }
  }
  const store = new TornStore();
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    schemaVersion: 1,
  });
  thread.recordEnded("completed");
  const complete = store.text("trace.jsonl");
  store.tears = true;
  thread.recordProtocolEvent({ type: "warning" });
  assert(store.text("trace.jsonl") !== complete);
  store.tears = false;
  thread.recordEnded("completed");
  assert(store.text("trace.jsonl")?.endsWith("}\n"));
});

Deno.test("a trace id of the host leads neither out of the root nor through a link", () => {
  const root = Deno.makeTempDirSync();
  const outside = Deno.makeTempDirSync();
  const start = (traceId: string) =>
    ThreadTraceContext.startRoot(root, { ...ROOT_METADATA, thread_id: "t" }, {
      traceId,
    });
  Deno.symlinkSync(outside, join(root, "trace-known-t"), { type: "dir" });
  assertThrows(() => start("known"), Deno.errors.AlreadyExists);
  assertEquals([...Deno.readDirSync(outside)], []);
  const thread = start("../../up");
  assertEquals(thread.bundleDirectory, join(root, "trace-..%2F..%2Fup-t"));
  thread.recordEnded("completed");
  Deno.mkdirSync(join(root, "trace-taken-t"));
  assertThrows(() => start("taken"), Deno.errors.AlreadyExists);
  for (const path of [root, outside]) {
    Deno.removeSync(path, { recursive: true });
  }
});
