import { assert, assertEquals } from "@std/assert";
import { existsSync, walkSync } from "@std/fs";
import { basename, join } from "@std/path";
import { parseRecord } from "../../lib/format/decode/record_text.ts";
import { outcome } from "./event_lines.ts";
import { SCHEMA_NUMBERS } from "./event_decoders.ts";
import { CORPUS } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";

function linesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return Array.from(walkSync(folder), ({ path }) => path)
    .filter((path) => basename(path) === "trace.jsonl")
    .flatMap((path) => Deno.readTextFileSync(path).split("\n"))
    .filter((line) => line !== "");
}

function assertDecodes(lines: string[]): void {
  for (const line of lines) {
    const { schema_version: number } = JSON.parse(line);
    const schema = SCHEMA_NUMBERS.find((each) => each === number) ?? 2;
    assert(typeof outcome(line, schema) === "object", line);
    // Only the exact parser, which is the slow one, notices repeated keys.
    assertEquals(parseRecord(line, []).repeated, undefined, line);
  }
}

Deno.test("EventDecoder.decode() reads recorded lines the quick way, with the outcome of the slow one", () => {
  const lines = linesBelow(join(TESTDATA, "upstream"));
  assert(lines.length > 200);
  assertDecodes(lines);
});

const corpus = linesBelow(CORPUS);
Deno.test({
  name:
    "EventDecoder.decode() reads every line of the corpus the quick way, with the outcome of the slow one",
  // The corpus is beside the project on some machines only.
  ignore: corpus.length === 0,
  fn: () => assertDecodes(corpus),
});
