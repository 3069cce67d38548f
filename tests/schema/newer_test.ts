/**
 * Bundles of a later recorder: a schema that is not known yet, and events that a known schema
 * does not have.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { checkBundle } from "../../lib/check/check.ts";
import type { CheckReport } from "../../lib/check/report.ts";
import { BundleFormatError, type Diagnostic } from "../../lib/errors.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { checkText } from "../../lib/check/check_text.ts";
import { replayBundle } from "../../lib/replay.ts";
import { NEWEST_SCHEMA, SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { inFolder } from "../support/cli.ts";
import { message, RawBundle, THREAD } from "../support/bundles/raw_bundle.ts";
import { COVERS_ALL_CASES } from "../support/cases.ts";
import { testEvery } from "../support/every_schema.ts";
import { stateText } from "../support/state_text.ts";

const NEWER = NEWEST_SCHEMA.version + 1;

/** A session with a request, its answer, and a tool call; `add` adds to its middle. */
function session(
  schema: Schema,
  add: (draft: RawBundle) => unknown = () => {},
): RawBundle {
  const draft = new RawBundle(schema, "rollout");
  draft.request("i", { input: [message("user", "go")] })
    .response("i", [message("assistant", "done")]);
  add(draft);
  return draft.tool("t").toolEnd("t").end();
}

/** The same session as a later recorder would write it. */
function newer(add?: (draft: RawBundle) => unknown): RawBundle {
  const draft = session(NEWEST_SCHEMA, add);
  draft.changeManifest({ schema_version: NEWER });
  const { version } = NEWEST_SCHEMA;
  return draft.rewrite((log) =>
    log.replaceAll(`"schema_version":${version}`, `"schema_version":${NEWER}`)
  );
}

function inBundle<T>(draft: RawBundle, use: (dir: string) => T): T {
  const results: T[] = [];
  inFolder((folder) => {
    const dir = join(folder, "bundle");
    draft.writeTo(dir);
    results.push(use(dir));
  });
  const [result] = results;
  assert(result !== undefined);
  return result;
}

interface Replayed {
  readonly trace: RolloutTrace;
  readonly diagnostics: readonly Diagnostic[];
  readonly counters: {
    readonly events: number;
    readonly skippedEvents: number;
  };
}

function replayTolerantly(draft: RawBundle): Replayed {
  return inBundle(draft, (dir) => {
    const diagnostics: Diagnostic[] = [];
    let counters = { events: -1, skippedEvents: -1 };
    const trace = replayBundle(dir, {
      tolerant: true,
      onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
      onCounters: ({ events, skippedEvents }) =>
        void (counters = { events, skippedEvents }),
    });
    return { trace, diagnostics, counters };
  });
}

/** The members of diagnostics that programs read. */
function summaries(diagnostics: readonly Diagnostic[]) {
  return diagnostics.map(({ code, severity, file, line, seq, event_type }) => ({
    code,
    severity,
    file,
    line,
    seq,
    event_type,
  }));
}

/** The diagnostic of an event that the schema does not have. */
function unknownEvent(line: number, event_type: string) {
  return {
    code: "unknown_event_type" as const,
    severity: "loss" as const,
    file: "trace.jsonl",
    line,
    seq: line,
    event_type,
  };
}

const NEWER_SCHEMA = {
  code: "newer_schema",
  severity: "loss",
  file: "manifest.json",
  line: null,
  seq: null,
  event_type: null,
} as const;

Deno.test("a newer schema is refused with its number and the newest known one", () => {
  const error = inBundle(
    newer(),
    (dir) => assertThrows(() => replayBundle(dir), BundleFormatError),
  );
  assertEquals([error.file, error.path], ["manifest.json", "schema_version"]);
  assertMatch(error.message, new RegExp(`\\bschema ${NEWER}\\b`));
  assertMatch(error.message, new RegExp(`\\b${NEWEST_SCHEMA.version}\\b`));
});

Deno.test("a newer schema without anything new is read tolerantly, as the newest known one", () => {
  const { trace, diagnostics, counters } = replayTolerantly(newer());
  assertEquals(summaries(diagnostics), [NEWER_SCHEMA]);
  assertEquals(counters.skippedEvents, 0);
  const known = replayTolerantly(session(NEWEST_SCHEMA)).trace;
  assertEquals(trace.schema_version, NEWEST_SCHEMA.version);
  assert(stateText(trace) === stateText(known));
});

