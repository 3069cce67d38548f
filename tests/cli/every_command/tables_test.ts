/**
 * Tables distinguish what would have the same name.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { summarize } from "../../../lib/query/show/show.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { printed, upstreamBundle } from "../commands/command_golden.ts";
import { PROJECT } from "../../support/paths.ts";
import { eventsOf, rawEvents, soundBundles } from "../../support/log_oracle.ts";
import { rawTurnOutcomes } from "../../support/turn_outcome_oracle.ts";

const FAILED = upstreamBundle("0.169.0-agents_v2_fail");

Deno.test("showSession() counts the turns of a thread whose outcome is failed according to the log", () => {
  let failed = 0;
  for (const { name, bundle } of soundBundles()) {
    const events = rawEvents(bundle);
    const outcomes = rawTurnOutcomes(events);
    const threads = eventsOf(events, "codex_turn_started")
      .filter(({ payload }) => outcomes.get(payload.codex_turn_id) === "failed")
      .map(({ payload }) => payload.thread_id);
    for (const row of summarize(openBundle(bundle)).threads) {
      const expected = threads.filter((id) => id === row.thread.id).length;
      assertEquals(row.failed_turns, expected, name);
      failed += expected;
    }
  }
  assert(failed > 0);
});

Deno.test("show prints over each count of failures what failed", async () => {
  const { stdout } = await printed(["show", FAILED, "--width", "120"]);
  const lines = stdout.split("\n");
  for (const title of ["thread ", "turn "]) {
    const at = lines.findIndex((line) => line.startsWith(title));
    const [over, titles] = [lines[at - 1] ?? "", lines[at] ?? ""];
    const under = [...over.matchAll(/failed/g)].map(({ index }) =>
      [...titles.matchAll(/\S+(?: \S+)*/g)].find((word) =>
        word.index + word[0].length === index + "failed".length
      )?.[0]
    );
    assertEquals(
      under,
      title === "turn " ? ["requests"] : ["turns", "requests"],
    );
  }
});

Deno.test("--color always has the last word over NO_COLOR", async () => {
  const colored = async (env: Record<string, string>) => {
    const args = ["run", "-A", "main.ts", "show", FAILED, "--color", "always"];
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: PROJECT,
      env,
    }).output();
    return new TextDecoder().decode(stdout);
  };
  const bright = await colored({ NO_COLOR: "1" });
  assert(bright.includes("\x1b[31m"));
  assertEquals(bright, await colored({ NO_COLOR: "" }));
});
