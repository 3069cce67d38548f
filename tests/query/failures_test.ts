/**
 * What went wrong in a session, compared with what the log states.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { errorGroups } from "../../lib/query/failures/error_groups.ts";
import { type Failure, failure } from "../../lib/query/failures/failure.ts";
import {
  getFailures,
  getFirstError,
} from "../../lib/query/failures/failures.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import {
  CHILD,
  type Envelope,
  RawBundle,
} from "../support/bundles/raw_bundle.ts";
import { inFolder, putBundle } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";
import {
  eventsOf,
  rawEvents,
  rawPayload,
  soundBundles,
} from "../support/log_oracle.ts";

const BUNDLES = soundBundles();

function upstream(name: string): readonly Failure[] {
  return getFailures(openBundle(join(TESTDATA, "upstream", name, "bundle")));
}

/** `handle: text`, and what it goes back to. */
function outcome(failures: readonly Failure[]): string[] {
  return failures.filter(({ kind, severity }) =>
    kind !== "protocol" || severity === "error"
  ).map(({ about, kind, text, caused_by, retried_by }) =>
    `${about?.handle ?? kind}: ${text}` +
    (caused_by === null ? "" : ` <- ${caused_by.handle}`) +
    (retried_by === null ? "" : ` retried by ${retried_by.handle}`)
  );
}

Deno.test("getFailures() reports every request that failed according to the log", () => {
  let compared = 0;
  for (const { name, bundle } of BUNDLES) {
    const failures = getFailures(openBundle(bundle));
    const expected = eventsOf(
      rawEvents(bundle),
      "inference_failed",
      "inference_cancelled",
      "compaction_request_failed",
    );
    const found = failures.filter(({ kind }) =>
      kind === "inference" || kind === "compaction"
    );
    assertEquals(
      found.map(({ seq, about, raw, text }) => [seq, about?.id, raw ?? text]),
      expected.map(({ seq, payload }) => [
        seq,
        payload.inference_call_id ?? payload.compaction_request_id,
        payload.error ?? payload.reason,
      ]),
      name,
    );
    compared += expected.length;
  }
  assert(compared > 3);
});

Deno.test("getFailures() reports every tool call, turn and thread that failed according to the log", () => {
  for (const { name, bundle } of BUNDLES) {
    const failures = getFailures(openBundle(bundle));
    const events = rawEvents(bundle);
    const failed = (type: string, kind: string, key: string) => {
      const expected = eventsOf(events, type)
        .filter(({ payload }) =>
          !["completed", "running"].includes(payload.status)
        );
      const found = failures.filter((each) => each.kind === kind);
      for (const { payload, seq } of expected) {
        assert(
          found.some(({ about }) => about?.id === payload[key]),
          `${name}: seq ${seq}`,
        );
      }
    };
    failed("tool_call_ended", "tool", "tool_call_id");
    failed("codex_turn_ended", "turn", "codex_turn_id");
    failed("thread_ended", "thread", "thread_id");
  }
});

Deno.test("getFailures() reports every error and warning that Codex showed", () => {
  for (const { name, bundle } of BUNDLES) {
    const found = getFailures(openBundle(bundle))
      .filter(({ kind }) => kind === "protocol");
    const expected = eventsOf(rawEvents(bundle), "protocol_event_observed")
      .filter(({ payload }) =>
        ["error", "warning"].includes(payload.event_type)
      );
    assertEquals(
      found.map(({ seq, severity }) => [seq, severity]),
      expected.map(({ seq, payload }) => [seq, payload.event_type]),
      name,
    );
  }
});

Deno.test("getFailures() is in the order of the log, and every text is one line", () => {
  for (const { name, bundle } of BUNDLES) {
    const failures = getFailures(openBundle(bundle));
    const seqs = failures.flatMap(({ seq }) => seq === null ? [] : Number(seq));
    assertEquals(seqs, seqs.toSorted((a, b) => a - b), name);
    for (const { text } of failures) {
      assert(text !== "" && !text.includes("\n"), `${name}: ${text}`);
    }
  }
});

Deno.test("getFailures() names the request that recovered a failed one", () => {
  const failures = upstream("0.164.0-stream_drop");
  const broken = "stream disconnected before completion: ";
  const network =
    `${broken}Transport error: network error: error decoding response body`;
  assertEquals(outcome(failures), [
    `call:1: ${network} retried by call:4`,
    `call:2: ${network} retried by call:4`,
    `call:3: ${network} retried by call:4`,
    `call:5: ${broken}stream closed before response.completed retried by call:6`,
  ]);
  assertEquals(getFirstError(failures)?.about?.handle, "call:1");
});

