/**
 * Session logs that repeat something any number of times: what is read of them costs no more than their
 * bytes do.
 *
 * @module
 */

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { openLoggedSession } from "../../../../lib/query/session/session_log/joined/open_logged_session.ts";
import type { ConversationItem } from "../../../../lib/graph/conversation.ts";
import { LoggedTools } from "../../../../lib/query/session/session_log/logged_tools.ts";
import { inFolder } from "../../../support/cli.ts";
import { bytesOf, event, line, meta, readLines, THREAD } from "./made_log.ts";

const CALL = "call_1";
const AGENT = "01a20000-0000-7000-8000-000000000002";

function callOf(name: string, message: string): string {
  return line("response_item", {
    type: "function_call",
    name,
    arguments: JSON.stringify({ message }),
    call_id: CALL,
  });
}

Deno.test("the outputs of a call are one list, which grows", () => {
  const tools = new LoggedTools();
  const { trace } = readLines([meta(), callOf("wait", "x")]);
  const [item] = trace.conversation_items.values();
  assert(item !== undefined);
  tools.call({ type: "function_call", name: "wait" }, item);
  const output = (item_id: string): ConversationItem => ({ ...item, item_id });
  tools.output(output("conversation_item:2"));
  const [call] = tools.calls.values();
  const first = call?.model_visible_output_item_ids;
  tools.output(output("conversation_item:3"));
  assertStrictEquals(call?.model_visible_output_item_ids, first);
  assertEquals(first, ["conversation_item:2", "conversation_item:3"]);
});

Deno.test("a line of a session log may name any number of agents", () => {
  const agents = Array.from({ length: 200_000 }, (_, at) => `agent ${at}`);
  const spawned = event("item_completed", {
    item: {
      type: "CollabAgentToolCall",
      id: CALL,
      status: "completed",
      receiver_thread_ids: [...agents, ...agents],
    },
  });
  const { activities, diagnostics } = readLines([
    meta(),
    callOf("spawn_agent", "go"),
    spawned,
  ]);
  assertEquals(diagnostics, []);
  assertEquals(activities.length, agents.length);
});

Deno.test("blank lines of a session log count for the limit of its lines", () => {
  const limits = { events: 5 };
  const blank = Array.from({ length: 3 }, () => "");
  const start = event("task_started", { turn_id: "turn" });
  const cut = readLines([meta(), ...blank, "", start], { limits });
  assertEquals(cut.diagnostics.map(({ code, line }) => [code, line]), [
    ["limit_exceeded", 6],
  ]);
  assertEquals([cut.isCut, cut.trace.codex_turns.size], [true, 0]);
  const complete = readLines([meta(), ...blank, start], { limits });
  assertEquals([complete.lines, complete.diagnostics], [2, []]);
});

Deno.test("the message of a call is parsed once for its edge, however often a log names the call", () => {
  inFolder((folder) => {
    const text = "the message";
    const sent = event("sub_agent_activity", {
      event_id: CALL,
      kind: "interacted",
      agent_thread_id: AGENT,
      agent_path: "/root/a",
    });
    const put = (thread: string, lines: string[]) => {
      const path = `${folder}/rollout-2026-11-29T12-00-00-${thread}.jsonl`;
      Deno.writeFileSync(path, bytesOf(lines));
      return path;
    };
    const root = put(THREAD, [
      meta(),
      callOf("send_message", text),
      ...Array.from({ length: 50 }, () => sent),
    ]);
    put(AGENT, [
      meta({ id: AGENT, parent_thread_id: THREAD, agent_path: "/root/a" }),
      line("response_item", {
        type: "agent_message",
        author: "/root",
        recipient: "/root/a",
        content: [{ type: "input_text", text }],
      }),
    ]);
    const parse = JSON.parse;
    let count = 0;
    JSON.parse = (json, ...rest) => {
      if (json === JSON.stringify({ message: text })) count++;
      return parse(json, ...rest);
    };
    try {
      const { trace } = openLoggedSession(root);
      assertEquals(trace.interaction_edges.size, 1);
    } finally {
      JSON.parse = parse;
    }
    // The item is made of it, and the edge.
    assertEquals(count, 2);
  });
});
