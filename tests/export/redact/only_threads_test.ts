/**
 * A copy with the texts of some threads: it has no others, and the same graph.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { openRedacted } from "../../../lib/export/redact/open_redacted.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { inFolderAsync, namesIn, recordedIo } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";
import { stateText } from "../../support/state_text.ts";
import { textsOf } from "./planted_bundle.ts";

/** A root that sends two agents to work, in each schema. */
const CASES = ["0.164.0-agents_v2", "0.169.0-agents_v2", "0.171.0-agents_v2"]
  .map((name) => join(TESTDATA, "upstream", name, "bundle"));

/** Where strings of two graphs differ without a placeholder; other values must be equal. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (typeof a === "string" && typeof b === "string") {
    return a === b || b.includes("[text:") ? [] : [`${path}: ${a} is ${b}`];
  }
  if (typeof a !== "object" || a === null || typeof b !== "object") {
    assertEquals(b, a, path);
    return [];
  }
  const [left, right] = [Object.entries(a), Object.entries(b ?? {})];
  assertEquals(right.map(([key]) => key), left.map(([key]) => key), path);
  return left.flatMap(([key, value], at) =>
    differences(value, right[at]?.[1], `${path}.${key}`)
  );
}

for (const bundle of CASES) {
  Deno.test(`each thread alone: the same graph, and texts of no other thread (${bundle.slice(TESTDATA.length)})`, () => {
    const trace = replayBundle(bundle);
    const state = JSON.parse(stateText(trace));
    assert(trace.threads.size > 1);
    for (const id of trace.threads.keys()) {
      const { session, receipt } = openRedacted(bundle, { onlyThreads: [id] });
      assertEquals(receipt.only_threads, [id]);
      const copied = JSON.parse(stateText(session.trace));
      assertEquals(differences(state, copied, ""), []);
      const texts = (thread: string) =>
        [...session.trace.conversation_items.values()]
          .filter(({ thread_id }) => thread_id === thread)
          .flatMap(({ body }) => JSON.stringify(body));
      assert(texts(id).some((text) => !text.includes("[text:")));
    }
  });
}

Deno.test("what the other threads alone have is in no file of the copy", async () => {
  await inFolderAsync(async (folder) => {
    const [bundle = ""] = CASES;
    const copy = join(folder, "copy");
    const trace = replayBundle(bundle);
    const [root, child] = [...trace.threads.keys()];
    assert(root !== undefined && child !== undefined);
    const io = recordedIo();
    const args = ["redact", bundle, "-o", copy, "--only-threads", "thread:2"];
    assertEquals(await runProgram(args, io), 0, io.stderr);
    assertStringIncludes(io.stderr, "texts of 1 thread kept, no others");
    // The prompt of the user is in the root alone.
    const prompts = [...trace.conversation_items.values()].filter((item) =>
      item.thread_id === root && item.role === "user"
    );
    const words = prompts.flatMap(({ body: { parts } }) =>
      parts.flatMap((part) => part.type === "text" ? [part.text] : [])
    );
    assert(words.length > 0);
    const before = [...textsOf(bundle).values()].join("\n");
    const after = [...textsOf(copy).values()].join("\n");
    const line = words.at(-1) ?? "";
    assertStringIncludes(before, JSON.stringify(line).slice(1, -1));
    assert(!after.includes(JSON.stringify(line).slice(1, -1)), line);
  });
});

Deno.test("a thread that is unknown, or no content at all, is an error", async () => {
  await inFolderAsync(async (folder) => {
    const [bundle = ""] = CASES;
    const run = async (...flags: string[]) => {
      const io = recordedIo();
      const args = ["redact", bundle, "-o", join(folder, "copy"), ...flags];
      return { code: await runProgram(args, io), stderr: io.stderr };
    };
    const unknown = await run("--only-threads", "/root,/root/missing");
    assertEquals(unknown.code, 1);
    assertStringIncludes(unknown.stderr, "no thread is called");
    const none = await run("--only-threads", "/root", "--content", "none");
    assertEquals(none.code, 2);
    assertStringIncludes(none.stderr, "cannot combine --only-threads");
    assertEquals(namesIn(folder), []);
  });
});
