/**
 * What the commands print as JSON, against the schemas beside the questions.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { COMMANDS } from "../../../lib/cli/catalog/catalog.ts";
import { EXIT } from "../../../lib/cli/command.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import {
  type AnswerSchema,
  SCHEMA_FOLDER,
  schemaFile,
  SchemaMaker,
} from "../../support/answer_schemas.ts";

import { recordedIo } from "../../support/cli.ts";
import { slowTest, someCases } from "../../support/cases.ts";
import { ANSWER_SCHEMAS } from "../../tools/schema/schema.ts";

/** Commands whose output is not theirs to describe. */
const NO_ANSWERS: readonly string[] = ["reduce", "help", "sql", "follow"];

Deno.test("every command that prints JSON has a schema, and every schema a command", () => {
  const printing: string[] = [];
  for (const { name, flags } of COMMANDS) {
    const hasJson = flags.some((flag) => flag.name === "json");
    if (hasJson && !NO_ANSWERS.includes(name)) printing.push(name);
  }
  assertEquals(
    ANSWER_SCHEMAS.map(({ question }) => question).sort(),
    printing.sort(),
  );
});

slowTest(
  "the schemas are what their types state: deno task schema rewrites them",
  () => {
    const maker = new SchemaMaker();
    for (const entry of ANSWER_SCHEMAS) {
      assertEquals(
        Deno.readTextFileSync(schemaFile(entry)),
        maker.textOf(entry),
        entry.question,
      );
    }
    const files = [...Deno.readDirSync(SCHEMA_FOLDER)].map(({ name }) =>
      join(SCHEMA_FOLDER, name)
    );
    assertEquals(files.sort(), ANSWER_SCHEMAS.map(schemaFile).sort());
  },
);

for (const entry of ANSWER_SCHEMAS) {
  Deno.test(`what ${entry.question} --json prints is what its schema states`, async () => {
    const validate = validatorOf(entry);
    let answers = 0;
    for (const { bundle, state } of someCases()) {
      const takesState = !entry.alone && entry.question !== "list";
      const places = state === undefined || !takesState
        ? [bundle]
        : [bundle, state];
      for (const place of places) {
        for (const words of entry.asked ?? [[]]) {
          const args = [entry.question, place, ...words, "--json"];
          if (await isAnswered(args, validate)) answers++;
        }
      }
    }
    assert(answers > 0, "no bundle is answered");
  });

  Deno.test(`the schema of ${entry.question} refuses a document without its keys`, () => {
    const validate = validatorOf(entry);
    assert(!validate({}));
    assert(!validate([]));
    assert(!validate({ format: "rollout-trace.other.1", answer: null }));
  });
}

function validatorOf(entry: AnswerSchema): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  return ajv.compile(JSON.parse(Deno.readTextFileSync(schemaFile(entry))));
}

/** Runs a command line and validates what it prints; a bundle that cannot be read has no output. */
async function isAnswered(
  args: readonly string[],
  validate: ValidateFunction,
): Promise<boolean> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  const result = `${args.join(" ")}: exit code ${code}, ${io.stderr}`;
  assert(code !== EXIT.usage, result);
  if (io.stdout === "") {
    assertEquals(code, EXIT.failed, result);
    assert(io.stderr.startsWith("error: "), result);
    return false;
  }
  const document: unknown = JSON.parse(io.stdout);
  assert(
    validate(document),
    `${result}\n${JSON.stringify(validate.errors, null, 2)}`,
  );
  return true;
}
