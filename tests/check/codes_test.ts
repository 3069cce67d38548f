/**
 * Every code of a check: provoked here, and documented.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import { checkBundle, type CheckOptions } from "../../lib/check/check.ts";
import type { FindingCode, FindingSeverity } from "../../lib/check/report.ts";
import type { CheckReport } from "../../lib/check/report.ts";
import { ReplayError } from "../../lib/errors.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import {
  CHILD,
  message,
  RawBundle,
  THREAD,
} from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";
import { asSchema, testEvery } from "../support/every_schema.ts";
import type { ShardForm } from "../support/bundles/shards.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";

/** How a code is provoked, in a session that is healthy but for this. */
interface Provocation {
  readonly severity: FindingSeverity;
  /** Schema of the bundle; 2, and then 3, unless given. */
  readonly schema?: number;
  /** What happens in the middle of the session. */
  readonly story?: (draft: RawBundle) => unknown;
  /** What happens after its end, before it is written. */
  readonly after?: (draft: RawBundle) => unknown;
  /** What is done to the folder; `at` does something once a file is about to be opened. */
  readonly spoil?: (folder: string, at: OnOpen) => unknown;
  /** Whether it continues to its end. */
  readonly ends?: boolean;
  /** A recorded bundle to take instead. */
  readonly recorded?: string;
  readonly limits?: CheckOptions["limits"];
  /** How its shard is written. */
  readonly form?: ShardForm;
  /** Other codes that are found with it. */
  readonly alsoFound?: readonly FindingCode[];
}

type OnOpen = (file: RegExp, act: () => void) => void;

/** The file of the first payload. */
const STORED = /[/\\](?:1\.json|000001\.zst)$/;

const thread = (thread_id: string, agent_path = "/root/child") => ({
  type: "thread_started",
  thread_id,
  agent_path,
});
const turn = (codex_turn_id: string, thread_id = THREAD) => ({
  type: "codex_turn_started",
  codex_turn_id,
  thread_id,
});
const turnEnd = (codex_turn_id: string) => ({
  type: "codex_turn_ended",
  codex_turn_id,
  status: "completed",
});
const threadEnd = (thread_id: string) => ({
  type: "thread_ended",
  thread_id,
  status: "completed",
});
const cell = (runtime_cell_id: string, model_visible_call_id: string) => ({
  type: "code_cell_started",
  runtime_cell_id,
  model_visible_call_id,
  source_js: "1",
});
const cellEnd = (runtime_cell_id: string) => ({
  type: "code_cell_ended",
  runtime_cell_id,
  status: "completed",
});
const summary = (compaction_request_id: string, payload: object) => ({
  type: "compaction_request_started",
  compaction_id: "compaction",
  compaction_request_id,
  thread_id: THREAD,
  codex_turn_id: "turn",
  model: "model",
  provider_name: "provider",
  request_payload: payload,
});
const summaryEnd = (compaction_request_id: string, payload: object) => ({
  type: "compaction_request_completed",
  compaction_id: "other",
  compaction_request_id,
  response_payload: payload,
});
const agentResult = (text: string) => ({
  type: "agent_result_observed",
  edge_id: "edge",
  child_thread_id: CHILD,
  child_codex_turn_id: "child-turn",
  parent_thread_id: THREAD,
  message: text,
});
const correlation = (tool_call_id: string, mcp_call_id: string) => ({
  type: "mcp_tool_call_correlation_assigned",
  tool_call_id,
  mcp_call_id,
});
const withChild = (
  draft: RawBundle,
  reportTo: (draft: RawBundle) => unknown,
) => {
  draft.event(thread(CHILD)).event(turn("child-turn", CHILD), {
    thread_id: CHILD,
    codex_turn_id: null,
  });
  reportTo(draft);
  const ofChild = { thread_id: CHILD, codex_turn_id: null };
  draft.event(turnEnd("child-turn"), ofChild);
  draft.event(threadEnd(CHILD), ofChild);
};
const write = (folder: string, file: string, text: string) =>
  Deno.writeTextFileSync(join(folder, file), text);
