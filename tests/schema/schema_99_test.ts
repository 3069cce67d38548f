/**
 * A schema is one object: a made-up one adds an event, keys of `state.json` and a changed rule,
 * and everything that reads, reduces and prints bundles follows, without a change of the library.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DEFAULT_LIMITS } from "../../lib/bundle/limits.ts";
import { DiskFiles } from "../../lib/bundle/storage/disk_files.ts";
import { checkBundle } from "../../lib/check/check.ts";
import { EventCheck } from "../../lib/check/event_check.ts";
import {
  type Diagnostic,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import type { DecodedEvent } from "../../lib/format/event.ts";
import type { TraceBundleManifest } from "../../lib/format/manifest.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { decodeState } from "../../lib/query/session/state_file.ts";
import { BundleReplay } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { V3 } from "../../lib/schema/v3.ts";
import { stateJson, writeStateJson } from "../../lib/graph/view/state_json.ts";
import { inFolder } from "../support/cli.ts";
import { message, RawBundle, THREAD } from "../support/bundles/raw_bundle.ts";
import { V99 } from "./schema_99.ts";

const SNAPSHOT = { input_history: [], replacement_history: [] };

/** The event that schema 99 adds. */
function trimmed(
  tool_call_id: string,
  trimmed_items: number,
  more: object = {},
): object {
  return { type: "context_trimmed", tool_call_id, trimmed_items, ...more };
}

/** A session with an answer that is never accepted, and a tool call that prunes twice. */
function session(): RawBundle {
  const draft = new RawBundle(V99, "rollout");
  return draft.request("i", { input: [message("user", "go")] })
    .response("i", [message("assistant", "unaccepted")])
    .tool("t")
    .event(trimmed("t", 7, {
      reason: "too long",
      snapshot_payload: draft.payload("compaction_checkpoint", SNAPSHOT),
    }))
    .toolEnd("t")
    .event(trimmed("t", 0))
    .tool("u").toolEnd("u");
}

interface Replayed {
  readonly trace: RolloutTrace;
  readonly diagnostics: readonly Diagnostic[];
  readonly events: readonly DecodedEvent[];
}

function replay(
  draft: RawBundle,
  schema: Schema = V99,
  tolerant = false,
): Replayed {
  const diagnostics: Diagnostic[] = [];
  const events: DecodedEvent[] = [];
  let trace: RolloutTrace | undefined;
  inFolder((folder) => {
    const dir = join(folder, "bundle");
    draft.writeTo(dir);
    const manifest: TraceBundleManifest = JSON.parse(
      Deno.readTextFileSync(join(dir, "manifest.json")),
    );
    using source = new BundleReplay({
      files: new DiskFiles(dir),
      manifest,
      schema,
    }, {
      limits: DEFAULT_LIMITS,
      tolerant,
      onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
      onEvent: (event) => void events.push(event),
    });
    trace = source.reduce();
    source.payloads.finish();
  });
  assert(trace !== undefined);
  return { trace, diagnostics, events };
}

Deno.test("schema 99 is not known to the library", () => {
  assertEquals(SCHEMAS.some(({ version }) => version === 99), false);
  assertThrows(
    () => stateJson(replay(session().end()).trace),
    RangeError,
    "unknown schema 99",
  );
});

Deno.test("a bundle of schema 99 is read and reduced by its own rules", () => {
  const { trace, diagnostics, events } = replay(session().end());
  assertEquals(diagnostics, []);
  assertEquals(trace.schema_version, 99);
  assertEquals(trace.recording_status, "complete");
  const added = events.filter(({ event }) =>
    `${event.payload.type}` === "context_trimmed"
  );
  assertEquals(added.map(({ payloads }) => payloads.length), [1, 0]);
  assertEquals(added.map(({ meaning }) => meaning.phase), ["output", "output"]);
  const [first] = added;
  assertEquals(
    first && first.meaning.subjects(first.event.payload, THREAD),
    [{ space: "tool_call", id: "t" }],
  );
  const snapshot = trace.raw_payloads.get("raw_payload:3");
  assertEquals(snapshot?.kind.type, "compaction_checkpoint");
});

/** How many items the thread shows, of a request with one item and an answer with one. */
function shownItems({ trace }: Replayed): number | undefined {
  return trace.threads.get(THREAD)?.conversation_item_ids.length;
}

Deno.test("the changed rule of schema 99 lists what was not accepted", () => {
  assertEquals(V3.reduce.hidesUnacceptedOutput, true);
  assertEquals(shownItems(replay(session().end())), 2);
  const hiding: Schema = {
    ...V99,
    reduce: { ...V99.reduce, hidesUnacceptedOutput: true },
  };
  assertEquals(shownItems(replay(session().end(), hiding)), 1);
});

