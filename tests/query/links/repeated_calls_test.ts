/**
 * The same call made again and again: what is found, and what it cost.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { explain } from "../../../lib/query/explain/explain.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import type { RepeatedCall } from "../../../lib/query/show/show_answer.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const USAGE = {
  cached_input_tokens: 0,
  output_tokens: 1,
  reasoning_output_tokens: 0,
  total_tokens: 101,
};

/** One request and one call for each output. */
function calling(outputs: readonly string[]): RawBundle {
  const bundle = new RawBundle(1);
  for (const [at, output] of outputs.entries()) {
    const call_id = `call-${at}`;
    bundle.request(`r${at}`, { input: [] }).event({
      type: "inference_completed",
      inference_call_id: `r${at}`,
      response_id: `response-${at}`,
      response_payload: bundle.payload("inference_response", {
        token_usage: { input_tokens: 100, ...USAGE },
        output_items: [
          { type: "function_call", name: "f", arguments: "{}", call_id },
        ],
      }),
    }).tool(`t${at}`, {
      model_visible_call_id: call_id,
      invocation_payload: bundle.payload("tool_invocation", {
        payload: { arguments: "{}" },
      }),
    }).event({
      type: "tool_call_ended",
      tool_call_id: `t${at}`,
      status: "completed",
      result_payload: bundle.payload("tool_result", {
        response_item: { call_id, output },
      }),
    });
  }
  return bundle.end();
}

function found(outputs: readonly string[]): readonly RepeatedCall[] {
  let calls: readonly RepeatedCall[] = [];
  inFolder((folder) => {
    const place = calling(outputs).writeTo(join(folder, "b"));
    calls = summarize(openBundle(place)).repeated_calls;
  });
  return calls;
}

Deno.test("show finds a call made again and again with the same result, and what the repeats cost", () => {
  const head = (id: number) => `Chunk ID: ${id}\nWall time: ${id} s\nsame`;
  const [calls, ...others] = found([head(1), head(2), head(3), head(4)]);
  assertEquals(others, []);
  assertEquals(
    calls?.calls.map(({ handle }) => handle),
    ["tool:1", "tool:2", "tool:3", "tool:4"],
  );
  assertEquals(calls?.repeated_requests, 3);
  assertEquals(calls?.repeated_tokens.input_tokens, 300);
});

Deno.test("timeline and explain name the call that another repeats", () => {
  inFolder((folder) => {
    const place = calling(["same", "same", "same"]).writeTo(join(folder, "b"));
    const session = openBundle(place);
    const tools = getTimeline(session).entries.flatMap(({ detail }) =>
      detail.type === "tool_call" ? [detail.repeats?.handle ?? null] : []
    );
    assertEquals(tools, [null, "tool:1", "tool:1"]);
    const explained = session.names.all("tool_call").map((ref) =>
      explain(session, ref)?.facts.find(({ name }) => name === "repeats")
        ?.object?.handle ?? null
    );
    assertEquals(explained, tools);
  });
});

Deno.test("show names no call as repeated whose results differ, or that was made twice", () => {
  assertEquals(found(["1", "2", "3", "4"]), []);
  assertEquals(found(["1", "1"]), []);
  assertEquals(found(["1", "1", "2", "1"]), []);
});
