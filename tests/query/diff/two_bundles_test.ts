/**
 * Requests of two bundles, items that moved, and the exit code of a difference.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { diffRequestsOfSessions } from "../../../lib/query/diff/request_diff.ts";
import { diffSessions } from "../../../lib/query/diff/session_diff.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { message, RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolder, inFolderAsync, recordedIo } from "../../support/cli.ts";

const CALL = {
  type: "function_call",
  name: "f",
  arguments: "{}",
  call_id: "c",
};

/** A run: its ids, and the times in the output of its tool, are its own. */
function run(id: string, seconds: string, last: object[]): RawBundle {
  const output = JSON.stringify({
    chunk_id: id.slice(0, 6),
    wall_time_seconds: Number(seconds),
    output: "done",
  });
  const uuid = `${id}-0000-0000-0000-000000000000`;
  return new RawBundle(2)
    .request("a", {
      client_metadata: { turn: `{"id":"${uuid}","at_unix_ms":${seconds}1}` },
      input: [
        message("user", "one"),
        CALL,
        { type: "function_call_output", call_id: "c", output },
        ...last,
      ],
    })
    .end();
}

function compared(
  [a, b]: readonly [RawBundle, RawBundle],
  ask: (a: TraceSession, b: TraceSession) => void,
): void {
  inFolder((folder) =>
    ask(
      openBundle(a.writeTo(join(folder, "a"))),
      openBundle(b.writeTo(join(folder, "b"))),
    )
  );
}

const TWO = [message("user", "two")];
const RUNS = [run("aaaaaaaa", "1", TWO), run("bbbbbbbb", "2", TWO)] as const;

Deno.test("two runs are the same but for ids and times, in outputs and in metadata", () => {
  compared(RUNS, (a, b) => {
    assertEquals(diffSessions(a, b).same, true);
    assertEquals(diffSessions(a, b, { exact: true }).same, false);
    const [one, other] = [a, b].map((session) => ({ session, call: "a" }));
    if (one === undefined || other === undefined) return;
    assertEquals(diffRequestsOfSessions(one, other)?.same, true);
    const exact = diffRequestsOfSessions(one, other, { exact: true });
    assertEquals(exact?.members?.changes.length, 1);
    assertEquals(exact?.conversation?.rewritten, 1);
  });
});

Deno.test("an item at another place was moved, not removed and added", () => {
  const [x, y, z] = ["x", "y", "z"].map((text) => [message("user", text)]);
  if (x === undefined || y === undefined || z === undefined) return;
  const runs = [
    run("aaaaaaaa", "1", [...x, ...y, ...z]),
    run("bbbbbbbb", "2", [...z, ...x, ...y]),
  ] as const;
  compared(runs, (a, b) => {
    const { conversation } = diffSessions(a, b).threads[0] ?? {};
    assertEquals(
      [conversation?.moved, conversation?.removed, conversation?.added],
      [1, 0, 0],
    );
  });
});

Deno.test("diff A CALL B CALL compares requests; --exit-code reports a difference", async () => {
  const [same, other] = [RUNS[1], run("cccccccc", "3", [])];
  await inFolderAsync(async (folder) => {
    const [a, b, c] = [RUNS[0], same, other].map((bundle, at) =>
      bundle.writeTo(join(folder, `${at}`))
    );
    const codeOf = async (...args: string[]) => {
      const io = recordedIo();
      const code = await runProgram(["diff", ...args], io);
      return [code, io.stdout] as const;
    };
    const [places = "", others = "", third = ""] = [a, b, c];
    const equal = ["--exit-code", places, "call:1", others, "call:1"];
    assertEquals((await codeOf(...equal))[0], 0);
    const differing = [places, "call:1", third, "call:1"];
    const [code, text] = await codeOf(...differing);
    assertEquals(code, 0);
    assertStringIncludes(
      text,
      "2 the same, 1 the same but for ids and times, 1 removed",
    );
    assertEquals((await codeOf("--exit-code", ...differing))[0], 1);
    assertEquals((await codeOf("--exit-code", places, others))[0], 0);
    assertEquals((await codeOf("--exit-code", places, third))[0], 1);
  });
});
