/**
 * What the number of an event means, compared with what the log and the golden states contain.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { findObject } from "../../../lib/query/session/resolve_object.ts";
import type { ObjectKind } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { printed, upstreamBundle } from "../../cli/commands/command_golden.ts";
import { TESTDATA } from "../../support/paths.ts";
import { eventsOf, rawEvents, soundBundles } from "../../support/log_oracle.ts";
import { isRawComplete } from "../../support/request_oracle.ts";

const BUNDLES = soundBundles();
const STDIN = upstreamBundle("0.164.0-stdin_session");

/** `kind id` of what a word means. */
function meant(
  session: TraceSession,
  word: string,
  kinds?: readonly ObjectKind[],
): string | null {
  const found = findObject(session, word, kinds);
  return found.type === "found" ? `${found.ref.kind} ${found.ref.id}` : null;
}

Deno.test("findObject() finds something for the number of every event", () => {
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    // A recording that a limit ended at once has no object.
    if (session.trace.threads.size === 0) continue;
    for (const { seq } of rawEvents(bundle)) {
      const found = meant(session, `${seq}`);
      assert(found !== null, `${name}: ${seq}`);
      assertEquals(meant(session, `seq:${seq}`), found);
    }
  }
});

Deno.test("findObject() finds what an event is about according to the log", () => {
  const keys: Readonly<Record<string, readonly [string, string]>> = {
    inference_started: ["inference_call", "inference_call_id"],
    inference_completed: ["inference_call", "inference_call_id"],
    inference_failed: ["inference_call", "inference_call_id"],
    tool_call_started: ["tool_call", "tool_call_id"],
    tool_call_runtime_ended: ["tool_call", "tool_call_id"],
    codex_turn_started: ["turn", "codex_turn_id"],
    compaction_request_failed: ["compaction_request", "compaction_request_id"],
    thread_started: ["thread", "thread_id"],
  };
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const events = rawEvents(bundle);
    const root = events[0]?.payload.root_thread_id;
    for (const { seq, payload } of events) {
      const [kind, key] = keys[payload.type] ?? [];
      if (kind !== undefined && key !== undefined) {
        assertEquals(meant(session, `${seq}`), `${kind} ${payload[key]}`, name);
      }
    }
    for (
      const { seq } of eventsOf(events, "rollout_ended", "recording_completed")
    ) assertEquals(meant(session, `${seq}`), `thread ${root}`, name);
    for (const { seq, payload } of eventsOf(events, "code_cell_ended")) {
      const found = findObject(session, `${seq}`);
      // A cell whose item was not recorded is not in the graph.
      if (mayLackCells(bundle)) continue;
      assert(found.type === "found" && found.ref.kind === "code_cell", name);
      const cell = session.trace.code_cells.get(found.ref.id);
      assertEquals(cell?.runtime_cell_id, payload.runtime_cell_id, name);
    }
  }
});

/** Whether a response of a bundle, or an item of one, was not recorded. */
function mayLackCells(bundle: string): boolean {
  return eventsOf(rawEvents(bundle), "inference_completed")
    .some(({ payload }) => !isRawComplete(payload.response_payload));
}

Deno.test("findObject() finds the item that was accepted according to an event", () => {
  let compared = 0;
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const accepted = eventsOf(rawEvents(bundle), "history_item_accepted");
    for (const { seq, payload, thread_id: thread } of accepted) {
      const found = findObject(session, `${seq}`, ["item"]);
      if (found.type !== "found") continue;
      const item = session.trace.conversation_items.get(found.ref.id);
      assertEquals(item?.responses_item_id, payload.item_id, name);
      assertEquals(item?.thread_id, thread, name);
      compared++;
    }
  }
  assert(compared > 20);
});