Deno.test("state.json of schema 99 has the added keys, in their places", () => {
  const { trace } = replay(session().end());
  const text = stateJson(trace, V99.state);
  const state = JSON.parse(text);
  const keys = Object.keys(state);
  const at = keys.indexOf("recording_status");
  assertEquals(keys.slice(at, at + 2), ["recording_status", "pruning_version"]);
  assertEquals([state.schema_version, state.pruning_version], [99, 1]);
  assertEquals(state.tool_calls.t.trimmed_items, [7, 0]);
  const callKeys = Object.keys(state.tool_calls.t);
  assertEquals(callKeys[callKeys.indexOf("mcp_call_id") + 1], "trimmed_items");
  assertEquals("trimmed_items" in state.tool_calls.u, false);
  assertEquals(text, JSON.stringify(state, null, 2));
  const chunks: Uint8Array[] = [];
  writeStateJson(trace, (chunk) => void chunks.push(chunk.slice()), V99.state);
  const bytes = chunks.flatMap((chunk) => [...chunk]);
  assertEquals(new TextDecoder().decode(Uint8Array.from(bytes)), text);
  const old = JSON.parse(stateJson(trace, V3.state));
  assertEquals("pruning_version" in old, false);
  assertEquals("trimmed_items" in old.tool_calls.t, false);
});

Deno.test("state.json of schema 99 is read back by its rules", () => {
  const { trace } = replay(session().end());
  const text = stateJson(trace, V99.state);
  const rulesOf = (schema: number) => schema === 99 ? V99.state : undefined;
  const read = decodeState(text, rulesOf);
  assertEquals(stateJson(read, V99.state), text);
  const call: object = read.tool_calls.get("t") ?? {};
  assertEquals(Object.entries(call).find(([key]) => key === "trimmed_items"), [
    "trimmed_items",
    [7, 0],
  ]);
  assertThrows(
    () => decodeState(text, () => undefined),
    Error,
    "schema 99 is not known",
  );
  const broken = text.replace(
    /"trimmed_items": \[\s*7,/,
    '"trimmed_items": ["7",',
  );
  assertThrows(() => decodeState(broken, rulesOf), Error, "trimmed_items");
  const lacking = text.replace(/\s*"pruning_version": 1,/, "");
  assertThrows(() => decodeState(lacking, rulesOf), Error, "pruning_version");
});

Deno.test("an event of schema 99 is read strictly, and skipped as its description defines", () => {
  const unknown = () => session().event(trimmed("never", 1)).end();
  const error = assertThrows(() => replay(unknown()), ReplayError);
  assertEquals([error.code, error.eventType], [
    "unknown_tool_call",
    "context_trimmed",
  ]);
  const { trace, diagnostics } = replay(unknown(), V99, true);
  assertEquals(
    diagnostics.map(({ code, lost }) => [code, lost]),
    [["unknown_tool_call", "what the call trimmed"]],
  );
  assertEquals(trace.recording_status, "complete");
  const bad = session().event(trimmed("t", -1)).end();
  assertThrows(() => replay(bad), Error, "payload.trimmed_items");
});

Deno.test("a payload of an event of schema 99 is checked like any other", () => {
  const draft = session();
  const snapshot_payload = {
    ...draft.payload("compaction_checkpoint", 1),
    raw_payload_id: "elsewhere",
  };
  draft.event(trimmed("t", 1, { snapshot_payload })).end();
  const error = assertThrows(() => replay(draft), PayloadError);
  assertEquals([error.code, error.rawPayloadId], [
    "payload_missing",
    "elsewhere",
  ]);
});

Deno.test("a check watches what an event of schema 99 starts, uses and names", () => {
  const draft = session();
  const snapshot_payload = draft.payload("tool_result", {});
  draft.event(trimmed("never", 1, { snapshot_payload }))
    .event(trimmed("t", 0)).end();
  const codes: string[] = [];
  const watch = new EventCheck(({ code }) => void codes.push(code), {}, false);
  for (const event of replay(draft, V99, true).events) watch.observe(event);
  watch.finish(V99.log, true);
  assertEquals(codes.sort(), [
    "duplicate_start",
    "ended_twice",
    "payload_kind_unexpected",
    "unknown_tool_call",
  ]);
  assertEquals(watch.byType["context_trimmed"], 4);
});

Deno.test("a bundle of schema 99 is read by the newest known rules, as far as they go", () => {
  const { trace, diagnostics } = replay(session().end(), V3, true);
  assertEquals(
    diagnostics.map(({ code, seq, event_type }) => [code, seq, event_type]),
    [
      ["newer_schema", null, null],
      ["unknown_event_type", 7, "context_trimmed"],
      ["unknown_event_type", 9, "context_trimmed"],
    ],
  );
  assertEquals(trace.schema_version, 3);
  assertEquals(trace.tool_calls.size, 2);
  assertEquals(trace.recording_status, "complete");
  inFolder((folder) => {
    const dir = join(folder, "bundle");
    session().end().writeTo(dir);
    const { findings, reduction } = checkBundle(dir);
    assertEquals(findings.map(({ code }) => code), ["manifest_schema"]);
    assertEquals(reduction.strict, false);
  });
});
