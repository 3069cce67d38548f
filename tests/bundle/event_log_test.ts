import { assertEquals, assertThrows } from "@std/assert";
import { EventOrder } from "../../lib/bundle/log/event_order.ts";
import { readEventLog } from "../../lib/bundle/log/event_log.ts";
import { BundleFormatError, ReplayError } from "../../lib/errors.ts";
import { asSchema } from "../support/every_schema.ts";

/** A file in memory that hands out at most `step` bytes a read. */
function source(content: string | Uint8Array, step = 1 << 20) {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  let at = 0;
  return {
    readSync(buffer: Uint8Array): number | null {
      if (at === bytes.length) return null;
      const part = bytes.subarray(at, at + Math.min(step, buffer.length));
      buffer.set(part);
      at += part.length;
      return part.length;
    },
  };
}

function event(seq: number, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    schema_version: 2,
    seq,
    wall_time_unix_ms: 5,
    rollout_id: "r",
    thread_id: null,
    codex_turn_id: null,
    payload: { type: "thread_ended", thread_id: "T", status: "failed" },
    ...fields,
  });
}

const COMPLETED = { payload: { type: "recording_completed" } };

function read(
  content: string | Uint8Array,
  { schema = 1, step = 1 << 20, ordered = false } = {},
): string[] {
  const { version: schema_version, log: rules, events } = asSchema(schema);
  const manifest = { schema_version, rollout_id: "r" };
  const order = ordered ? EventOrder.of(rules, manifest) : undefined;
  const log = readEventLog(source(content, step), events, order);
  return Array.from(log, ({ line, event }) => `${line}:${event.seq}`);
}

function fault(content: string | Uint8Array): BundleFormatError {
  return assertThrows(() => read(content), BundleFormatError);
}

Deno.test("readEventLog() takes lines that end in LF, CR LF or with the file", () => {
  const ends = ["\n", "\r\n", "\r\r\n", " \t\n"];
  for (const end of ends) {
    assertEquals(read(`${event(1)}${end}${event(7)}${end}`), ["1:1", "2:7"]);
    assertEquals(read(`${event(1)}${end}${event(0)}`), ["1:1", "2:0"]);
  }
  assertEquals(read(event(1).replace(",", ",\r")), ["1:1"]);
  assertEquals(read(""), []);
});

Deno.test("readEventLog() counts blank lines and skips them", () => {
  const blank = "\n \t\n\u00a0\u0085\n\u2028\u3000\r\n\v\f\n";
  assertEquals(read(`${blank}${event(1)}\n${blank}${event(2)}`), [
    "6:1",
    "12:2",
  ]);
  for (const visible of ["\ufeff", "\u200b", "\u180e", "\0", "\x1c"]) {
    assertEquals(fault(`\n${visible}\n`).line, 2);
  }
});

Deno.test("readEventLog() reads any line through any size of read", () => {
  const long = event(2, {
    payload: {
      type: "code_cell_started",
      runtime_cell_id: "c",
      model_visible_call_id: "m",
      source_js: "é😀\n".repeat(120_000),
    },
  });
  const log = `${event(1)}\n${long}\n\n${event(3)}`;
  for (const step of [7919, 100_003, 1 << 18, 1 << 24]) {
    assertEquals(read(log, { step }), ["1:1", "2:2", "4:3"]);
  }
  assertEquals(read(`${event(1)}\r\n${event(2)}`, { step: 1 }), ["1:1", "2:2"]);
});

Deno.test("readEventLog() refuses what is not UTF-8 and names the line", () => {
  const start = new TextEncoder().encode(`${event(1)}\n\n`);
  for (const bytes of [[0xff], [0x20, 0xa0], [0xed, 0xa0, 0x80], [0xc3]]) {
    const error = fault(new Uint8Array([...start, ...bytes, 0x0a]));
    assertEquals(error.message, "trace.jsonl line 3: line is not UTF-8");
  }
  const replacement = event(1, { rollout_id: "\ufffd" });
  assertEquals(read(replacement), ["1:1"]);
});

Deno.test("readEventLog() names file, line and path of a malformed event", () => {
  const error = fault(`${event(1)}\n${event(2, { payload: { type: "x" } })}`);
  assertEquals(
    error.message,
    'trace.jsonl line 2, payload.type: unknown variant "x"',
  );
  assertEquals([error.file, error.line, error.path], [
    "trace.jsonl",
    2,
    "payload.type",
  ]);
  assertEquals(
    fault(`${event(1)}\n\n${event(2).slice(0, 30)}`).message,
    "trace.jsonl line 3: text ends inside the string that starts at line 1 column 29 " +
      "(the log ends within this line: the recording was interrupted, or is still running)",
  );
  assertEquals(fault(`\ufeff${event(1)}`).line, 1);
  assertEquals(fault(`${event(1)} {}`).line, 1);
});

Deno.test("EventOrder passes a complete log of schema 2", () => {
  const log = `${event(1)}\n${event(2)}\n${event(3, COMPLETED)}\n \n`;
  assertEquals(read(log, { schema: 2, ordered: true }), ["1:1", "2:2", "3:3"]);
});

Deno.test("EventOrder refuses lines after the completion, whatever they contain", () => {
  for (const after of ["garbage", event(2), event(9, { schema_version: 1 })]) {
    const error = assertThrows(
      () =>
        read(`${event(1, COMPLETED)}\n\n${after}`, {
          schema: 2,
          ordered: true,
        }),
      ReplayError,
      "trace.jsonl line 3 follows the completion of the recording",
    );
    assertEquals(error.code, "event_after_completion");
  }
  const broken = new Uint8Array([
    ...new TextEncoder().encode(`${event(1, COMPLETED)}\n`),
    0xff,
  ]);
  assertThrows(
    () => read(broken, { schema: 2, ordered: true }),
    BundleFormatError,
  );
});

Deno.test("EventOrder checks schema, then sequence, then rollout", () => {
  const foreign = { rollout_id: "q" };
  const cases: [string, string][] = [
    [event(9, { ...foreign, schema_version: 3 }), "unsupported_schema"],
    [event(9, foreign), "sequence_gap"],
    [event(1), "sequence_gap"],
    [event(2, foreign), "foreign_rollout"],
  ];
  for (const [line, code] of cases) {
    const error = assertThrows(
      () => read(`${event(1)}\n\n${line}`, { schema: 2, ordered: true }),
      ReplayError,
    );
    assertEquals([error.code, error.line, error.eventType], [
      code,
      3,
      "thread_ended",
    ]);
  }
  assertThrows(
    () => read(event(0), { schema: 2, ordered: true }),
    ReplayError,
    'Cannot reduce "thread_ended" at seq 0 (trace.jsonl line 1): an event is missing or out of order, expected seq 1',
  );
});