Deno.test("findObject() takes an event for the latest request of its thread by then", () => {
  for (const { name, bundle } of BUNDLES) {
    const session = openBundle(bundle);
    const latest = new Map<string, string>();
    for (const { seq, thread_id: thread, payload } of rawEvents(bundle)) {
      if (payload.type === "inference_started") {
        latest.set(payload.thread_id, payload.inference_call_id);
      }
      if (payload.inference_call_id !== undefined || thread === null) continue;
      const expected = latest.get(thread);
      assertEquals(
        meant(session, `${seq}`, ["inference_call"]),
        expected === undefined ? null : `inference_call ${expected}`,
        `${name}: ${seq}`,
      );
    }
  }
});

Deno.test("ObjectNames takes no short beginning of an id, and none of digits alone", () => {
  const session = openBundle(join(TESTDATA, "..", STDIN));
  for (const { id } of session.names.all("inference_call")) {
    for (const length of [1, 2, 3]) {
      assertEquals(session.names.resolve(id.slice(0, length)).type, "unknown");
    }
    const digits = /^\d{4,}/.exec(id)?.[0];
    if (digits !== undefined) {
      assertEquals(session.names.resolve(digits).type, "unknown");
    }
    assertEquals(session.names.resolve(id.slice(0, 13)), {
      type: "found",
      ref: session.names.ref("inference_call", id),
    });
  }
});

const UNKNOWN: readonly (readonly [args: readonly string[], line: string])[] = [
  [["explain", STDIN, "tool:99"], "hint: there are tool:1 … tool:6"],
  [["explain", STDIN, "tol:1"], "hint: did you mean tool:1?"],
  [["explain", STDIN, "terminal:9"], "hint: there is only terminal:1"],
  [["explain", STDIN, "edge:1"], "hint: there is no edge in this session"],
  [["payload", STDIN, "cal:1"], "hint: did you mean call:1?"],
  [["explain", STDIN, "9999"], "there is no event 9999: the log has events 1"],
  [["context", STDIN, "--at", "2"], "no LLM request had started by event 2"],
  [["diff", STDIN, "call:99"], `no inference call is called "call:99"`],
  [["timeline", STDIN, "--since", "tool:99"], "there are tool:1 … tool:6"],
  ...["timeline", "transcript", "context"].map((command) =>
    [
      [command, STDIN, "--thread", "/rooot"],
      "hint: did you mean /root?",
    ] as const
  ),
  [["search", STDIN, "x", "--thread", "/rooot"], "hint: did you mean /root?"],
];

for (const [args, line] of UNKNOWN) {
  Deno.test(`${args.join(" ")} finds nothing and prints what exists`, async () => {
    const { code, stdout, stderr } = await printed(args);
    assertEquals([code, stdout], [EXIT.noResult, ""]);
    assert(stderr.startsWith("error: "), stderr);
    assert(stderr.includes(line), stderr);
  });
}

Deno.test("a number alone is never taken for a thread", async () => {
  for (const command of ["timeline", "transcript", "context"]) {
    const { code, stderr } = await printed([command, STDIN, "--thread", "7"]);
    assertEquals(code, EXIT.usage);
    assert(stderr.includes('error: invalid value "7" for --thread'), stderr);
    assert(stderr.includes("write thread:7, or seq:7"), stderr);
  }
});

Deno.test("payload prints that a number means an event", async () => {
  const none = await printed(["payload", STDIN, "5"]);
  assertEquals(none.code, EXIT.noResult);
  assert(/^error: event 5 \(\w+\) has no payload\n/.test(none.stderr));
  assert(none.stderr.includes("hint: did you mean payload:5?"), none.stderr);
  const some = await printed(["payload", STDIN, "2"]);
  assertEquals(some.code, EXIT.ok);
  assertEquals(
    some.stderr,
    "note: 2 is event 2 (thread_started), not payload:2\n",
  );
});

Deno.test("explain prints a notice where it replaces an event about no object", async () => {
  const last = rawEvents(STDIN).at(-1);
  const { code, stderr } = await printed(["explain", STDIN, `${last?.seq}`]);
  assertEquals(code, EXIT.ok);
  assert(
    stderr.includes(`event ${last?.seq} (rollout_ended) is about no object`),
    stderr,
  );
});
