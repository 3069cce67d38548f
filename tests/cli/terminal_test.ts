/**
 * Raw output on a terminal: text of a bundle does not control it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { processIo } from "../../lib/cli/process_io.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolderAsync } from "../support/cli.ts";

/** Clears the screen and sets a title as C1 controls, reverses the order, hides and erases. */
const STEERING = "\u009b2J\u009d0;title\u009c\u202e\u3164\ufe0f\u007f";

/** Runs a command with a standard output that is a terminal or none; returns what was written. */
async function written(
  isTerminal: boolean,
  args: readonly string[],
): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const io = processIo({
    writeSync: (bytes) => chunks.push(bytes.slice()) && bytes.length,
    isTerminal: () => isTerminal,
  });
  assertEquals(
    await runProgram(args, { ...io, stderrLine: () => {} }),
    0,
    args.join(" "),
  );
  return await new Blob(chunks).text();
}

for (const schema of [1, 2, 3] as const) {
  Deno.test(`raw output of schema ${schema} is escaped on a terminal, and not in a pipe or with --force-raw`, () =>
    inFolderAsync(async (folder) => {
      const bundle = new RawBundle(schema);
      const text = JSON.stringify({ text: STEERING });
      bundle.event({
        type: "protocol_event_observed",
        event_type: STEERING,
        event_payload: bundle.payload("protocol_event", text),
      });
      const dir = bundle.writeTo(`${folder}/bundle`);
      for (
        const args of [
          ["payload", dir, "payload:1", "--raw"],
          ["payload", dir, "payload:1", "--record"],
          ["reduce", dir, "-o", "-"],
          ["report", dir, "-o", "-"],
        ]
      ) {
        const piped = await written(false, args);
        const shown = await written(true, args);
        const forced = await written(true, [...args, "--force-raw"]);
        assertEquals(forced, piped);
        assert(!/[\u007f-\u009f\u202e\u3164]|[^\p{Emoji}]\ufe0f/u.test(shown));
        if (args[0] !== "payload") continue;
        assert(piped.includes(STEERING), piped);
        assert(shown.includes("\\u009b2J\\u009d0;title"), shown);
      }
    }));
}