const manifestWith = (folder: string, change: object) => {
  const path = join(folder, "manifest.json");
  const manifest = JSON.parse(Deno.readTextFileSync(path));
  Deno.writeTextFileSync(path, JSON.stringify({ ...manifest, ...change }));
};

const waitTarget = (tool_call_id: string) => ({
  type: "code_cell_wait_target_resolved",
  tool_call_id,
  runtime_cell_id: "1",
});
/** A payload that a limit left out. */
const OMITTED: RawPayloadRef = {
  raw_payload_id: "omitted",
  kind: { type: "protocol_event" },
  shard: null,
  capture: { status: "omitted", original_bytes: 5 },
};

const COMMAND = { type: "exec_command" };

/** Starts the command of the tool call "call". */
function command(draft: RawBundle): RawBundle {
  return draft.event({
    type: "tool_call_runtime_started",
    tool_call_id: "call",
    kind: COMMAND,
    runtime_payload: draft.payload("tool_runtime_event", {
      command: ["make"],
      cwd: "/work",
      process_id: "1",
    }),
  });
}

// A mapped type: a code that is not provoked does not compile.
const PROVOKED: { readonly [C in FindingCode]: Provocation } = {
  not_a_bundle: {
    severity: "error",
    spoil: (folder) => {
      Deno.removeSync(folder, { recursive: true });
      Deno.writeTextFileSync(folder, "");
    },
  },
  bundle_changed: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder, at) =>
      at(STORED, () => {
        const payloads = join(folder, "payloads");
        Deno.renameSync(payloads, join(folder, "..", "moved"));
        copySync(join(folder, "..", "moved"), payloads);
      }),
  },
  manifest_missing: {
    severity: "error",
    spoil: (folder) => Deno.removeSync(join(folder, "manifest.json")),
  },
  manifest_malformed: {
    severity: "error",
    spoil: (folder) => write(folder, "manifest.json", "{"),
  },
  manifest_schema: {
    severity: "error",
    spoil: (folder) => manifestWith(folder, { schema_version: 77 }),
  },
  manifest_nonstandard: {
    severity: "warning",
    spoil: (folder) => manifestWith(folder, { raw_event_log: "other.jsonl" }),
  },
  manifest_mismatch: {
    severity: "warning",
    spoil: (folder) => manifestWith(folder, { trace_id: "other" }),
  },
  temporary_file: {
    severity: "note",
    spoil: (folder) => write(folder, "state.json.0a1b2c3d.tmp", ""),
  },
  unknown_file: {
    severity: "note",
    spoil: (folder) => write(folder, "notes.txt", ""),
  },
  limit_exceeded: {
    severity: "error",
    limits: { events: 2 },
    alsoFound: ["start_without_end"],
  },
  log_missing: {
    severity: "error",
    spoil: (folder) => Deno.removeSync(join(folder, "trace.jsonl")),
  },
  log_empty: {
    severity: "warning",
    spoil: (folder) => write(folder, "trace.jsonl", ""),
  },
  log_grew: {
    severity: "warning",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    schema: 1,
    spoil: (folder, at) =>
      at(STORED, () => {
        const log = join(folder, "trace.jsonl");
        Deno.writeTextFileSync(log, "more\n", { append: true });
      }),
  },
  malformed_line: {
    severity: "error",
    story: (draft) => draft.raw(`{"schema_version":2}\n`),
  },
  nul_bytes: {
    severity: "error",
    story: (draft) => draft.raw("\0".repeat(8) + "\n"),
  },
  truncated_line: {
    severity: "error",
    after: (draft) => draft.rewrite((log) => log.slice(0, -20)),
    alsoFound: ["recording_incomplete"],
  },
  missing_final_newline: {
    severity: "warning",
    schema: 1,
    after: (draft) => draft.rewrite((log) => log.slice(0, -1)),
  },
  byte_order_mark: {
    severity: "error",
    schema: 1,
    after: (draft) => draft.rewrite((log) => `\ufeff${log}`),
  },
  carriage_returns: {
    severity: "note",
    after: (draft) => draft.rewrite((log) => log.replaceAll("\n", "\r\n")),
  },
  blank_lines: { severity: "note", story: (draft) => draft.raw("\n \n") },
  sequence_gap: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, { seq: 9 }),
  },
  sequence_repeated: {
    severity: "warning",
    schema: 1,
    story: (draft) =>
      draft.observed(draft.payload("protocol_event", 1)).rewrite((log) =>
        log.replace(`"seq":4`, `"seq":3`)
      ),
    alsoFound: ["sequence_gap"],
  },
  sequence_backward: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, { seq: 1 }),
  },
  time_backward: {
    severity: "warning",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        wall_time_unix_ms: 5,
      }),
  },
  foreign_rollout: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        rollout_id: "other",
      }),
  },
  unsupported_schema: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "history_item_accepted", item_id: "i" }, {
        schema_version: 1,
      }),
  },
  event_after_completion: {
    severity: "error",
    story: (draft) => draft.completion(),
  },
  unsupported_event: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "other",
        kind: "k",
        summary: "s",
        payloads: [],
        metadata: {},
      }),
  },
  rollout_not_ended: {
    severity: "warning",
    ends: false,
    alsoFound: ["start_without_end"],
  },
  recording_incomplete: {
    severity: "warning",
    after: (draft) =>
      draft.rewrite((log) => log.split("\n").slice(0, -2).join("\n") + "\n"),
  },
  start_without_end: {
    severity: "warning",
    story: (draft) => draft.tool("call"),
  },
  not_recorded: {
    severity: "note",
    story: (draft) =>
      draft.event(summary("request", draft.payload("compaction_request", {})))
        .event({
          type: "compaction_request_failed",
          compaction_id: "compaction",
          compaction_request_id: "request",
          error: "failed",
        }),
  },
  end_without_start: {
    severity: "error",
    story: (draft) => draft.toolEnd("call"),
  },
  call_without_output: {
    severity: "warning",
    story: (draft) => {
      const call = {
        type: "function_call",
        name: "f",
        arguments: "{}",
        call_id: "c",
      };
      draft.request("r", { input: [call, message("user", "continue")] })
        .response("r", []);
    },
  },
  ended_twice: {
    severity: "warning",
    story: (draft) => draft.tool("call").toolEnd("call").toolEnd("call"),
  },
  duplicate_start: {
    severity: "error",
    story: (draft) => draft.tool("call").tool("call").toolEnd("call"),
  },
  thread_not_ended: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "thread_resumed", thread_id: THREAD }),
  },
  unknown_thread: {
    severity: "error",
    story: (draft) => draft.event(turn("t", "unknown")).event(turnEnd("t")),
    alsoFound: ["unknown_turn"],
  },
  unknown_turn: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [] }, "never"),
    alsoFound: ["start_without_end"],
  },
  unknown_inference: {
    severity: "error",
    story: (draft) =>
      draft.request("a", { input: [] }, "never").response("a", []),
    alsoFound: ["unknown_turn"],
  },
  unknown_tool_call: {
    severity: "error",
    story: (draft) => draft.event(correlation("call", "mcp")),
  },
  unknown_code_cell: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "code_cell_initial_response",
        runtime_cell_id: "1",
        status: "running",
      }),
  },
  unknown_compaction_request: {
    severity: "error",
    story: (draft) =>
      draft.event(summary("r", draft.payload("compaction_request", {})))
        .event(summaryEnd("r", draft.payload("compaction_response", {}))),
    alsoFound: ["not_recorded"],
  },
  thread_mismatch: {
    severity: "error",
    story: (draft) =>
      withChild(draft, () => {
        draft.request("a", { input: [] }, "child-turn");
        draft.response("a", []);
      }),
    alsoFound: ["unknown_inference"],
  },
  missing_context: {
    severity: "error",
    story: (draft) =>
      draft.tool("call", {}, { thread_id: null, codex_turn_id: null })
        .toolEnd("call"),
    alsoFound: ["unknown_tool_call"],
  },
  unknown_response: {
    severity: "error",
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] }).response("a", [])
        .request("b", { input: [], previous_response_id: "nowhere" })
        .response("b", []),
  },
  untraced_history: {
    severity: "note",
    story: (draft) =>
      draft.request("a", { input: [], previous_response_id: "warm-up" })
        .response("a", []),
  },
  call_id_reused: {
    severity: "error",
    recorded: "0.164.0-dup_call_id",
    alsoFound: ["duplicate_start", "ended_twice"],
  },
  history_mismatch: {
    severity: "error",
    schema: 1,
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] })
        .response("a", [message("assistant", "2")])
        .request("b", {
          input: [
            message("user", "1"),
            message("assistant", "2"),
            message("user", "3"),
          ],
        }).response("b", [])
        .request("c", {
          previous_response_id: "response-a",
          input: [message("user", "4")],
        }).response("c", []),
  },
  receipt_mismatch: {
    severity: "error",
    story: (draft) =>
      draft.event({
        type: "history_item_accepted",
        item_id: "item",
        agent_message_payload: draft.payload(
          "protocol_event",
          message("user", "1"),
        ),
      }),
  },
  duplicate_correlation: {
    severity: "error",
    story: (draft) =>
      draft.tool("call").event(correlation("call", "1"))
        .event(correlation("call", "2")).toolEnd("call"),
  },
  duplicate_terminal_operation: {
    severity: "error",
    story: (draft) =>
      command(command(draft.tool("call", { kind: COMMAND })))
        .toolEnd("call"),
    alsoFound: ["start_without_end"],
  },
  process_id_changed: {
    severity: "error",
    story: (draft) =>
      command(draft.tool("call", { kind: COMMAND })).event({
        type: "tool_call_runtime_ended",
        tool_call_id: "call",
        status: "completed",
        runtime_payload: draft.payload("tool_runtime_event", {
          process_id: "2",
          exit_code: 0,
          stdout: "",
          stderr: "",
        }),
      }).toolEnd("call"),
  },
  conflicting_cell: {
    severity: "error",
    story: (draft) =>
      draft.event(cell("1", "a")).event(cell("1", "b")).event(cellEnd("1")),
    alsoFound: ["duplicate_start"],
  },
  conflicting_edge: {
    severity: "error",
    story: (draft) =>
      withChild(
        draft,
        () => draft.event(agentResult("this")).event(agentResult("that")),
      ),
  },
  activity_mismatch: {
    severity: "error",
    story: (draft) =>
      draft.tool("call", { kind: { type: "spawn_agent" } }).event({
        type: "tool_call_runtime_ended",
        tool_call_id: "call",
        status: "completed",
        runtime_payload: draft.payload("tool_runtime_event", {
          event_id: "call",
          agent_thread_id: CHILD,
          agent_path: "/root/child",
          kind: "interacted",
        }),
      }).toolEnd("call"),
  },
  malformed_payload: {
    severity: "error",
    story: (draft) => draft.request("a", { input: 1 }).response("a", []),
  },
  unsupported_item: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [{}] }).response("a", []),
  },
  payload_error: {
    severity: "error",
    story: (draft) => draft.request("a", { input: [] }).response("a", []),
    spoil: (folder) => write(folder, "payloads/1.json", "{"),
  },
  payload_unreadable: {
    severity: "error",
    schema: 1,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => Deno.removeSync(join(folder, "payloads", "1.json")),
  },
  unpaired_surrogate: {
    severity: "error",
    story: (draft) =>
      draft.request("a", `{"input":[],"text":"\\ud83d"}`).response("a", []),
  },
  payload_not_json: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", "{")),
  },
  payload_not_regular: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => {
      const [file] = Deno.readDirSync(join(folder, "payloads"));
      const path = join(folder, "payloads", file?.name ?? "");
      Deno.removeSync(path);
      Deno.mkdirSync(path);
    },
  },
  payload_path_refused: {
    severity: "error",
    schema: 2,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), path: "../outside.json" },
      ),
    alsoFound: ["payload_orphaned"],
  },
  payload_over_limit: {
    severity: "error",
    story: (draft) => draft.observed(draft.payload("protocol_event", '"long"')),
    limits: { payload: 3 },
  },
  payload_outside_payloads_dir: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), path: "manifest.json" },
      ),
    alsoFound: ["payload_orphaned"],
  },
  payload_id_reused: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed(draft.payload("protocol_event", 1)).observed(
        {
          ...draft.payload("protocol_event", 1),
          raw_payload_id: "raw_payload:1",
        },
      ),
  },
  payload_path_ambiguous: {
    severity: "warning",
    schema: 2,
    story: (draft) =>
      draft.observed({
        ...draft.payload("protocol_event", 1),
        path: "payloads/./1.json",
      }),
  },
  payload_path_shared: {
    severity: "warning",
    schema: 2,
    story: (draft) => {
      const first = draft.payload("protocol_event", 1);
      draft.observed(first).observed({ ...first, raw_payload_id: "other" });
    },
  },
  payload_kind_unexpected: {
    severity: "warning",
    story: (draft) => draft.observed(draft.payload("agent_result", 1)),
  },
  payload_orphaned: {
    severity: "warning",
    story: (draft) => draft.payload("protocol_event", 1),
  },
  unknown_event_type: {
    severity: "error",
    story: (draft) =>
      draft.event({ type: "context_trimmed", thread_id: THREAD }),
  },
  newer_schema: { severity: "error" },
  stripped_id_mismatch: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.request("a", { input: [message("user", "1")] }, "turn", {
        stripped_tool_output_ids: [[0, "output"]],
      }).response("a", []),
  },
  mislabeled_payload: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.request("a", { input: [] }, "turn", {
        warmup_context_payload: draft.payload("inference_request", {}),
      }).response("a", []),
    alsoFound: ["payload_kind_unexpected", "unknown_inference"],
  },
  partial_payload: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.event({
        ...thread(CHILD),
        metadata_payload: {
          ...draft.payload("session_metadata", ['{"a":', "}"]),
          parts: [OMITTED],
        },
      }).event(threadEnd(CHILD), { thread_id: CHILD, codex_turn_id: null }),
    alsoFound: ["payloads_partial"],
  },
  payloads_partial: {
    severity: "note",
    schema: 3,
    story: (draft) => draft.observed({ ...OMITTED, raw_payload_id: "p" }),
  },
  conflicting_payload: {
    severity: "error",
    schema: 3,
    story: (draft) => {
      const ref = draft.payload("protocol_event", 1);
      draft.observed(ref).observed({ ...ref, kind: { type: "tool_result" } });
    },
    alsoFound: ["payload_kind_unexpected"],
  },
  duplicate_wait_target: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.event(cell("1", "a")).event(cellEnd("1")).tool("call")
        .event(waitTarget("call")).event(waitTarget("call")).toolEnd("call"),
  },
  payload_missing: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.observed(
        { ...draft.payload("protocol_event", 1), raw_payload_id: "other" },
      ),
  },
  payload_not_recorded: { severity: "error" },
  payload_capture_mismatch: {
    severity: "error",
    schema: 3,
    story: (draft) =>
      draft.observed(
        {
          ...draft.payload("protocol_event", 1),
          capture: {
            status: "truncated",
            original_bytes: 9,
            retained_bytes: 2,
          },
        },
      ),
    alsoFound: ["payloads_partial"],
  },
  shard_malformed: {
    severity: "error",
    schema: 3,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    spoil: (folder) => write(folder, "payloads/000001.zst", "no shard"),
  },
  shard_not_sealed: {
    severity: "error",
    schema: 3,
    story: (draft) => draft.observed(draft.payload("protocol_event", 1)),
    form: { sealed: false },
  },
};

