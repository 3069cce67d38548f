/**
 * Asks every question about a bundle, whatever state it is in, and holds each answer against
 * what holds for all: it ends as the rules state, is JSON by its schema or lines that fit, and
 * blames nothing on the program.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import stringWidth from "string-width";
import { EXIT } from "../../../lib/cli/command.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { ANSWER_SCHEMAS } from "../../tools/schema/schema.ts";
import { schemaFile } from "../../support/answer_schemas.ts";
import { recordedIo } from "../../support/cli.ts";

/** How a question ended. */
export interface Asked {
  /** The command line. */
  readonly args: readonly string[];
  /** Exit code. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

const WIDTH = 60;

/** Forms in which questions are asked beside those of the schemas. */
const MORE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  timeline: [["--since", "3", "--until", "40", "--clock"]],
  transcript: [["--full"], ["--at", "call:1"], ["--thread", "thread:2"]],
  context: [["--full"], ["--thread", "thread:2"]],
  explain: [["2"], ["5"], ["thread:2"], ["item:1"], ["tool:2"], ["edge:2"]],
  payload: [["3"], ["item:1"], ["payload:2", "--full"], ["tool:1"]],
  search: [["x", "--in", "payloads", "--hits", "all"]],
  stats: [["--by", "thread"], ["--by", "bundle"]],
  diff: [["call:1", "call:2", "--full"]],
};

const VALIDATORS: ReadonlyMap<string, () => ValidateFunction> = new Map(
  ANSWER_SCHEMAS.map((entry) => {
    let made: ValidateFunction | undefined;
    return [
      entry.question,
      () =>
        made ??= new Ajv2020({ allErrors: true, allowUnionTypes: true })
          .compile(JSON.parse(Deno.readTextFileSync(schemaFile(entry)))),
    ];
  }),
);

/** Every command line about `place`, without the form of the answer. */
export function everyQuestion(place: string): string[][] {
  return ANSWER_SCHEMAS.filter(({ alone }) => alone !== true).flatMap(
    ({ question, asked = [[]] }) =>
      [...asked, ...MORE[question] ?? []].map((words) => [
        question,
        place,
        ...words,
      ]),
  );
}

/** Asks all of them as JSON and as text; `seen` gets how each ended. */
export async function askEverything(
  place: string,
  seen: (asked: Asked) => void = () => {},
): Promise<void> {
  for (const args of everyQuestion(place)) {
    seen(await askJson(args));
    seen(await askText(args));
  }
}

/** Asks for JSON. */
export async function askJson(args: readonly string[]): Promise<Asked> {
  const asked = await ask([...args, "--json"]);
  const { code, stdout } = asked;
  const result = reportOf(asked);
  if (stdout === "") {
    assert(code === EXIT.failed || code === EXIT.usage, result);
    return asked;
  }
  const validate = VALIDATORS.get(args[0] ?? "")?.();
  assert(validate !== undefined, result);
  assert(
    validate(JSON.parse(stdout)),
    result + JSON.stringify(validate.errors),
  );
  return asked;
}

/** Asks for text. */
export async function askText(args: readonly string[]): Promise<Asked> {
  const asked = await ask([...args, `--width=${WIDTH}`]);
  const result = reportOf(asked);
  for (const line of asked.stdout.split("\n")) {
    assertEquals(escapeControls(line), line, result);
    // A path that is to be pasted is not wrapped.
    const isFit = stringWidth(line) <= WIDTH || line.includes(args[1] ?? "\n");
    assert(isFit, `${result}${line}`);
  }
  return asked;
}

/** Writes the report to a file in `folder`, which is gone afterwards. */
export async function askReport(
  place: string,
  folder: string,
): Promise<Asked> {
  const file = join(folder, "report.html");
  const asked = await ask(["report", place, "-o", file]);
  const result = reportOf(asked);
  if (asked.code === EXIT.failed) return asked;
  assert(Deno.readTextFileSync(file).trimEnd().endsWith("</html>"), result);
  Deno.removeSync(file);
  return asked;
}

async function ask(args: readonly string[]): Promise<Asked> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  const asked = { args, code, stdout: io.stdout, stderr: io.stderr };
  const result = reportOf(asked);
  assert(!asked.stderr.includes("unexpected "), result);
  assert(!/^\s+at .*:\d+:\d+/m.test(asked.stderr), result);
  if (code === EXIT.partial) assert(asked.stderr.includes("partial: "), result);
  if (code === EXIT.usage) assert(asked.stderr.startsWith("error: "), result);
  if (code === EXIT.failed && asked.stdout === "") {
    assert(asked.stderr !== "", result);
  }
  return asked;
}

function reportOf({ args, code, stderr }: Asked): string {
  return `${args.join(" ")}: exit code ${code}\n${stderr}\n`;
}