Deno.test("getFailures() finds what went well in a later turn, according to the log", () => {
  let compared = 0;
  for (const { name, bundle } of BUNDLES) {
    const events = rawEvents(bundle);
    for (const each of getFailures(openBundle(bundle))) {
      const { kind, seq, thread, turn, retried_by, later_success } = each;
      const type = kind === "inference"
        ? "inference"
        : kind === "compaction"
        ? "compaction_request"
        : null;
      if (type === null) {
        assertEquals(later_success, null);
        continue;
      }
      // What was stopped on purpose is not tried again.
      const isStopped = eventsOf(events, "inference_cancelled")
        .some(({ payload }) => payload.inference_call_id === each.about?.id);
      const later = isStopped ? [] : eventsOf(events, `${type}_completed`)
        .filter((event) =>
          event.thread_id === thread?.id && event.seq > Number(seq)
        );
      const own = later.find((event) => event.codex_turn_id === turn?.id);
      const next = later.find((event) => event.codex_turn_id !== turn?.id);
      const id = (event: typeof own) =>
        event?.payload[`${type}_id`] ??
          event?.payload[`${type}_call_id`] ?? null;
      assertEquals(retried_by?.id ?? null, id(own), name);
      assertEquals(
        [later_success?.request.id ?? null, later_success?.turn.id ?? null],
        own === undefined
          ? [id(next), next?.codex_turn_id ?? null]
          : [null, null],
        name,
      );
      compared++;
    }
  }
  assert(compared > 3);
});

Deno.test("getFailures() leads from a failed turn to the request that failed", () => {
  const compaction = upstream("0.169.0-compact_remote_fail");
  assertEquals(
    [
      compaction[0]?.later_success?.request.handle,
      compaction[0]?.later_success?.turn.handle,
    ],
    ["compaction_request:2", "turn:3"],
  );
  assertEquals(outcome(compaction), [
    "compaction_request:1: cannot compact",
    "protocol: Error running remote compact task: cannot compact <- compaction_request:1",
    "turn:2: turn failed <- compaction_request:1",
  ]);
  assertStringIncludes(compaction[0]?.raw ?? "", `"server_error"`);
  assertEquals(getFirstError(compaction), compaction[0]);

  const agent = upstream("0.169.0-agents_v2_fail");
  assertEquals(outcome(agent), [
    "call:3: child is broken",
    "protocol: child is broken <- call:3",
    "turn:2: turn failed <- call:3",
  ]);
  assertEquals(
    getFirstError(agent)?.thread?.id,
    agent.find(({ kind }) => kind === "turn")?.thread?.id,
  );
});

Deno.test("getFailures() reports how tools failed, and in which item the model was shown it", () => {
  const failures = upstream("0.169.0-mcp");
  assertEquals(outcome(failures), [
    "tool:2: the tool failed on purpose",
    "tool:3: tool call error: tool call failed for `lab/boom`: Mcp error: -32603: internal error on purpose",
    "tool:6: err: key must be a string at line 1 column 2",
    "tool:7: unsupported call: mcp__labnope",
  ]);
  assertStringIncludes(failures[2]?.raw ?? "", "Stack backtrace");
  for (const { kind, reported_in: items } of failures) {
    if (kind === "tool" || kind === "exit_code") {
      assertEquals(items.length, 1);
    }
  }
});

Deno.test("getFailures() returns the exit code of a command, and its last line", () => {
  const [first, second] = upstream("0.164.0-stdin_session")
    .filter(({ kind }) => kind === "tool" || kind === "exit_code");
  assertEquals([first?.exit_code, first?.text], [3, "exit code 3: got:quit"]);
  assertEquals(second?.exit_code, null);
  assertStringIncludes(second?.text ?? "", "Unknown process id");
});

Deno.test("getFailures() reports a process that outlived its call when the log reports it", () => {
  let compared = 0;
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const failures = getFailures(session);
    const events = rawEvents(bundle);
    const ended = new Map(
      eventsOf(events, "tool_call_ended").map((each) =>
        [each.payload.tool_call_id, each] as const
      ),
    );
    for (const outcome of eventsOf(events, "tool_call_runtime_ended")) {
      const { tool_call_id: id, runtime_payload: ref } = outcome.payload;
      const end = ended.get(id);
      const result = end?.payload.result_payload;
      if (end === undefined || end.seq > outcome.seq || !result) continue;
      const code = rawPayload(bundle, ref).exit_code;
      const known = JSON.stringify(rawPayload(bundle, result));
      if (!code || known.includes(`exited with code ${code}`)) continue;
      const found = failures.find(({ exit_code: exit, seq }) =>
        exit === code && seq === outcome.seq
      );
      assertEquals(found?.about?.kind, "terminal_operation", name);
      const operation = session.trace.terminal_operations.get(
        found?.about?.id ?? "",
      );
      assertEquals(operation?.tool_call_id, id, name);
      for (const { id } of found?.reported_in ?? []) {
        assertStringIncludes(
          JSON.stringify(session.trace.conversation_items.get(id)?.body),
          `exited with code ${code}`,
        );
      }
      compared++;
    }
  }
  assert(compared > 0);
});

