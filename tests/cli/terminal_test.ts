/**
 * Standard output: text of a bundle does not control a terminal; what is full, closed or set not to
 * block.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT } from "../../lib/cli/command.ts";
import { processIo, standardInput } from "../../lib/cli/process_io.ts";
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

/** Runs `help` with a standard output whose writes may throw. */
async function helpWith(
  writeSync: (bytes: Uint8Array) => number,
): Promise<{ readonly code: number; readonly stderr: string }> {
  let stderr = "";
  const io = processIo({ writeSync, isTerminal: () => false });
  const code = await runProgram(["help"], {
    ...io,
    stderrLine: (line) => void (stderr += `${line}\n`),
  });
  return { code, stderr };
}

/** What a stream writes that throws before each write and writes seven bytes at most. */
async function writtenBy(refuse: (write: number) => void): Promise<string> {
  let [text, writes] = ["", 0];
  await helpWith((bytes) => {
    refuse(writes++);
    const some = bytes.subarray(0, 7);
    text += new TextDecoder("latin1").decode(some);
    return some.length;
  });
  return text;
}

Deno.test("a pipe that is set not to block gets every byte", async () => {
  const complete = await writtenBy(() => {});
  const slow = await writtenBy((write) => {
    if (write % 9 === 1) {
      throw new Deno.errors.WouldBlock(
        "Resource temporarily unavailable (os error 11)",
      );
    }
  });
  assertEquals(slow, complete);
});

Deno.test("an error of standard output names it", async () => {
  const { code, stderr } = await helpWith(() => {
    throw new Error("No space left on device (os error 28)");
  });
  assertEquals(code, EXIT.failed);
  assertStringIncludes(
    stderr,
    'error: Cannot write "standard output": No space left on device',
  );
  assertStringIncludes(stderr, "hint: redirect it");
});

Deno.test("a pipe that its reader closed ends the program without a word", async () => {
  const { code, stderr } = await helpWith(() => {
    throw new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
  });
  assertEquals([code, stderr], [EXIT.pipeClosed, ""]);
});

Deno.test("standard input that is set not to block is waited for", async () => {
  const steps = ["select ", undefined, undefined, "1", null];
  const read = (buffer: Uint8Array): Promise<number | null> => {
    const step = steps.shift();
    if (step === null) return Promise.resolve(null);
    if (step !== undefined) {
      return Promise.resolve(
        new TextEncoder().encodeInto(step, buffer).written,
      );
    }
    const message = "Resource temporarily unavailable (os error 11)";
    return Promise.reject(new Deno.errors.WouldBlock(message));
  };
  const pieces = await Array.fromAsync(standardInput({ read }));
  assertEquals(
    pieces.map((piece) => new TextDecoder().decode(piece)),
    ["select ", "1"],
  );
});
