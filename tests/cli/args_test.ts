/**
 * Arguments: every spelling that a shell user may choose, and the errors of wrong ones.
 *
 * @module
 */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { momentIn } from "../../lib/cli/args/moment.ts";
import type { ArgsTable, Operand } from "../../lib/cli/args/flag.ts";
import { parseArgs } from "../../lib/cli/args/parse_args.ts";
import { UsageError } from "../../lib/cli/args/usage_error.ts";
import { HELP_FLAG } from "../../lib/cli/catalog/common_flags.ts";
import { SEARCH_SCOPES } from "../../lib/cli/catalog/choices.ts";
import { SEARCH_SCOPES as QUERY_SCOPES } from "../../lib/query/search/search_answer.ts";

const COLORS = ["red", "green", "blue"] as const;

const TABLE: ArgsTable = {
  operands: [{ name: "WORD", description: "a word", repeatable: true }],
  flags: [
    { name: "tolerant", alias: "t", description: "" },
    { name: "verbose", alias: "v", description: "" },
    {
      name: "output",
      alias: "o",
      value: { type: "path", name: "FILE" },
      description: "",
    },
    {
      name: "limit",
      alias: "l",
      value: { type: "text", name: "NAME=VALUE" },
      repeatable: true,
      description: "",
    },
    {
      name: "depth",
      value: { type: "integer", name: "N", min: 1, max: 100, words: ["all"] },
      default: "3",
      description: "",
    },
    { name: "size", value: { type: "size", name: "SIZE" }, description: "" },
    {
      name: "every",
      alias: "e",
      value: { type: "integer", name: "N", min: 1, max: 60, implied: "5" },
      description: "",
    },
    {
      name: "color",
      value: { type: "choice", name: "WHICH", choices: COLORS },
      description: "",
    },
    {
      name: "colors",
      value: {
        type: "choices",
        name: "A,B",
        choices: COLORS,
        synonyms: ["azure"],
      },
      repeatable: true,
      description: "",
    },
    HELP_FLAG,
  ],
};

const WORDS: Operand = {
  name: "WORD",
  description: "",
  optional: true,
  repeatable: true,
};

const NONE = { operands: [], on: [], output: undefined, limits: [] };

async function parsed(...args: string[]) {
  const { operands, flags } = await parseArgs(args, {
    ...TABLE,
    operands: [WORDS],
  });
  return {
    operands,
    on: ["tolerant", "verbose"].filter((name) => flags.on(name)),
    output: flags.value("output"),
    limits: flags.values("limit"),
  };
}

async function flagsOf(...args: string[]) {
  return (await parseArgs(["word", ...args], TABLE)).flags;
}

Deno.test("parseArgs() accepts a value in every position", async () => {
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
    const { output, operands } = await parsed("x", ...spelling, "y");
    assertEquals(output, "a=b", spelling.join(" "));
    assertEquals(operands, ["x", "y"], spelling.join(" "));
  }
});

Deno.test("parseArgs() takes the prefix of long paths of Windows from paths, not from other words", async () => {
  const table: ArgsTable = {
    operands: [
      { name: "BUNDLE", description: "", selects: "bundle" },
      { name: "TEXT", description: "", optional: true },
    ],
    flags: TABLE.flags,
  };
  const long = "\\\\?\\C:\\a";
  const args = [long, long, "-o", long, "--limit", long];
  const parse = async (isWindows: boolean) => {
    const { operands, flags } = await parseArgs(
      args,
      table,
      undefined,
      isWindows,
    );
    return [...operands, flags.value("output"), flags.values("limit")];
  };
  assertEquals(await parse(true), ["C:\\a", long, "C:\\a", [long]]);
  assertEquals(await parse(false), [long, long, long, [long]]);
});

Deno.test("parseArgs() takes as many arguments as a system passes", async () => {
  const words = Array.from({ length: 150_000 }, () => "a");
  const { operands } = await parseArgs(["--", ...words], TABLE);
  assertEquals(operands.length, words.length);
});

Deno.test("parseArgs() separates switches, repeated flags and operands", async () => {
  assertEquals(await parsed(), NONE);
  assertEquals(
    await parsed("-vt", "--limit", "a=1", "007", "-lb=2", "--limit=c=3", "-"),
    {
      operands: ["007", "-"],
      on: ["tolerant", "verbose"],
      output: undefined,
      limits: ["a=1", "b=2", "c=3"],
    },
  );
});

Deno.test("parseArgs() accepts - as a value, and all after -- as operands", async () => {
  for (const spelling of [["-o", "-"], ["--output", "-"], ["-o-"]]) {
    assertEquals((await parsed(...spelling)).output, "-", spelling.join(" "));
  }
  const { operands, on } = await parsed("--", "-v", "--", "--output");
  assertEquals(operands, ["-v", "--", "--output"]);
  assertEquals(on, []);
});