Deno.test("the diagnostic of a newer schema names both numbers", () => {
  const [diagnostic] = replayTolerantly(newer()).diagnostics;
  const { message = "" } = diagnostic ?? {};
  assertMatch(message, new RegExp(`\\bschema ${NEWER}\\b`));
  assertMatch(message, new RegExp(`\\b${NEWEST_SCHEMA.version}\\b`));
});

/** Events that no known schema has, with payloads and without. */
function addNewEvents(draft: RawBundle): void {
  draft.event({ type: "context_trimmed", item_ids: ["a"], budget: 1.5 })
    .event({ type: "dream_started", payload: draft.payload("tool_result", 1) })
    .event({ type: "context_trimmed" }, { thread_id: null });
}

Deno.test("new events of a newer schema are skipped, each with its place", () => {
  const { trace, diagnostics, counters } = replayTolerantly(
    newer(addNewEvents),
  );
  assertEquals(summaries(diagnostics), [
    NEWER_SCHEMA,
    unknownEvent(6, "context_trimmed"),
    unknownEvent(7, "dream_started"),
    unknownEvent(8, "context_trimmed"),
  ]);
  assertEquals(counters, { events: 14, skippedEvents: 3 });
  assertEquals(trace.tool_calls.size, 1);
  assertEquals(trace.status, "completed");
  assertEquals(trace.threads.get(THREAD)?.execution.status, "completed");
});

testEvery(
  SCHEMAS,
  "an unknown event is refused with its line and type",
  (schema) => {
    const error = inBundle(
      session(schema, addNewEvents),
      (dir) => assertThrows(() => replayBundle(dir), BundleFormatError),
    );
    assertEquals(
      error.message,
      'trace.jsonl line 6, payload.type: unknown variant "context_trimmed"',
    );
    assertEquals([error.line, error.path], [6, "payload.type"]);
  },
);

testEvery(
  SCHEMAS,
  "an unknown event is skipped, and keeps its place in the order",
  (schema) => {
    const { trace, diagnostics, counters } = replayTolerantly(
      session(schema, addNewEvents),
    );
    assertEquals(summaries(diagnostics), [
      unknownEvent(6, "context_trimmed"),
      unknownEvent(7, "dream_started"),
      unknownEvent(8, "context_trimmed"),
    ]);
    assertEquals(counters.skippedEvents, 3);
    // Without them the log has a gap, but for the schema that does not count.
    const plain = replayTolerantly(session(schema)).trace;
    assertEquals([...trace.tool_calls.keys()], [...plain.tool_calls.keys()]);
    assertEquals(trace.inference_calls.size, plain.inference_calls.size);
    assertEquals(trace.recording_complete, plain.recording_complete);
    assertEquals(trace.recording_status, plain.recording_status);
  },
);

testEvery(
  SCHEMAS,
  "an unknown event out of order is reported for both",
  (schema) => {
    const { diagnostics } = replayTolerantly(
      session(schema, (draft) => draft.event({ type: "new" }, { seq: 9 })),
    );
    assertEquals(
      diagnostics.map(({ code, line, seq }) => [code, line, seq]),
      schema.log.isContiguous
        ? [["unknown_event_type", 6, 9], ["sequence_gap", 6, 9]]
        : [["unknown_event_type", 6, 9]],
    );
  },
);

testEvery(
  SCHEMAS,
  "an unknown event of a damaged envelope is a malformed line",
  (schema) => {
    const line = JSON.stringify({
      schema_version: schema.version,
      seq: "6",
      wall_time_unix_ms: 1,
      rollout_id: "rollout",
      payload: { type: "new" },
    });
    const { diagnostics } = replayTolerantly(
      session(schema, (draft) => draft.raw(`${line}\n`)),
    );
    assertEquals(
      diagnostics.map(({ code, line, seq }) => [code, line, seq]),
      [["malformed_line", 6, null]],
    );
  },
);

