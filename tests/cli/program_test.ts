/**
 * The complete command line: help, version, misspelled words.
 *
 * @module
 */

import { EXIT } from "../../lib/cli/command.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Command, RunCommand } from "../../lib/cli/command.ts";
import { HELP_FLAG } from "../../lib/cli/catalog/common_flags.ts";
import { COMMANDS } from "../../lib/cli/catalog/catalog.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { recordedIo } from "../support/cli.ts";
import { PROJECT } from "../support/paths.ts";

function commandOf(name: string, run: RunCommand): Command {
  return {
    name,
    summary: "",
    description: [],
    operands: [],
    examples: [],
    flags: [HELP_FLAG],
    load: () => Promise.resolve(run),
  };
}

async function program(
  args: readonly string[],
  commands?: readonly Command[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(args, io, commands);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

Deno.test("help names every command, and every command has a help of its own", async () => {
  for (const args of [["help"], ["--help"], ["-h"]]) {
    const { code, stdout, stderr } = await program(args);
    assertEquals([code, stderr], [0, ""]);
    for (const { name, summary } of COMMANDS) {
      assertStringIncludes(stdout, name);
      assertStringIncludes(stdout, summary);
    }
  }
  for (const { name } of COMMANDS) {
    const asked = await program(["help", name]);
    assertEquals(asked.code, 0);
    assertStringIncludes(asked.stdout, `Usage: rollout-trace ${name}`);
    for (const flag of ["--help", "-h"]) {
      assertEquals(await program([name, flag]), asked);
    }
  }
});

Deno.test("--version prints the version of deno.json", async () => {
  const config = JSON.parse(Deno.readTextFileSync(join(PROJECT, "deno.json")));
  for (const flag of ["--version", "-V"]) {
    const { code, stdout } = await program([flag]);
    assertEquals([code, stdout], [0, `rollout-trace ${config.version}\n`]);
  }
});

Deno.test("no command at all prints the help on standard error and is a usage error", async () => {
  const { code, stdout, stderr } = await program([]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "Usage: rollout-trace COMMAND");
});

Deno.test("a mistyped word gets a suggestion, an unknown one none", async () => {
  const cases: [string[], string][] = [
    [["reduec", "x"], `unknown command "reduec"; did you mean "reduce"?`],
    [["red"], `unknown command "red"; did you mean "reduce"?`],
    [["hepl"], `unknown command "hepl"; did you mean "help"?`],
    [["--versoin"], `unknown flag "--versoin"; did you mean "--version"?`],
    [
      ["reduce", "--verbos", "x"],
      `unknown flag "--verbos"; did you mean "--verbose"?`,
    ],
    [
      ["reduce", "--ouput=f", "x"],
      `unknown flag "--ouput"; did you mean "--output"?`,
    ],
    [["help", "reduse"], `unknown command "reduse"; did you mean "reduce"?`],
    [
      ["transmogrify"],
      `unknown command "transmogrify"\nhint: rollout-trace help lists`,
    ],
    [["x".repeat(100_000)], `unknown command "xxx`],
    [
      ["reduce", "-x", "b"],
      `unknown flag "-x"\nhint: write -- before a path`,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await program(args);
    assertEquals([code, stdout], [2, ""], args.join(" ").slice(0, 80));
    assertStringIncludes(stderr, `error: ${message}`);
  }
});

Deno.test("a usage error of a command shows the usage of the command", async () => {
  for (
    const args of [["reduce"], ["reduce", "a", "b"], ["reduce", "a", "-o"], [
      "reduce",
      "",
    ]]
  ) {
    const { code, stderr } = await program(args);
    assertEquals(code, 2, args.join(" "));
    assert(stderr.startsWith("error: "), stderr);
    assertStringIncludes(stderr, "\nUsage: rollout-trace reduce BUNDLE");
  }
});

Deno.test("an unexpected failure is one line without a stack", async () => {
  const failing = commandOf("fail", () => {
    throw new RangeError("out of\nreach");
  });
  const { code, stdout, stderr } = await program(["fail"], [failing]);
  assertEquals([code, stdout], [EXIT.failed, ""]);
  assertStringIncludes(stderr, "error: unexpected RangeError: out of");
  assert(!stderr.includes("    at "), stderr);
});

Deno.test("a closed pipe is reported by the exit code alone", async () => {
  const piped = commandOf("pipe", () => {
    throw new Deno.errors.BrokenPipe("Broken pipe");
  });
  assertEquals(await program(["pipe"], [piped]), {
    code: EXIT.pipeClosed,
    stdout: "",
    stderr: "",
  });
});