Deno.test("parseArgs() reads numbers, sizes and choices by the table", async () => {
  const flags = await flagsOf(
    ...["--size", "2K", "--color", "red", "--colors", "blue, azure"],
    "--colors=red",
  );
  assertEquals(flags.number("depth"), 3);
  assertEquals(flags.number("size"), 2048);
  assertEquals(flags.choices("color", COLORS), ["red"]);
  assertEquals(flags.choices("colors", COLORS), ["blue", "red"]);
  const all = await flagsOf("--depth", "all");
  assertEquals([all.value("depth"), all.number("depth")], ["all", undefined]);
  const none = await flagsOf();
  assertEquals(none.choices("color", COLORS), undefined);
  assertEquals(none.choices("colors", COLORS), undefined);
  assertThrows(() => none.on("colour"), TypeError, "--colour");
});

Deno.test("parseArgs() reads a value that may be absent only from digits", async () => {
  const cases: readonly (readonly [string[], number | undefined, string[]])[] =
    [
      [["x"], undefined, ["x"]],
      [["--every", "x"], 5, ["x"]],
      [["--every", "7", "x"], 7, ["x"]],
      [["--every=7", "8"], 7, ["8"]],
      [["-e7", "x"], 7, ["x"]],
      [["x", "-ve"], 5, ["x"]],
      [["--every", "--", "7"], 5, ["7"]],
      [["--every", "7x"], 5, ["7x"]],
      [["--every", "-o", "-", "x"], 5, ["x"]],
    ];
  for (const [args, every, operands] of cases) {
    const result = await parseArgs(args, { ...TABLE, operands: [WORDS] });
    assertEquals(
      [result.flags.number("every"), result.operands],
      [every, operands],
      args.join(" "),
    );
  }
  for (const wrong of ["0", "61"]) {
    const error = await assertRejects(
      () => flagsOf("--every", wrong),
      UsageError,
      `invalid value "${wrong}" for --every`,
    );
    assertEquals(error.hint, "N must be an integer from 1 to 60");
  }
});

Deno.test("parseArgs() checks neither operands nor values with --help", async () => {
  const { flags } = await parseArgs(["--depth", "x", "-h"], TABLE);
  assertEquals(flags.on("help"), true);
});

Deno.test("parseArgs() names the flag, the value or the argument that is wrong", async () => {
  for (
    const [args, message] of [
      [["--outptu", "x"], `unknown flag "--outptu"; did you mean "--output"?`],
      [["--outptu=x"], `unknown flag "--outptu"; did you mean "--output"?`],
      [["--no-verbose"], `unknown flag "--no-verbose"`],
      [["--constructor"], `unknown flag "--constructor"`],
      [["-x"], `unknown flag "-x"`],
      [["-tx"], `unknown flag "-tx"`],
      [["-vx=1"], `unknown flag "-vx"`],
      [["--=x"], `unknown flag "--"`],
      [["--output"], "missing value FILE for --output"],
      [["--output="], "missing value FILE for --output"],
      [["--output", ""], "missing value FILE for --output"],
      [["--output", "--verbose"], "missing value FILE for --output"],
      [["-o", "-v"], "missing value FILE for --output"],
      [["--limit", "a=1", "--limit"], "missing value NAME=VALUE for --limit"],
      [["--verbose=true"], `unexpected value "true" for --verbose`],
      [["-v=1"], `unexpected value "1" for --verbose`],
      [["--depth", "0"], `invalid value "0" for --depth`],
      [["--depth", "1.5"], `invalid value "1.5" for --depth`],
      [["--size", "2T"], `invalid value "2T" for --size`],
      [["--color", "grene"], `did you mean "green"?`],
      [["--color", "red,blue"], `invalid value "red,blue" for --color`],
      [["--colors", "red,pink"], `invalid value "pink" for --colors`],
    ] as const
  ) {
    const error = await assertRejects(() => parsed(...args), UsageError);
    assertEquals(error.message.includes(message), true, error.message);
  }
  const one = { operands: [{ name: "BUNDLE", description: "" }], flags: [] };
  for (
    const [args, message] of [
      [[], "missing argument BUNDLE"],
      [[""], "missing argument BUNDLE"],
      [["a", "b c"], `unexpected argument "b c"`],
    ] as const
  ) {
    await assertRejects(() => parseArgs(args, one), UsageError, message);
  }
});

Deno.test("the places that search accepts are those that the query has", () => {
  assertEquals(SEARCH_SCOPES, QUERY_SCOPES);
});

const NOON = Date.UTC(2026, 10, 29, 12);

Deno.test("a moment has as many digits of a second as other programs print", () => {
  const moments: readonly (readonly [text: string, ms: number])[] = [
    ["2026-11-29T12:00Z", 0],
    ["2026-11-29T12:00:01.5Z", 1500],
    ["2026-11-29T14:00:00.123456+02:00", 123],
    ["2026-11-29T12:00:00.123999999Z", 123],
    ["1m", -60_000],
  ];
  for (const [text, ms] of moments) {
    assertEquals(momentIn(text, "since", NOON) - NOON, ms, text);
  }
  for (const text of ["2026-11-29T12:00", "2026-11-29T12:00:00.Z", "soon"]) {
    assertThrows(() => momentIn(text, "since", NOON), UsageError, text);
  }
});
