/**
 * Recordings with limits: what is left out, and when a recording stops.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MemoryStore } from "../../lib/bundle/write/store.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import { TraceWriter } from "../../lib/record/trace_writer.ts";
import { replayBundle } from "../../lib/replay.ts";
import { NEWEST_SCHEMA, SCHEMAS } from "../../lib/schema/registry.ts";
import {
  playSession,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";
import { BundleFolder } from "./faulty_store.ts";
import { startRecording, typesOf } from "../support/bundles/host/recording.ts";
import { slowTest } from "../support/cases.ts";

const OPTIONS = { rolloutId: "r", rootThreadId: "r" };
const LIMITED = SCHEMAS.filter(({ write }) => write.marksCaptures);

function sizeOf(store: MemoryStore): number {
  return store.names().reduce(
    (sum, name) => sum + (store.bytes(name)?.length ?? 0),
    0,
  );
}

Deno.test("a limit must be an integer, and the schema must have limits", () => {
  for (const limit of [-1, 0.5, NaN, Infinity]) {
    assertThrows(
      () =>
        TraceWriter.create(new MemoryStore(), {
          ...OPTIONS,
          maxPayloadBytes: limit,
        }),
      RangeError,
      `Cannot record with maxPayloadBytes ${limit}`,
    );
  }
  for (const { version, write } of SCHEMAS) {
    const options = { ...OPTIONS, schemaVersion: version, maxBytes: 10_000 };
    const create = () => TraceWriter.create(new MemoryStore(), options);
    if (write.marksCaptures) create();
    else {
      assertThrows(
        create,
        RangeError,
        `Cannot record with maxBytes: schema ${version} has no limits`,
      );
    }
  }
});

Deno.test("a recording does not start without room for its manifest and first event", () => {
  const start = (maxBytes: number, store: MemoryStore) =>
    ThreadTraceContext.startRoot(store, ROOT_METADATA, { maxBytes });
  const store = new MemoryStore();
  assertThrows(() => start(100, store), RangeError, "manifest is longer");
  assertEquals(store.names(), []);
  assertThrows(() => start(400, store), RangeError, "no room for its first");
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRootOrDisabled(ROOT_METADATA, {
    root: new MemoryStore(),
    maxBytes: 400,
    onError: (error) => errors.push(error.message),
  });
  assertEquals(thread.isEnabled(), false);
  assertEquals(
    errors.at(-1),
    "Cannot start a recording: the bundle has no room for its first event",
  );
});

Deno.test("a recording stops with the first event that has no room, and reports it once", () => {
  const { thread, store, errors } = startRecording(undefined, {
    maxBytes: 1600,
  });
  const warn = (text: string) =>
    thread.recordProtocolEvent({ type: "warning", message: text });
  assert(thread.isEnabled());
  for (let i = 0; i < 10; i++) warn(`warning ${i}`);
  assertEquals(thread.isEnabled(), false);
  const count = typesOf(store).length;
  // Shorter than the event that had no room.
  thread.recordHistoryItemAccepted("t", "i");
  thread.recordEnded("completed");
  assertEquals(typesOf(store).length, count);
  assertEquals(errors.map((error) => error.message), [
    'Cannot record "protocol_event_observed": the bundle has no room left in 1600 bytes',
  ]);
  assert(sizeOf(store) <= 1600);
});

slowTest(
  "a session stays within any limit and can be reduced, truncated as it may be",
  () => {
    using folder = new BundleFolder();
    const limits = [0, 1, 60, 150, 400, 2000, undefined];
    const sizes = [1000, 7000, 40_000, 120_000, undefined];
    for (const { version } of LIMITED) {
      for (const maxPayloadBytes of limits) {
        for (const maxBytes of sizes) {
          const store = new MemoryStore();
          let errors = 0;
          playSession(store, version, {
            ...maxPayloadBytes === undefined ? {} : { maxPayloadBytes },
            ...maxBytes === undefined ? {} : { maxBytes },
            onError: () => errors++,
          });
          const label = `${maxPayloadBytes} of ${maxBytes}`;
          assert(sizeOf(store) <= (maxBytes ?? Infinity), label);
          folder.hold(store);
          const { recording_status } = replayBundle(folder.directory);
          assertEquals(
            recording_status,
            errors > 0
              ? "unclosed"
              : maxPayloadBytes === undefined
              ? "complete"
              : "closed_with_partial_payloads",
            label,
          );
        }
      }
    }
  },
);

Deno.test("payloads leave room for events", () => {
  const { thread, store, errors } = startRecording(
    NEWEST_SCHEMA.version,
    { maxBytes: 100_000 },
  );
  const noise = crypto.getRandomValues(new Uint8Array(30_000));
  const text = Array.from(noise, (byte) => byte.toString(36)).join("");
  for (let i = 0; i < 9; i++) {
    thread.recordProtocolEvent({ type: "warning", message: text + i });
  }
  const statuses = (store.text("trace.jsonl") ?? "").split("\n")
    .filter((line) => line.includes("warning"))
    .map((line) => JSON.parse(line).payload.event_payload.capture?.status);
  assertEquals(statuses.at(0), undefined);
  assertEquals(statuses.at(-1), "omitted");
  for (let i = 0; i < 30; i++) thread.recordHistoryItemAccepted("t", `i${i}`);
  assertEquals(errors, []);
  assert(sizeOf(store) <= 100_000);
});

slowTest(
  "a payload that is longer than readers take is left out, in every schema",
  () => {
    const text = "x".repeat(64 * 1024 * 1024);
    for (const { version } of SCHEMAS) {
      using folder = new BundleFolder();
      const { thread, store, errors } = startRecording(version, {
        events: "readable",
      });
      thread.recordCodexTurnStarted("turn");
      const item = { type: "message", role: "user", content: [text] };
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted({ input: [item] });
      attempt.recordCompleted("resp", null, null, []);
      thread.recordEnded("completed");
      assertEquals(errors.length, 1);
      assertMatch(
        errors[0]?.message ?? "",
        /^Cannot record "inference_started": it has \d+ bytes, and readers take 67108864$/,
      );
      folder.hold(store);
      assertEquals(replayBundle(folder.directory).inference_calls.size, 0);
    }
  },
);
