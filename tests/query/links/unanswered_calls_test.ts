/**
 * A request that carried a call without its output: every answer names the call.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SharedItemIdList } from "../../../lib/graph/item_id_list.ts";
import {
  callsWithoutOutput,
  unansweredCalls,
} from "../../../lib/graph/unanswered_calls.ts";
import type { InferenceCall } from "../../../lib/graph/runtime.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import {
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { soundBundles } from "../../support/log_oracle.ts";

function call(call_id: string): object {
  return {
    type: "function_call",
    name: "f",
    arguments: `{"a":"${call_id}"}`,
    call_id,
  };
}

const OUTPUT = { type: "function_call_output", call_id: "b", output: "done" };

/** Two calls in one response; the turn is cancelled before the first has an output. */
function interrupted(): RawBundle {
  const start = [message("user", "go")];
  const next = { thread_id: THREAD, codex_turn_id: "next" };
  return new RawBundle(1)
    .request("one", { input: start })
    .response("one", [call("a"), call("b")])
    .tool("tool", { model_visible_call_id: "a" })
    .event({
      type: "codex_turn_ended",
      codex_turn_id: "turn",
      status: "cancelled",
    })
    .event({ type: "codex_turn_started", ...next }, next)
    .request("two", {
      input: [...start, call("a"), call("b"), OUTPUT, message("user", "on")],
    }, "next");
}

function opened(ask: (session: TraceSession) => void): void {
  inFolder((folder) =>
    ask(openBundle(interrupted().writeTo(join(folder, "b"))))
  );
}

Deno.test("explain() of a request names the call that it sent without an output, and why there is none", () => {
  opened((session) => {
    const request = session.names.ref("inference_call", "two");
    const steps = explain(session, request)?.upstream ?? [];
    const lacking = steps.filter(({ relation }) =>
      relation === "lacks_output_of"
    );
    assertEquals(lacking.map(({ object }) => object?.handle), ["item:2"]);
    assertEquals(
      lacking[0]?.text.startsWith(
        "tool:1 never ended, turn:1 was cancelled: call of",
      ),
      true,
      lacking[0]?.text,
    );
  });
});

Deno.test("context and transcript mark a call without an output", () => {
  opened((session) => {
    assertEquals(
      getContext(session, "two")?.calls_without_output
        .map(({ handle }) => handle),
      ["item:2"],
    );
    for (const scope of [{}, { call: "two" }]) {
      const marked = getTranscript(session, scope)?.entries.flatMap((entry) =>
        entry.type === "item" && entry.lacks_output_in !== null
          ? [[entry.item.handle, entry.lacks_output_in.handle]]
          : []
      );
      assertEquals(marked, [["item:2", "call:2"]]);
    }
    assertEquals(getContext(session, "one")?.calls_without_output, []);
  });
});

Deno.test("which calls lack an output does not depend on the order of the questions", () => {
  for (const { bundle } of soundBundles()) {
    const { trace } = openBundle(bundle);
    const calls = [...trace.inference_calls.values()];
    const found = (order: readonly InferenceCall[]) =>
      new Map(order.map((each) => [
        each.inference_call_id,
        callsWithoutOutput(trace, each).map(({ item_id: id }) => id),
      ]));
    const alone = calls.flatMap((call) => {
      const ids = [...call.request_item_ids];
      const storage = {
        length: ids.length,
        idAt: (at: number) => ids[at] ?? "",
      };
      const list = new SharedItemIdList(storage, ids.length);
      return [...found([{ ...call, request_item_ids: list }])];
    });
    assertEquals([...found(calls)], alone, bundle);
    const reversed = [...found(calls.toReversed())].reverse();
    assertEquals(reversed, alone, bundle);
  }
});

Deno.test("items that requests repeat are read once for the calls without output", () => {
  const MANY = 50;
  const bundle = new RawBundle(1);
  for (let i = 0; i < MANY; i++) {
    bundle.request(`r${i}`, {
      input: Array.from({ length: i + 1 }, (_, at) => call(`id-${at}`)),
    });
  }
  inFolder((folder) => {
    const { trace } = openBundle(bundle.writeTo(join(folder, "b")));
    let reads = 0;
    for (const { request_item_ids: list } of trace.inference_calls.values()) {
      if (!(list instanceof SharedItemIdList)) continue;
      const { storage } = list;
      const idAt = storage.idAt.bind(storage);
      Object.defineProperty(storage, "idAt", {
        configurable: true,
        value: (at: number) => (reads++, idAt(at)),
      });
    }
    const found = unansweredCalls(trace);
    assertEquals(
      found.map((each) => each.call.inference_call_id),
      Array.from({ length: MANY }, (_, at) => `r${at}`),
    );
    // The wrapper of each request counts each read: without it, those of the vector.
    assertEquals(reads / MANY, MANY);
  });
});
