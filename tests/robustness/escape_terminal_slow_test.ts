/**
 * Transcripts, prompts and payloads of bundles made to attack: nothing of them steers a
 * terminal, leaves the page or closes a fence.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { runProgram } from "../../lib/cli/program.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { escapeControls } from "../../lib/text/escape.ts";
import { SECRET, STEERING, writeAttackBundle } from "./attack_bundle.ts";
import { inFolderAsync, recordedIo } from "../support/cli.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";

const WIDTH = 72;

async function result(args: readonly string[]): Promise<string> {
  const io = recordedIo();
  const [command = "", ...rest] = args;
  const code = await runProgram([command, `--width=${WIDTH}`, ...rest], io);
  assert(
    [0, 1, 3, 4].includes(code),
    `${args.join(" ")}: ${code} ${io.stderr}`,
  );
  for (const line of `${io.stdout}\n${io.stderr}`.split("\n")) {
    assertEquals(
      escapeControls(line.replaceAll("\t", "")),
      line.replaceAll("\t", ""),
    );
  }
  assert(!io.stdout.includes(SECRET));
  return io.stdout;
}

function assertOnPage(text: string): void {
  for (const line of text.split("\n")) {
    assert(stringWidth(line) <= WIDTH, line);
  }
}

/** A bundle that puts `evil` wherever a text may be. */
function evilBundle(evil: string): RawBundle {
  const statement = (role: string, phase?: string) => ({
    type: "message",
    role,
    phase,
    content: [
      { type: "input_text", text: evil },
      { type: evil, image_url: `data:${evil};base64,${evil}` },
    ],
  });
  const calls = [
    {
      type: "function_call",
      name: evil,
      namespace: evil,
      call_id: `call ${evil}`,
      arguments: JSON.stringify({ [evil]: evil, long: evil.repeat(200) }),
    },
    { type: "custom_tool_call", name: "exec", call_id: "c", input: evil },
  ];
  const bundle = new RawBundle(2);
  const input = [
    statement("developer"),
    statement("user"),
    { type: "additional_tools", tools: [{ name: evil }] },
    {
      type: "agent_message",
      author: evil,
      recipient: evil,
      content: [
        { type: "input_text", text: evil },
      ],
    },
  ];
  const body = {
    model: evil,
    instructions: evil,
    tools: [{ type: "function", name: evil }],
    [evil]: evil,
  };
  bundle.request("one", { ...body, input });
  bundle.response("one", [...calls, statement("assistant", "final_answer")]);
  const outputs = [
    { type: "function_call_output", call_id: `call ${evil}`, output: evil },
    { type: "custom_tool_call_output", call_id: "c", output: { [evil]: evil } },
  ];
  bundle.request("two", { ...body, input: [...input, ...calls, ...outputs] });
  return bundle;
}

const EVILS: readonly string[] = [
  STEERING,
  `\n\`\`\`\n# out of the fence ${STEERING}`,
  "````",
  "`",
  "漢字🧑‍🚀".repeat(60),
  "e\u0301\u0302\u0303".repeat(300),
];

const ASKED: readonly (readonly [string, ...string[]])[] = [
  ["transcript"],
  ["transcript", "--full"],
  ["transcript", "--at", "call:2"],
  ["context"],
  ["context", "--full"],
];

for (const evil of EVILS) {
  Deno.test(`transcript, context and payload keep ${JSON.stringify(evil.slice(0, 12))} on the page`, async () => {
    await inFolderAsync(async (folder) => {
      const bundle = evilBundle(evil).writeTo(`${folder}/bundle`);
      for (const [command, ...flags] of ASKED) {
        const text = await result([command, bundle, ...flags]);
        assert(text.split("\n").length > 10, text);
        assertOnPage(text);
      }
      for (const id of ["payload:1", "payload:2", "call:1", "payload:3"]) {
        assertOnPage(await result(["payload", bundle, id]));
        assertOnPage(await result(["payload", bundle, id, "--full"]));
      }
    });
  });

  Deno.test(`no fence of a Markdown transcript is closed by ${JSON.stringify(evil.slice(0, 12))}`, async () => {
    await inFolderAsync(async (folder) => {
      const bundle = evilBundle(evil).writeTo(`${folder}/bundle`);
      for (const at of [[], ["--at", "call:2"]]) {
        const args = ["transcript", bundle, "--markdown", ...at];
        const headings = outsideOfFences(await result(args))
          .filter((line) => line.startsWith("#"));
        const { items } = JSON.parse(
          await result(["transcript", bundle, "--json", ...at]),
        ).answer;
        // The title, the items; in one request the instructions and the tools beside them.
        const others = at.length === 0 ? 1 : 3;
        assertEquals(headings.length, items + others, headings.join("\n"));
        for (const line of headings) {
          assert(/^(?:# (?:Transcript|Input) of |## )/.test(line), line);
        }
      }
    });
  });
}

/** Lines that a reader of Markdown takes for text, by the rule that closes fences. */
function outsideOfFences(text: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const run = /^ {0,3}(`{3,})(.*)$/.exec(line);
    const [, ticks = "", info = ""] = run ?? [];
    if (fence === undefined) {
      if (run !== null && !info.includes("`")) fence = ticks;
      else lines.push(line);
    } else if (ticks.length >= fence.length && info.trim() === "") {
      fence = undefined;
    }
  }
  assertEquals(fence, undefined, "a fence stays open");
  return lines;
}

Deno.test("a bundle made to attack answers within its folder, on the page", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = writeAttackBundle(folder);
    const { names, trace } = openBundle(bundle);
    for (const id of [...trace.threads.keys()].slice(0, 3)) {
      const args = [bundle, `--thread=${id}`];
      assertOnPage(await result(["transcript", ...args]));
      assertOnPage(await result(["context", ...args]));
    }
    for (const id of [...trace.raw_payloads.keys()].slice(0, 3)) {
      // Threads may have the same ids.
      const { handle } = names.ref("payload", id);
      assertOnPage(await result(["payload", bundle, "--", handle]));
    }
  });
});
