/**
 * Outcomes, compared with what the raw log states of ends and failures.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  getFailures,
  getFirstError,
} from "../../../lib/query/failures/failures.ts";
import { listBundle } from "../../../lib/query/list/list_bundles.ts";
import {
  outcomeOfThread,
  outcomeOfTurn,
} from "../../../lib/query/failures/outcome/outcome.ts";
import { getOutcomes } from "../../../lib/query/failures/outcome/outcomes.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { rawEvents, soundBundles } from "../../support/log_oracle.ts";
import { rawTurnOutcomes } from "../../support/turn_outcome_oracle.ts";
import { RawBundle, THREAD, TURN } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const BUNDLES = soundBundles();

Deno.test("a turn whose last request failed is failed, whatever status was recorded", () => {
  for (const { name, bundle } of BUNDLES) {
    const { turns } = summarize(openBundle(bundle));
    const expected = rawTurnOutcomes(rawEvents(bundle));
    for (const { turn, outcome } of turns) {
      assertEquals(outcome, expected.get(turn.id), `${name} ${turn.handle}`);
    }
  }
});

Deno.test("list, show and timeline name the same outcome of a session", () => {
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const { outcome } = summarize(session).identity;
    assertEquals(listBundle(bundle).outcome, outcome, name);
    assertEquals(getTimeline(session).outcome, outcome, name);
  }
});

Deno.test("a session has the outcome of the last turn of its root, or is incomplete without an end", () => {
  assertEquals(outcomeOfThread("completed", "failed", true), "failed");
  assertEquals(
    outcomeOfThread("completed", "interrupted", true),
    "interrupted",
  );
  assertEquals(outcomeOfThread("completed", "ok", true), "ok");
  assertEquals(outcomeOfThread("running", "ok", true), "incomplete");
  assertEquals(outcomeOfThread("running", "failed", true), "failed");
  assertEquals(outcomeOfThread("running", "ok", false), "ok");
  assertEquals(outcomeOfThread("failed", "ok", true), "failed");
  assertEquals(outcomeOfTurn("completed", "incomplete"), null);
});

/** What is known of a session that `write` records, of schema 1. */
function recorded(write: (bundle: RawBundle) => void) {
  const bundle = new RawBundle(1);
  write(bundle);
  return inFolderFor((folder) => {
    const place = bundle.end().writeTo(join(folder, "bundle"));
    const session = openBundle(place);
    const { identity, ...answer } = summarize(session);
    const { entries } = getTimeline(session);
    const listed = listBundle(place).outcome;
    const { outcome, status } = identity;
    assertEquals(listed, outcome);
    return { ...answer, outcome, status, entries };
  });
}

function inFolderFor<T>(read: (folder: string) => T): T {
  const found: T[] = [];
  inFolder((folder) => void found.push(read(folder)));
  const [first] = found;
  if (first === undefined) throw new Error("nothing was read");
  return first;
}

const FAILED = { type: "inference_failed", error: "server had an error" };
const CANCELLED = {
  type: "inference_cancelled",
  reason: "response stream dropped before provider terminal event",
};

Deno.test("a session whose last request failed is failed, though all ended as completed", () => {
  const { outcome, status, threads, turns, first_error, failures } = recorded(
    (bundle) =>
      bundle.request("r1", { input: [] })
        .event({ ...FAILED, inference_call_id: "r1" }),
  );
  assertEquals(threads.map((thread) => thread.failed_turns), [1]);
  assertEquals([outcome, status], ["failed", "completed"]);
  assertEquals(turns.map((turn) => [turn.outcome, turn.status]), [
    ["failed", "completed"],
  ]);
  assertEquals(first_error?.about?.handle, "call:1");
  const turn = failures.find(({ kind }) => kind === "turn");
  assertEquals(
    [turn?.severity, turn?.caused_by?.handle, turn?.text],
    ["error", "call:1", "turn failed, recorded as completed"],
  );
});

Deno.test("a turn with a retry that succeeded is ok", () => {
  const { outcome, first_error } = recorded((bundle) =>
    bundle.request("r1", { input: [] })
      .event({ ...FAILED, inference_call_id: "r1" })
      .request("r2", { input: [] }).response("r2", [])
  );
  assertEquals(outcome, "ok");
  assertEquals(first_error?.retried_by?.handle, "call:2");
});

