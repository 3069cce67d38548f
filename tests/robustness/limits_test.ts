/**
 * The limits of what is read of a bundle.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  DEFAULT_LIMITS,
  LIMIT_NAMES,
  type Limits,
  limitsWith,
  MAX_LIMITS,
  parseLimit,
} from "../../lib/bundle/limits.ts";
import {
  type Diagnostic,
  LimitError,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { inFolder } from "../support/cli.ts";
import { type SchemaOrNumber, testEvery } from "../support/every_schema.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { slowTest } from "../support/cases.ts";

/** What results from a bundle under limits: its error when strict, its diagnostics when tolerant. */
function outcome(bundle: RawBundle, limits: Partial<Limits>): {
  error: unknown;
  diagnostics: Diagnostic[];
  threads: number;
} {
  const diagnostics: Diagnostic[] = [];
  let error: unknown;
  let threads = 0;
  inFolder((folder) => {
    const dir = bundle.writeTo(`${folder}/bundle`);
    try {
      replayBundle(dir, { limits });
    } catch (thrown) {
      error = thrown;
    }
    threads = replayBundle(dir, {
      limits,
      tolerant: true,
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    }).threads.size;
  });
  return { error, diagnostics, threads };
}

/** A bundle with a thread after whatever `add` puts into it. */
function before(
  add: (bundle: RawBundle) => void,
  schema: SchemaOrNumber = 2,
): RawBundle {
  const bundle = new RawBundle(schema);
  add(bundle);
  return bundle.event({
    type: "thread_started",
    thread_id: "after",
    agent_path: "/root",
  });
}

Deno.test("parseLimit() reads numbers and units, and refuses anything else", () => {
  assertEquals(parseLimit("payload=100M"), { payload: 100 * 1024 * 1024 });
  assertEquals(parseLimit("bundle=2g"), { bundle: 2 * 1024 ** 3 });
  assertEquals(parseLimit("events=7"), { events: 7 });
  assertEquals(parseLimit("line=1K"), { line: 1024 });
  for (const name of LIMIT_NAMES) {
    assertEquals(parseLimit(`${name}=1`), { [name]: 1 });
  }
  for (
    const text of [
      "",
      "payload",
      "payload=",
      "payload=-1",
      "payload=0",
      "payload=1.5M",
      "payload=1T",
      "payload=99G",
      "=1",
      "Payload=1",
      "__proto__=1",
      "constructor=1",
      "events=99999999999999999999",
    ]
  ) assertThrows(() => parseLimit(text), RangeError, "Cannot", text);
});

Deno.test("limitsWith() keeps every default that is not replaced", () => {
  assertEquals(limitsWith(), DEFAULT_LIMITS);
  assertEquals(limitsWith({ line: 5 }), { ...DEFAULT_LIMITS, line: 5 });
  for (const name of LIMIT_NAMES) {
    assert(DEFAULT_LIMITS[name] <= MAX_LIMITS[name]);
    for (const value of [0, -1, 0.5, NaN, MAX_LIMITS[name] + 1]) {
      assertThrows(() => limitsWith({ [name]: value }), RangeError, name);
    }
  }
});

testEvery(
  SCHEMAS,
  "a line that is too long ends a strict replay, and a tolerant one passes it",
  (schema) => {
    const bundle = before(
      (it) => it.event({ type: "other", kind: "x".repeat(2000), summary: "" }),
      schema,
    );
    const { error, diagnostics, threads } = outcome(bundle, { line: 1000 });
    assert(error instanceof LimitError);
    assertEquals([error.code, error.limit, error.allowed, error.line], [
      "limit_exceeded",
      "line",
      1000,
      3,
    ]);
    assertStringIncludes(error.message, "--limit line=VALUE");
    assertEquals(diagnostics[0]?.code, "limit_exceeded");
    assertEquals(diagnostics[0]?.line, 3);
    assertEquals(threads, 2);
  },
);

testEvery(
  SCHEMAS,
  "a payload that is too large ends a strict replay, and a tolerant one passes its event",
  (schema) => {
    const bundle = before(
      (it) => it.request("i", { input: [], padding: "x".repeat(2000) }),
      schema,
    );
    const { error, diagnostics, threads } = outcome(bundle, { payload: 1000 });
    assert(error instanceof ReplayError);
    assert(error.cause instanceof PayloadError);
    assertEquals(error.cause.code, "payload_over_limit");
    assertStringIncludes(error.message, "--limit payload=VALUE");
    assertEquals(diagnostics[0]?.code, "payload_over_limit");
    assertEquals(threads, 2);
  },
);