/** Codes of diagnostics and errors that a check has another code for. */
const NEVER_FOUND: ReadonlySet<string> = new Set<FindingCode>([
  "payload_error",
  "newer_schema",
  "payload_not_recorded",
]);

function provoke(given: Provocation, schema: number): CheckReport {
  let report: CheckReport | undefined;
  inFolder((parent) => {
    const folder = join(parent, "bundle");
    if (given.recorded !== undefined) {
      copySync(join(TESTDATA, "upstream", given.recorded, "bundle"), folder);
    } else {
      const draft = new RawBundle(schema, "rollout");
      given.story?.(draft);
      if (given.ends ?? true) draft.end();
      given.after?.(draft);
      draft.writeTo(folder, given.form);
    }
    report = whileOpening((at) => {
      given.spoil?.(folder, at);
      const { limits } = given;
      return checkBundle(folder, limits === undefined ? {} : { limits });
    });
  });
  assert(report !== undefined);
  return report;
}

/** Lets `act` happen between the reader's check of a file and its opening. */
function whileOpening<T>(work: (at: OnOpen) => T): T {
  const open = Deno.openSync;
  try {
    return work((file, act) => {
      let hasActed = false;
      Deno.openSync = (path, options) => {
        const opened = open(path, options);
        if (!hasActed && file.test(`${path}`)) {
          hasActed = true;
          act();
        }
        return opened;
      };
    });
  } finally {
    Deno.openSync = open;
  }
}

