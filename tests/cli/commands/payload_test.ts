/**
 * What `payload` prints: laid out for a person, byte for byte for a program.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes, fail } from "@std/assert";
import { join } from "@std/path";
import { parseSpelled } from "../../../lib/format/json/json_spelled.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { jsonLines } from "../../../lib/cli/text/json_text.ts";
import { loadUnicode } from "../../../lib/cli/text/wrap/unicode.ts";
import { styleFor } from "../../../lib/cli/text/style.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";
import { recordedIo } from "../../support/cli.ts";
import { everyCase } from "../../support/cases.ts";
import { PROJECT } from "../../support/paths.ts";

await loadUnicode();

const SHELL = upstreamBundle("0.164.0-shell");
const CODE = upstreamBundle("0.169.0-code_mode");

testAskGoldens("payload", [
  { name: "request", args: [CODE, "payload:16"], color: 80 },
  { name: "tool", args: [SHELL, "tool:1"] },
  { name: "only_one", args: [CODE, "item:6"], widths: [80] },
  { name: "event", args: [SHELL, "9"], widths: [80] },
  { name: "full", args: [CODE, "payload:16", "--full"], widths: [60] },
  {
    name: "state",
    args: ["testdata/upstream/0.169.0-mcp/expected.state.json", "call:1"],
    widths: [80],
  },
  { name: "unknown", args: [SHELL, "payload:999"], widths: [80] },
]);

/** Tokens of JSON in order: what is left when white space and the escapes of texts do not count. */
function tokens(text: string): string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g)]
    .map(([token]) => token.startsWith('"') ? JSON.parse(token) : token);
}

Deno.test("laid out JSON keeps every key, number and text of every payload", () => {
  const layout = {
    render: { width: Infinity, style: styleFor(false) },
    full: true,
    open: false,
  };
  let files = 0;
  for (const { bundle } of everyCase()) {
    const folder = join(bundle, "payloads");
    for (const { name, isFile } of entriesOf(folder)) {
      const text = isFile ? textOf(join(folder, name)) : undefined;
      if (text === undefined || !isJson(text)) continue;
      files++;
      for (const width of [Infinity, 60]) {
        const lines = [...jsonLines(parseSpelled(text), { ...layout, width })];
        if (width === Infinity) {
          assertEquals(tokens(lines.join("\n")), tokens(text), name);
        } else for (const line of lines) assert(!line.includes("\n"));
      }
    }
  }
  assert(files > 100);
});

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(Deno.readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    parseSpelled(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

Deno.test("payload --raw writes the bytes of the file and nothing else", async () => {
  const bundle = join(PROJECT, CODE);
  for (const { name } of Deno.readDirSync(join(bundle, "payloads"))) {
    const chunks: Uint8Array[] = [];
    const io = {
      ...recordedIo(),
      writeBytes: (chunk: Uint8Array) => void chunks.push(chunk.slice()),
      printTrusted: (text: string) => fail(`not asked for: ${text}`),
      stderrLine: (text: string) => fail(`not asked for: ${text}`),
    };
    const id = `payload:${name.replace(".json", "")}`;
    assertEquals(await runProgram(["payload", bundle, id, "--raw"], io), 0);
    const file = Deno.readFileSync(join(bundle, "payloads", name));
    assertEquals(chunks, [file]);
  }
});

Deno.test("payload --raw takes one of several only", async () => {
  const result = await printed(["payload", CODE, "call:1", "--raw"]);
  assertEquals([result.code, result.stdout], [2, ""]);
  assertStringIncludes(result.stderr, "several payloads");
});