Deno.test("getFailures() names the item that showed the model an exit, not the first output", () => {
  const [found] = upstream("0.169.0-stdin_session")
    .filter(({ kind }) => kind === "tool" || kind === "exit_code");
  const { about, seq, exit_code, reported_in } = found ?? {};
  assertEquals(
    [about?.handle, seq, exit_code, reported_in?.map(({ handle }) => handle)],
    ["operation:1", 43, 3, ["item:14"]],
  );
});

Deno.test("getFailures() reads a code that the end of a command lost from its result", () => {
  const [found] = upstream("0.171.0-lim_p300")
    .filter(({ kind }) => kind === "exit_code");
  const { text, exit_code, missing_reason, reported_in } = found ?? {};
  assertEquals(
    [text, exit_code, missing_reason, reported_in?.map(({ handle }) => handle)],
    ["exit code 1", 1, null, ["item:11"]],
  );
});

Deno.test("errorGroups() claims no code of a command whose code is unknown", () => {
  const failed = (exit_code: number | null) =>
    failure({
      severity: "error",
      kind: "exit_code",
      about: null,
      at_unix_ms: 0,
      text: "failed",
      exit_code,
    });
  const text = (...codes: (number | null)[]) =>
    errorGroups(codes.map(failed)).map((group) => group.text);
  assertEquals(text(1, 2), ["commands that ended with another code than 0"]);
  assertEquals(text(1, null), ["commands that failed"]);
});

Deno.test("getFailures() leads from a call that ran a cell to the cell", () => {
  const failures = upstream("0.169.0-code_mode");
  assertEquals(outcome(failures).filter((line) => line.includes("boom")), [
    "cell:3: Error: boom ✗",
    "tool:6: Error: boom ✗ <- cell:3",
  ]);
});

Deno.test("getFailures() notices a command that ran as a patch", () => {
  assertEquals(outcome(upstream("0.169.0-patch_in_shell")), [
    "tool:1: called as exec_command, ran as apply_patch: no command was run",
  ]);
  assertEquals(getFirstError(upstream("0.169.0-patch_in_shell")), null);
  const schema1 = join(TESTDATA, "bundles", "0.128.0-patch_in_shell");
  assertEquals(
    getFailures(openBundle(schema1)).map(({ kind }) => kind),
    ["protocol", "tool_mismatch"],
  );
});

Deno.test("getFailures() reports what never ended when the log is truncated", () => {
  inFolder((folder) => {
    const bundle = putBundle(
      folder,
      "bundle",
      join(TESTDATA, "upstream", "0.169.0-hello"),
    );
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    const end = lines.findIndex((line) => line.includes("inference_completed"));
    Deno.writeTextFileSync(log, `${lines.slice(0, end).join("\n")}\n`);
    const found = getFailures(openBundle(bundle))
      .filter(({ kind }) => kind === "incomplete");
    assertEquals(
      found.map(({ about, severity }) => [about?.handle ?? null, severity]),
      [
        ["thread:1", "warning"],
        ["turn:1", "warning"],
        [null, "error"],
        ["call:1", "warning"],
      ],
    );
  });
});

Deno.test("a report that repeats the words of failures in two threads is of neither", () => {
  const error = { type: "error", message: "the provider is down" };
  inFolder((folder) => {
    const draft = new RawBundle(2, "rollout");
    const child = { thread_id: CHILD, codex_turn_id: "turn-child" };
    const ofSession = { thread_id: null, codex_turn_id: null };
    const fail = (id: string, envelope?: Envelope) =>
      draft.event({
        type: "inference_failed",
        inference_call_id: id,
        error: error.message,
      }, envelope);
    const report = () =>
      draft.event({
        type: "protocol_event_observed",
        event_type: "error",
        event_payload: draft.payload("protocol_event", error),
      }, ofSession);
    draft.event({
      type: "thread_started",
      thread_id: CHILD,
      agent_path: "/root/child",
    }, { ...child, codex_turn_id: null });
    draft.event({ type: "codex_turn_started", ...child }, child);
    draft.request("request-root", { input: [] });
    draft.event({
      type: "inference_started",
      inference_call_id: "request-child",
      ...child,
      model: "model",
      provider_name: "provider",
      request_payload: draft.payload("inference_request", { input: [] }),
    }, child);
    fail("request-root");
    fail("request-child", child);
    report();
    const bundle = draft.end().writeTo(join(folder, "bundle"));
    const reports = getFailures(openBundle(bundle))
      .filter(({ kind }) => kind === "protocol");
    assertEquals(
      reports.map(({ text, caused_by, thread }) => [text, caused_by, thread]),
      [[error.message, null, null]],
    );
  });
});
