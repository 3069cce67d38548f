/**
 * Flags: every spelling a shell user may choose, and what is reported about wrong ones.
 *
 * @module
 */

import { assertEquals, assertRejects } from "@std/assert";
import { type FlagSpec, parseFlags } from "../../lib/cli/flags.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

const SPEC: FlagSpec = {
  switches: ["tolerant", "verbose"],
  values: ["output"],
  lists: ["limit"],
  short: { o: "output", t: "tolerant", v: "verbose", l: "limit" },
};

async function parsed(...args: string[]) {
  const { positionals, on, value, values } = await parseFlags(args, SPEC);
  return {
    positionals,
    on: SPEC.switches.filter(on),
    output: value("output"),
    limits: values("limit"),
  };
}

Deno.test("parseFlags() takes a value in every place it may be", async () => {
  const spellings = [
    ["--output", "a=b"],
    ["--output=a=b"],
    ["-o", "a=b"],
    ["-oa=b"],
    ["-o=a=b"],
    ["-to", "a=b"],
    ["-toa=b"],
    ["-o", "first", "--output", "a=b"],
  ];
  for (const spelling of spellings) {
    const { output, positionals } = await parsed("x", ...spelling, "y");
    assertEquals(output, "a=b", spelling.join(" "));
    assertEquals(positionals, ["x", "y"], spelling.join(" "));
  }
});

Deno.test("parseFlags() distinguishes switches, lists and positionals", async () => {
  assertEquals(await parsed(), {
    positionals: [],
    on: [],
    output: undefined,
    limits: [],
  });
  assertEquals(
    await parsed("-vt", "--limit", "a=1", "007", "-lb=2", "--limit=c=3", "-"),
    {
      positionals: ["007", "-"],
      on: ["tolerant", "verbose"],
      output: undefined,
      limits: ["a=1", "b=2", "c=3"],
    },
  );
});

Deno.test("parseFlags() takes - for a value, and all after -- for positionals", async () => {
  for (const spelling of [["-o", "-"], ["--output", "-"], ["-o-"]]) {
    assertEquals((await parsed(...spelling)).output, "-", spelling.join(" "));
  }
  const { positionals, on } = await parsed("--", "-v", "--", "--output");
  assertEquals(positionals, ["-v", "--", "--output"]);
  assertEquals(on, []);
});

Deno.test("parseFlags() reports what is wrong with a flag", async () => {
  for (
    const [args, message] of [
      [["--outptu", "x"], `unknown option "--outptu"`],
      [["--outptu=x"], `unknown option "--outptu"`],
      [["--no-verbose"], `unknown option "--no-verbose"`],
      [["--constructor"], `unknown option "--constructor"`],
      [["-x"], `unknown option "-x"`],
      [["-tx"], `unknown option "-tx"`],
      [["-vx=1"], `unknown option "-vx"`],
      [["--=x"], `unknown option "--"`],
      [["--output"], "--output needs a value"],
      [["--output="], "--output needs a value"],
      [["--output", ""], "--output needs a value"],
      [["--output", "--verbose"], "--output needs a value"],
      [["-o", "-v"], "--output needs a value"],
      [["--limit", "a=1", "--limit"], "--limit needs a value"],
      [["--verbose=true"], "--verbose takes no value"],
      [["-v=1"], "--verbose takes no value"],
    ] as const
  ) {
    await assertRejects(() => parsed(...args), UsageError, message);
  }
});
