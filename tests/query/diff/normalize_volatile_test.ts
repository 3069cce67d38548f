/**
 * What sessions differ in only because ids and times are given anew in each.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { diffSessions } from "../../../lib/query/diff/session_diff.ts";
import { NormalizedTexts } from "../../../lib/query/diff/normalize_volatile.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { printed, upstreamBundle } from "../../cli/commands/command_golden.ts";
import { everyCase } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

const OUTPUT = { kind: "function_call_output" } as const;

function open(name: string) {
  return openBundle(join(TESTDATA, "upstream", name, "bundle"));
}

function conversation(exact: boolean) {
  const { threads } = diffSessions(
    open("0.164.0-stdin_session"),
    open("0.169.0-stdin_session"),
    { exact },
  );
  const [thread] = threads;
  assert(thread?.conversation != null);
  return thread.conversation;
}

Deno.test("two runs of the same differ in ids and times, which are counted apart", () => {
  const result = conversation(false);
  assertEquals(
    [
      result.kept,
      result.similar,
      result.rewritten,
      result.added,
      result.removed,
    ],
    [5, 11, 1, 0, 0],
  );
  const exact = conversation(true);
  assertEquals([exact.kept, exact.similar, exact.rewritten], [5, 0, 12]);
});

Deno.test("the lines above an output are made steady, and of the output its ids and times", () => {
  let heads = 0;
  for (const { state } of everyCase()) {
    if (state === undefined) continue;
    const { conversation_items: items } = JSON.parse(
      Deno.readTextFileSync(state),
    );
    for (const { kind, body } of Object.values<Item>(items)) {
      const [part] = body.parts;
      if (!/_output$/.test(kind) || typeof part?.text !== "string") continue;
      const steady = new NormalizedTexts(new Map()).text(OUTPUT, 0, part.text);
      const [head = ""] = steady.split("\nOutput:\n", 1);
      if (!/^(?:Chunk ID|Wall time)/.test(part.text)) continue;
      heads++;
      assert(!/Chunk ID: [0-9a-f]|Wall time:? \d/.test(head), head);
      // Of an output that was truncated, only the first line is Codex's.
      const output = part.text.indexOf("\nOutput:");
      const at = output === -1 ? part.text.indexOf("\n") : output;
      assert(at > 0, part.text);
      const rest = part.text.slice(at)
        .replace(/("chunk_id":")[0-9a-f]+/g, "$1(id)")
        .replace(/("(?:wall_time|duration)_seconds":)[\d.e-]+/g, "$1(time)");
      assert(steady.endsWith(rest), steady);
      const codes = (text: string) => text.match(/exited with code \d+/g);
      assertEquals(codes(steady), codes(part.text));
    }
  }
  assert(heads > 20, `${heads}`);
});

interface Item {
  readonly kind: string;
  readonly body: { readonly parts: { readonly text?: string }[] };
}

Deno.test("processes are numbered as they appear, and only those that did are", () => {
  const steady = new NormalizedTexts(new Map([["call_abcd1234", "(call)"]]));
  const text = (id: number) =>
    `Chunk ID: 0a1b2c\nWall time: 1.5 seconds\n` +
    `Process running with session ID ${id}\nOutput:\nsession ID ${id}`;
  assertStringIncludes(
    steady.text(OUTPUT, 0, text(77)),
    "session ID (process 1)\nOutput:\nsession ID 77",
  );
  assertStringIncludes(steady.text(OUTPUT, 0, text(5)), "ID (process 2)\n");
  const call = { kind: "function_call" } as const;
  assertEquals(
    steady.text(call, 0, '{"session_id":77,"session_id": 8}'),
    '{"session_id":(process 1),"session_id": 8}',
  );
  const message = { kind: "message" } as const;
  assertEquals(
    steady.text(message, 0, "Wall time: 1 seconds call_abcd1234 call_other99"),
    "Wall time: 1 seconds (call) call_other99",
  );
});

Deno.test("diff reports what differs beside ids and times, and everything with --exact", async () => {
  const pair = [
    upstreamBundle("0.164.0-stdin_session"),
    upstreamBundle("0.169.0-stdin_session"),
  ];
  const { stdout } = await printed(["diff", ...pair, "--width", "100"]);
  assertStringIncludes(
    stdout,
    "/root: 5 the same, 11 the same but for ids and times, 1 rewritten",
  );
  assert(!stdout.includes("Chunk ID"));
  const exact = await printed(["diff", ...pair, "--exact"]);
  assertStringIncludes(exact.stdout, "/root: 5 the same, 12 rewritten");
  assertStringIncludes(exact.stdout, "Chunk ID: [-");
});