Deno.test("a response that was replaced by a message of the user is no error and no retry", () => {
  const { outcome, first_error, failures, models } = recorded((bundle) =>
    bundle.request("r1", { input: [] })
      .event({ ...CANCELLED, inference_call_id: "r1" })
      .request("r2", { input: [] }).response("r2", [])
  );
  assertEquals([outcome, first_error], ["ok", null]);
  assertEquals(
    failures.map(({ severity, retried_by }) => [severity, retried_by]),
    [["interruption", null]],
  );
  assertEquals(models[0]?.failed_calls, 0);
});

Deno.test("an interrupt of the user is no error, nor is what stopped with it", () => {
  const bundle = new RawBundle(1).request("r1", { input: [] })
    .event({ ...CANCELLED, inference_call_id: "r1" }).tool("t1")
    .event({
      type: "codex_turn_ended",
      codex_turn_id: TURN,
      status: "cancelled",
    });
  inFolder((folder) => {
    const session = openBundle(bundle.writeTo(join(folder, "bundle")));
    const { identity, first_error, failures } = summarize(session);
    assertEquals(identity.outcome, "interrupted");
    // The recording has no end; nothing else is an error.
    assertEquals(first_error?.kind, "incomplete");
    const severities = failures.filter(({ kind }) => kind !== "incomplete")
      .map(({ about, severity }) => [about?.handle, severity]);
    assertEquals(severities, [
      ["call:1", "interruption"],
      ["turn:1", "interruption"],
    ]);
    const tool = session.trace.tool_calls.get("t1");
    assertEquals(
      tool === undefined ? null : getOutcomes(session).tool(tool),
      "interrupted",
    );
  });
});

Deno.test("a denial of approval interrupts the tool call and is no error", () => {
  const error =
    'exec_command failed: CreateProcess { message: "Rejected(\\"rejected by user\\")" }';
  const { outcome, first_error, entries } = recorded((bundle) =>
    bundle.tool("t1").event({
      type: "tool_call_ended",
      tool_call_id: "t1",
      status: "failed",
      result_payload: bundle.payload("tool_result", { type: "error", error }),
    })
  );
  assertEquals([outcome, first_error], ["ok", null]);
  const entry = entries.find(({ kind }) => kind === "tool_call");
  assertEquals(
    [entry?.outcome, entry?.issue, entry?.status],
    ["interrupted", "interrupted", "failed"],
  );
});

Deno.test("an outcome that may be in a lost event is unknown", () => {
  const bundle = new RawBundle(1).request("r1", { input: [] })
    .event({ ...FAILED, inference_call_id: "r1" })
    .request("r2", { input: [] }).response("r2", []).end();
  bundle.rewrite((log) =>
    log.split("\n").map((line) => line.includes('"r2"') ? "{damaged" : line)
      .join("\n")
  );
  inFolder((folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    assertEquals(summarize(openBundle(place)).identity.outcome, null);
    assertEquals(listBundle(place).outcome, null);
  });
});

/** The bundle without the line that has `words`. */
function withoutLine(bundle: RawBundle, words: string): RawBundle {
  return bundle.rewrite((log) =>
    log.split("\n").filter((line) => !line.includes(words)).join("\n")
  );
}

/** The outcome of the only tool call. */
function toolOutcome(bundle: RawBundle): string | null | undefined {
  return inFolderFor((folder) =>
    getTimeline(openBundle(bundle.writeTo(join(folder, "bundle")))).entries
      .find(({ kind }) => kind === "tool_call")?.outcome
  );
}

Deno.test("a tool call of a stopped turn is not stopped where its end may be lost", () => {
  const stopped = (bundle: RawBundle) =>
    bundle.event({
      type: "codex_turn_ended",
      codex_turn_id: TURN,
      status: "cancelled",
    });
  assertEquals(
    toolOutcome(stopped(new RawBundle(1).tool("t1"))),
    "interrupted",
  );
  const damaged = stopped(new RawBundle(1).tool("t1").toolEnd("t1"));
  assertEquals(
    toolOutcome(withoutLine(damaged, "tool_call_ended")),
    null,
  );
});

