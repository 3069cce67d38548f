/**
 * Policies, effort, context window and the time to the first token, against the raw payloads.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { getContext } from "../../../lib/query/context/context.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { openStateFile } from "../../../lib/query/session/open_state_file.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";
import { eventsOf, rawEvents, rawPayload } from "../../support/log_oracle.ts";
import { TESTDATA } from "../../support/paths.ts";

const CASE = join(TESTDATA, "upstream", "0.169.0-agents_v2");
const BUNDLE = join(CASE, "bundle");

/** The payloads of protocol events of a type, as recorded. */
function protocol(type: string): Record<string, unknown>[] {
  return eventsOf(rawEvents(BUNDLE), "protocol_event_observed")
    .filter(({ payload }) => payload["event_type"] === type)
    .map(({ payload }) => rawPayload(BUNDLE, payload["event_payload"]));
}

Deno.test("threads and turns have the settings that the log records", () => {
  const session = openBundle(BUNDLE);
  const { threads, turns, context_window: window } = summarize(session);
  const configured = protocol("session_configured");
  assert(configured.length > 1);
  for (const body of configured) {
    const thread = threads.find(({ thread }) =>
      thread.id === body["thread_id"]
    );
    assertEquals(thread?.settings.approval_policy, body["approval_policy"]);
    assertEquals(
      thread?.settings.permissions,
      JSON.stringify(body["permission_profile"]),
    );
    assertEquals(
      thread?.settings.reasoning_effort,
      body["reasoning_effort"] ?? null,
    );
  }
  const ended = protocol("turn_complete");
  assert(ended.length > 1);
  for (const body of ended) {
    const turn = turns.find(({ turn }) => turn.id === body["turn_id"]);
    const { time_to_first_token_ms: ms } = body;
    assertEquals(turn?.time_to_first_token_ms, ms ?? null);
  }
  const times = turns.flatMap(({ time_to_first_token_ms: ms }) => ms ?? []);
  assertEquals(
    getStats(session, { by: "turn" }).total.first_token_latency?.measured,
    times.length,
  );
  const [started] = protocol("turn_started");
  assertEquals(
    window?.model_context_window,
    started?.["model_context_window"],
  );
});

Deno.test("what was not recorded of settings is null", () => {
  const state = openStateFile(join(CASE, "expected.state.json"));
  const { threads, turns, context_window, changed_files } = summarize(state);
  for (const { settings } of threads) {
    assertEquals(new Set(Object.values(settings)), new Set([null]));
  }
  assert(turns.every(({ time_to_first_token_ms: ms }) => ms === null));
  assertEquals(context_window?.model_context_window, null);
  assertEquals(changed_files, null);
  assertEquals(
    getStats(state, { by: "turn" }).total.first_token_latency,
    null,
  );
});

Deno.test("context has the tools of the request, of its input, and of requests that it continues", () => {
  const tool = (name: string) => ({ type: "function", name, description: "d" });
  const bundle = new RawBundle(2).request("a", {
    reasoning: { effort: "high" },
    tools: [tool("listed")],
    input: [{
      type: "additional_tools",
      role: "developer",
      tools: [tool("added")],
    }],
  }).response("a", []).request("b", {
    tools: [],
    previous_response_id: "response-a",
    input: [],
  });
  inFolder((folder) => {
    const session = openBundle(bundle.writeTo(join(folder, "b")));
    const [first, second] = ["a", "b"].map((id) => getContext(session, id));
    assertEquals(first?.reasoning_effort, "high");
    assertEquals(second?.reasoning_effort, null);
    assertEquals(
      first?.tools.map(({ name, is_in_input: is }) => [name, is]),
      [["listed", false], ["added", true]],
    );
    assertEquals(second?.tools.map(({ name }) => name), ["added"]);
    assertEquals(second?.tools_complete, true);
    assertEquals(first?.tools[0]?.definition, JSON.stringify(tool("listed")));
  });
});

Deno.test("context --tools prints each definition", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const place = new RawBundle(2).request("a", {
      tools: [{
        type: "function",
        name: "alpha",
        description: "reads\na file",
        parameters: { type: "object" },
      }],
      input: [],
    }).writeTo(join(folder, "b"));
    const { stdout } = await printed(["context", place, "--tools"]);
    for (
      const line of ["1 tool offered by call:1", "  a file", `"parameters"`]
    ) {
      assertStringIncludes(stdout, line);
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