testEvery(
  SCHEMAS,
  "an unknown event truncated at the end of the log is a torn line",
  (schema) => {
    const draft = session(schema, addNewEvents);
    const { diagnostics } = replayTolerantly(
      draft.rewrite((log) => {
        const end = log.indexOf(`"dream_started"`);
        return log.slice(0, end + 5);
      }),
    );
    assertEquals(
      diagnostics.map(({ code, line }) => [code, line]),
      [["unknown_event_type", 6], ["truncated_line", 7]],
    );
  },
);

function check(draft: RawBundle, spoil = (_dir: string) => {}): CheckReport {
  return inBundle(draft, (dir) => {
    spoil(dir);
    return checkBundle(dir);
  });
}

Deno.test("check of a newer schema returns one error and judges nothing else", () => {
  const reports = [
    check(newer()),
    check(newer(addNewEvents)),
    check(newer(addNewEvents).raw("no JSON\n\n")),
    // Whatever would be a finding in a schema that is known.
    check(newer((draft) => draft.tool("open").toolEnd("never")), (dir) => {
      Deno.writeTextFileSync(join(dir, "payloads", "000001.zst"), "no shard");
      Deno.writeTextFileSync(join(dir, "payloads", "extra.json"), "1");
      Deno.writeTextFileSync(join(dir, "notes.txt"), "");
    }),
  ];
  for (const { findings, counts, clean, reduction, manifest } of reports) {
    assertEquals(
      findings.map(({ code, severity, file, line }) => [
        code,
        severity,
        file,
        line,
      ]),
      [["manifest_schema", "error", "manifest.json", null]],
    );
    assertEquals(counts, { error: 1, warning: 0, note: 0 });
    assertEquals([clean, reduction.strict], [false, false]);
    assertEquals(reduction.refused_by?.code, "manifest_schema");
    assertEquals(manifest?.schema_version, NEWER);
    const { message = "" } = findings[0] ?? {};
    assertMatch(message, new RegExp(`\\bschema ${NEWER}\\b`));
    assertMatch(message, new RegExp(`\\b${NEWEST_SCHEMA.version}\\b`));
  }
});

Deno.test("check of a newer schema still counts what there is", () => {
  const { totals } = check(newer(addNewEvents));
  assertEquals(totals.events, 14);
  assertEquals(totals.events_by_type["context_trimmed"], 2);
  assertEquals(totals.events_by_type["dream_started"], 1);
  assertEquals(totals.payload_files, 1);
  assert(totals.log_bytes > 0);
});

testEvery(
  SCHEMAS,
  "check finds an unknown event, and nothing that follows from it",
  (schema) => {
    const { findings } = check(
      session(schema, (draft) => draft.event({ type: "context_trimmed" })),
    );
    assertEquals(
      findings.map(({ code, severity, line, seq, event_type }) => [
        code,
        severity,
        line,
        seq,
        event_type,
      ]),
      [["unknown_event_type", "error", 6, 6, "context_trimmed"]],
    );
  },
);

Deno.test("the types of unknown events are reported at a length that fits", () => {
  const type = `${"long ".repeat(1000)}type`;
  const { diagnostics } = replayTolerantly(
    session(NEWEST_SCHEMA, (draft) => draft.event({ type })),
  );
  const reported = diagnostics.map(({ event_type }) => event_type);
  assertEquals(reported, [`${"long ".repeat(40)}… (5004 characters)`]);
  assert(diagnostics.every(({ message }) => message.length < 1000));
});

Deno.test("check counts any number of unknown types, and shows some of them", () => {
  const types = COVERS_ALL_CASES ? 150_000 : 1_000;
  const draft = session(NEWEST_SCHEMA, (draft) => {
    for (let n = 0; n < types; n++) draft.event({ type: `new_${n}` });
    draft.event({ type: "new_1" }).event({ type: `new_${types - 1}` });
  });
  const report = check(draft);
  const { events_by_type, events } = report.totals;
  const counts = Object.values(events_by_type);
  assertEquals(counts.reduce((sum, count) => sum + count), events);
  assertEquals(events_by_type["new_1"], 2);
  assertEquals(events_by_type["more unknown types"], types - 99);
  assertEquals(report.counts.error, types + 2);
  assert(checkText(report).length < 1500);
});