Deno.test("a command with an exit code that may have been stopped is worth a second look", () => {
  const bundle = new RawBundle(1);
  const kind = { type: "exec_command" };
  bundle.tool("t1", { kind }).event({
    type: "tool_call_runtime_started",
    tool_call_id: "t1",
    runtime_payload: bundle.payload("tool_runtime_event", {
      command: ["false"],
      cwd: "/",
    }),
  }).event({
    type: "tool_call_runtime_ended",
    tool_call_id: "t1",
    status: "failed",
    runtime_payload: bundle.payload("tool_runtime_event", { exit_code: 1 }),
  }).raw('{"torn');
  assertEquals(toolOutcome(bundle), null);
  inFolder((folder) => {
    const session = openBundle(bundle.writeTo(join(folder, "bundle")));
    assertEquals(
      getFailures(session).filter(({ kind }) => kind === "exit_code")
        .map(({ severity }) => severity),
      ["warning"],
    );
  });
});

Deno.test("list and show have the outcome of a last turn whose start was lost", () => {
  const bundle = new RawBundle(1).event({
    type: "codex_turn_ended",
    codex_turn_id: TURN,
    status: "cancelled",
  });
  const later = { codex_turn_id: "later" };
  bundle.event({
    type: "codex_turn_started",
    thread_id: THREAD,
    ...later,
  }, later).event({
    type: "inference_started",
    inference_call_id: "r1",
    thread_id: THREAD,
    ...later,
    model: "model",
    provider_name: "provider",
    request_payload: bundle.payload("inference_request", { input: [] }),
  }, later).event({
    type: "inference_completed",
    inference_call_id: "r1",
    response_payload: bundle.payload("inference_response", {
      output_items: [],
    }),
  }, later)
    .event({ type: "codex_turn_ended", ...later, status: "completed" }, later)
    .event({ type: "rollout_ended", status: "completed" });
  withoutLine(bundle, '"codex_turn_started","thread_id"');
  inFolder((folder) => {
    const place = bundle.writeTo(join(folder, "bundle"));
    assertEquals(listBundle(place).outcome, "ok");
    assertEquals(summarize(openBundle(place)).identity.outcome, "ok");
  });
});

Deno.test("a command without an exit code did not succeed where the code may be lost", () => {
  const bundle = () =>
    new RawBundle(1).tool("t1", { kind: { type: "exec_command" } })
      .request("r1", { input: [] }).toolEnd("t1");
  assertEquals(toolOutcome(bundle()), "ok");
  assertEquals(toolOutcome(withoutLine(bundle(), "inference_started")), null);
});

Deno.test("a plain exit code is never the first error before a failure", () => {
  for (const { name, bundle } of BUNDLES) {
    const failures = getFailures(openBundle(bundle));
    if (getFirstError(failures)?.kind !== "exit_code") continue;
    assertEquals(
      failures.filter(({ kind, severity }) =>
        severity === "error" && kind !== "exit_code"
      ),
      [],
      name,
    );
  }
});

Deno.test("errors are grouped by their cause, plain exit codes are the last group", () => {
  let exits = 0;
  for (const { name, bundle } of BUNDLES) {
    const { failures, error_groups: groups } = summarize(openBundle(bundle));
    const errors = failures.filter(({ severity }) => severity === "error");
    const count = groups.reduce((sum, each) => sum + each.count, 0);
    assertEquals(count, errors.length, name);
    const at = groups.findIndex(({ kind }) => kind === "exit_code");
    if (at === -1) continue;
    exits++;
    assertEquals(at, groups.length - 1, name);
  }
  assertEquals(exits > 0, true);
});

Deno.test("a failed turn counts with the request that failed", () => {
  const { failures, error_groups: groups } = recorded((bundle) =>
    bundle.request("r1", { input: [] })
      .event({ ...FAILED, inference_call_id: "r1" })
  );
  assertEquals(failures.length, 2);
  assertEquals(groups.map(({ about, count }) => [about?.handle, count]), [
    ["call:1", 2],
  ]);
});
