/**
 * What a tool call did, in the words of its card and of its bar in the timeline: never as JSON.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { reportBlocks } from "../../../lib/report/report_blocks.ts";
import { Model } from "../../../lib/report/page/model/model.ts";
import { collect } from "../../../lib/report/page/views/timeline/collect_scene.ts";
import {
  describe,
  longLabel,
} from "../../../lib/report/page/views/timeline/describe.ts";
import { inputOf } from "../../../lib/report/page/views/transcript/cards/tool_input.ts";
import {
  callTitle,
  toolTitle,
} from "../../../lib/report/page/views/transcript/cards/tool_title.ts";
import { join } from "@std/path";
import { TESTDATA } from "../../support/paths.ts";
import { recorded } from "../report_file.ts";

function modelOf(bundle: string): Model {
  const session = openBundle(bundle);
  const report = buildReport(session, {
    version: "0",
    payloads: "none",
    maxPayloadBytes: 0,
  });
  const blocks = reportBlocks(report, session.payloads);
  return new Model((id) => blocks.get(id));
}

const [agents, cells] = [
  modelOf(join(TESTDATA, "sessions", "0.171.0-agents_v2_two", "bundle")),
  modelOf(recorded("0.169.0-code_mode_tools")),
];

Deno.test("no bar of a timeline, and no description of one, has JSON", () => {
  for (const model of [agents, cells]) {
    const { scene } = collect(model);
    const labels = scene.spans.flatMap((_, index) => [
      longLabel(model, scene, index),
      describe(model, scene, { type: "span", index })?.label ?? "",
    ]);
    assertEquals(labels.filter((each) => /[{[]\s*["{]/.test(each)), []);
  }
});

Deno.test("the title of a call names the agent that it is about", () => {
  const titles = agents.rows.tools.map((tool) =>
    [tool.label, callTitle(agents, tool)] as const
  );
  assertEquals(Object.fromEntries(titles), {
    assign_agent_task: "/root/alpha",
    close_agent: "beta",
    interrupt_agent: "/root/beta",
    send_message: "beta",
    spawn_agent: "gamma",
    wait_agent: null,
  });
});

Deno.test("an input that is cut has no title, and a list of texts its words", () => {
  const inputs = [
    ['{"targets":["/root/a","/root/b"],"timeout_ms":1}', "/root/a, /root/b"],
    ['{"message":"[[a]] more"}', "[[a]] more"],
    ['{"questions":[{"id":1}],"text":"{\\"a\\":1}"}', null],
    ['{"cmd":"python3 - <<', null],
    ["[1,2]", null],
    ["plain\nwords", "plain"],
  ] as const;
  for (const [text, title] of inputs) {
    const input = inputOf(text, true);
    assertEquals(toolTitle(agents, undefined, input), title, text);
  }
});