testEvery(SCHEMAS, "a healthy session is clean", ({ version }) => {
  const story = (draft: RawBundle) =>
    draft.request("a", { input: [message("user", "1")] })
      .response("a", [message("assistant", "2")]).tool("call")
      .toolEnd("call").observed(draft.payload("protocol_event", 1));
  const report = provoke({ severity: "note", story }, version);
  assertEquals(report.findings, []);
  assertEquals([report.clean, report.reduction.strict], [true, true]);
});

for (const [code, given] of Object.entries(PROVOKED)) {
  if (NEVER_FOUND.has(code)) continue;
  const schemas = given.schema === undefined ? [2, 3] : [given.schema];
  testEvery(
    schemas.map(asSchema),
    `check finds ${code}, and only what follows from it besides`,
    ({ version }) => checkProvoked(code, given, version),
  );
}

function checkProvoked(
  code: string,
  given: Provocation,
  schema: number,
): void {
  const report = provoke(given, schema);
  const found = report.findings.find((each) => each.code === code);
  assertEquals(found?.severity, given.severity, JSON.stringify(report));
  const codes = new Set<string>(report.findings.map((each) => each.code));
  assertEquals(
    [...codes].filter((each) => each !== code).sort(),
    [...given.alsoFound ?? []].sort(),
    JSON.stringify(report.findings),
  );
  assertEquals(report.clean, given.severity === "note");
  const errors = report.findings.filter((each) => each.severity === "error");
  assertEquals(report.counts.error, errors.length);
  if (!report.reduction.strict) assert(errors.length > 0);
}

Deno.test("payload_error is the name of an error; a check reports the payload's own code", () => {
  inFolder((parent) => {
    const given = PROVOKED.payload_error;
    const folder = join(parent, "bundle");
    const draft = new RawBundle(2, "rollout");
    given.story?.(draft);
    draft.end().writeTo(folder);
    given.spoil?.(folder, () => {});
    const error = assertThrows(() => replayBundle(folder), ReplayError);
    assertEquals(error.code, "payload_error");
    const { findings, reduction } = checkBundle(folder);
    assertEquals(reduction.refused_by?.code, "payload_not_json");
    assertEquals(
      findings.map(({ code, line }) => [code, line]),
      [["payload_not_json", 4]],
    );
  });
});

Deno.test("lib/check/README.md has a line for every code, and for none that is not", () => {
  const text = Deno.readTextFileSync(join(PROJECT, "lib/check/README.md"));
  const codes = text.slice(text.indexOf("## Codes"));
  const documented = [...codes.matchAll(/^\| `([a-z_]+)`/gm)]
    .map((match) => match[1] ?? "");
  assertEquals(documented.toSorted(), Object.keys(PROVOKED).sort());
});