Deno.test("limits hold exactly: what just fits is taken", () => {
  const bundle = new RawBundle(1).request("i", { input: [] });
  const lines = bundle.lines.map((line) => line.length);
  const [payload = ""] = bundle.payloads.values();
  const exact = {
    line: Math.max(...lines),
    payload: payload.length,
    bundle: lines.reduce((sum, length) => sum + length + 1, payload.length),
    events: lines.length,
    payloads: 1,
    depth: 5,
  };
  assertEquals(outcome(bundle, exact).error, undefined);
  for (const name of ["line", "payload", "bundle", "events"] as const) {
    const { error } = outcome(bundle, { [name]: exact[name] - 1 });
    const cause = error instanceof ReplayError ? error.cause : error;
    const limit = cause instanceof PayloadError ? cause.cause : cause;
    assert(limit instanceof LimitError, `${name}: ${error}`);
    assertEquals(limit.limit, name);
  }
});

testEvery(
  SCHEMAS,
  "too many events or payloads end the reading, tolerantly with all that preceded",
  (schema) => {
    const bundle = new RawBundle(schema);
    for (let i = 0; i < 20; i++) {
      bundle.event({
        type: "thread_started",
        thread_id: `t${i}`,
        agent_path: "/root",
        metadata_payload: bundle.payload("session_metadata", {}),
      });
    }
    for (const limits of [{ events: 12 }, { payloads: 10 }]) {
      const { error, diagnostics, threads } = outcome(bundle, limits);
      assert(error instanceof LimitError, String(error));
      assertEquals(error.line, 13);
      assertEquals(diagnostics.map(({ code }) => code), ["limit_exceeded"]);
      assertEquals(threads, 11);
    }
  },
);

testEvery(
  SCHEMAS,
  "a payload that is named again does not count again",
  (schema) => {
    const bundle = new RawBundle(schema);
    const first = bundle.payload("session_metadata", {});
    const second = bundle.payload("session_metadata", {});
    const third = bundle.payload("session_metadata", {});
    for (let i = 0; i < 20; i++) {
      bundle.event({
        type: "thread_started",
        thread_id: `t${i}`,
        agent_path: "/root",
        metadata_payload: i === 15 ? third : i % 2 === 0 ? first : second,
      });
    }
    assertEquals(outcome(bundle, { payloads: 3 }).error, undefined);
    const { error, threads } = outcome(bundle, { payloads: 2 });
    assert(error instanceof LimitError, String(error));
    // Fifteen of these, and the root.
    assertEquals({ line: error.line, threads }, { line: 18, threads: 16 });
  },
);

slowTest(
  "what nests 200,000 levels deep has an outcome, wherever it is",
  () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const unknownKey = before((it) =>
      it.lines.push(
        `{"unknown":${deep},"schema_version":2,"seq":3,"wall_time_unix_ms":1,` +
          `"rollout_id":"rollout","payload":{"type":"thread_started",` +
          `"thread_id":"deep","agent_path":"/root"}}`,
      )
    );
    assertEquals(outcome(unknownKey, {}).error, undefined);
    const { error, diagnostics } = outcome(unknownKey, { depth: 1000 });
    assert(error instanceof LimitError);
    assertEquals(error.limit, "depth");
    assertEquals(diagnostics[0]?.code, "limit_exceeded");

    const checked = before((it) =>
      it.event({
        type: "protocol_event_observed",
        event_type: "x",
        event_payload: it.payload("protocol_event", deep),
      })
    );
    assertEquals(outcome(checked, {}).error, undefined);
    assertEquals(
      outcome(checked, { depth: 1000 }).diagnostics[0]?.code,
      "payload_over_limit",
    );

    const read = before((it) =>
      it.event({
        type: "thread_started",
        thread_id: "deep",
        agent_path: "/root",
        metadata_payload: it.payload("session_metadata", deep),
      })
    );
    assertEquals(outcome(read, {}).diagnostics[0]?.code, "payload_not_json");

    const argument = before((it) =>
      it.request("i", {
        input: [{
          type: "function_call",
          name: "f",
          call_id: "c",
          arguments: deep,
        }],
      })
    );
    assertEquals(outcome(argument, {}).error, undefined);

    const manifest = before(() => {});
    manifest.manifest = manifest.manifest.replace("{", `{"x":${deep},`);
    assertEquals(outcome(manifest, {}).error, undefined);
  },
);
