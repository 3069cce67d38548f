/**
 * What is made of a bundle with `--redact` has nothing that was planted in it, in any spelling.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { SESSION_FORMATS } from "../../../lib/export/export_formats.ts";
import { openRedacted } from "../../../lib/export/redact/open_redacted.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import { reportBlocks } from "../../../lib/report/report_blocks.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import { inFolderAsync, namesIn, recordedIo } from "../../support/cli.ts";
import { plantBundle, spellingsOf } from "./planted_bundle.ts";
import { type Planted, plantedValues } from "./planted_values.ts";

/** Each schema gets other values: all of them take seconds. */
const STRIDE = 8;

function namesLeft(
  texts: Iterable<string>,
  planted: readonly Planted[],
): string[] {
  const spellings = [...texts].flatMap(spellingsOf);
  return planted
    .filter(({ value }) => spellings.some((text) => text.includes(value)))
    .map(({ name }) => name);
}

/** Runs a command line in a folder, and returns what it printed. */
async function ran(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

for (const { version } of SCHEMAS) {
  Deno.test(`the page, the exports and the transcript of a redacted session have no planted value (schema ${version})`, async () => {
    await inFolderAsync(async (folder) => {
      // The folder itself is named for one of them.
      const all = plantedValues(version);
      const email = all.find(({ name }) => name.startsWith("email "));
      assert(email !== undefined);
      const some = all.filter((_, at) => at % STRIDE === version);
      const planted = [...all.slice(0, 1), email, ...some];
      const source = join(folder, email.value);
      plantBundle(source, version, planted);
      const opened = openRedacted(source, { personal: true });
      const { session } = opened;
      const options = { payloads: "all", maxPayloadBytes: 1e9 } as const;
      const outputs = [
        ...reportBlocks(
          buildReport(session, { ...options, version: "1" }),
          session.payloads,
        ).values(),
        ...Object.values(SESSION_FORMATS).flatMap((format) => [
          ...format.pieces(session, 1, { version: "1", texts: true }),
        ]),
      ];
      assertEquals(namesLeft(outputs, planted), []);
      opened.requireClean(outputs);
      const args = ["transcript", source, "--redact", "--personal", "--json"];
      const { code, stdout, stderr } = await ran(args);
      assertEquals(code, 0, stderr);
      assertEquals(namesLeft([stdout], planted), []);
      assertStringIncludes(stdout, "[secret:github-token:1]");
    });
  });
}

Deno.test("a redacted session is that of the copy", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 3, plantedValues(23).slice(0, 5));
    const { receipt } = await redactBundle(source, copy);
    const opened = openRedacted(source);
    assertEquals(opened.receipt, receipt);
    const { place: _one, ...session } = opened.session;
    const { place: _two, ...ofCopy } = openBundle(copy);
    assertEquals(session.trace, ofCopy.trace);
    assertEquals(session.diagnostics, ofCopy.diagnostics);
  });
});

Deno.test("without --redact, nothing is replaced, and its flags are refused", async () => {
  await inFolderAsync(async (folder) => {
    const planted = plantedValues(29).slice(0, 3);
    const source = join(folder, "source");
    plantBundle(source, 2, planted);
    const plain = await ran(["transcript", source, "--json"]);
    assertEquals(namesLeft([plain.stdout], planted).length, planted.length);
    for (const flag of [["--personal"], ["--keep", "email"]]) {
      const { code, stderr } = await ran(["transcript", source, ...flag]);
      assertEquals(code, 2);
      assertStringIncludes(stderr, `${flag[0]} is for --redact`);
    }
  });
});

Deno.test("an output in which the scan finds something is not written", async () => {
  await inFolderAsync(async (folder) => {
    const source = join(folder, "source");
    const config = join(folder, "own.jsonc");
    plantBundle(source, 3, plantedValues(31).slice(0, 1));
    // Words of the outputs themselves, which no copy has.
    const patterns = ["Session|thread:1", "span"].map((pattern, at) => ({
      name: `word-${at}`,
      pattern,
    }));
    Deno.writeTextFileSync(config, JSON.stringify({ redact: { patterns } }));
    const page = join(folder, "out");
    const lines = [
      ["transcript", source],
      ["transcript", source, "--json"],
      ["export", source, "--format", "markdown", "-o", page],
      ["export", source, "--format", "otlp", "-o", "-"],
    ];
    for (const args of lines) {
      const redacted = [...args, "--redact", "--config", config];
      const { code, stdout, stderr } = await ran(redacted);
      assertEquals(code, 3, `${args}: ${stderr}`);
      assertEquals(stdout, "");
      assertStringIncludes(stderr, "nothing was written: the second scan");
    }
    assertEquals(namesIn(folder), ["own.jsonc", "source"]);
  });
});

Deno.test("keys of an output are no values that a pattern finds", async () => {
  await inFolderAsync(async (folder) => {
    const source = join(folder, "source");
    const config = join(folder, "own.jsonc");
    plantBundle(source, 3, []);
    const patterns = [{ name: "own", pattern: "\\b(?:lanes|edges|turns)\\b" }];
    Deno.writeTextFileSync(config, JSON.stringify({ redact: { patterns } }));
    const page = join(folder, "page.html");
    const args = ["report", source, "-o", page, "--redact", "--config", config];
    const { code, stderr } = await ran(args);
    assertEquals(code, 0, stderr);
  });
});

Deno.test("a state.json cannot be redacted", async () => {
  await inFolderAsync(async (folder) => {
    const source = join(folder, "source");
    plantBundle(source, 3, []);
    const state = join(folder, "state.json");
    await ran(["reduce", source, "-o", state]);
    const { code, stderr } = await ran(["transcript", state, "--redact"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "a state.json cannot be redacted");
  });
});
