import { assertEquals } from "@std/assert";
import { copySync } from "@std/fs";
import { replayBundle } from "../../lib/replay.ts";

Deno.test("a receipt names no turn whose start was lost", () => {
  const dir = Deno.makeTempDirSync();
  try {
    copySync("testdata/upstream/0.169.0-agents_v2/bundle", dir, {
      overwrite: true,
    });
    const log = `${dir}/trace.jsonl`;
    const lines = Deno.readTextFileSync(log).split("\n");
    const without = (dropped: string) =>
      lines.filter((line) => line !== dropped).join("\n");
    for (
      const line of lines.filter((line) =>
        line.includes('"codex_turn_started"')
      )
    ) {
      Deno.writeTextFileSync(log, without(line));
      const trace = replayBundle(dir, { tolerant: true });
      for (const { codex_turn_id } of trace.conversation_items.values()) {
        assertEquals(
          codex_turn_id === null || trace.codex_turns.has(codex_turn_id),
          true,
        );
      }
    }
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});
