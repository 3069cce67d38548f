/**
 * The configuration: what it may contain, and that no user is asked for a permission because of it.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { CONFIG_FILE } from "../../lib/cli/config/config.ts";
import { parseJsonc } from "../../lib/cli/config/jsonc.ts";
import { ConfigError, decodeConfig } from "../../lib/cli/config/read_config.ts";
import { printed, upstreamBundle } from "./commands/command_golden.ts";
import { inFolder, putBundle } from "../support/cli.ts";
import { MAIN, PROJECT } from "../support/paths.ts";
import { type Ended, run } from "../support/processes.ts";
import { slowTest } from "../support/cases.ts";

const BUNDLE = upstreamBundle("0.169.0-agents_v2_fail");
const PRICES = {
  currency: "XTS",
  models: { m: { input: 1, cached_input: 0.1, output: 8 } },
};

Deno.test("decodeConfig() takes every key, and needs none", () => {
  assertEquals(decodeConfig({}), {
    listColumns: null,
    statsColumns: null,
    limits: {},
    prices: null,
    redact: { patterns: [], allow: [] },
  });
  const config = decodeConfig({
    list: { columns: ["bundle", "result"] },
    stats: { columns: ["calls", "cost"] },
    limits: { payload: "2M", events: 7 },
    prices: PRICES,
    redact: { patterns: [{ name: "ticket", pattern: "T-\\d+" }], allow: ["x"] },
  });
  assertEquals(config.listColumns, ["bundle", "result"]);
  assertEquals(config.statsColumns, ["calls", "cost"]);
  assertEquals(config.limits, { payload: 2 * 1024 * 1024, events: 7 });
  assertEquals(config.redact, {
    patterns: [{ name: "ticket", pattern: "T-\\d+", level: "secret" }],
    allow: ["x"],
  });
  assertEquals(config.prices?.models.get("m")?.output, 8);
});

Deno.test("decodeConfig() names the key that is wrong, and what it may be", () => {
  const wrong: readonly [unknown, string][] = [
    [[], "the file must be an object with list, stats, limits, prices"],
    [{ colour: 1 }, "the file has an unknown key, number 1: only list, stats"],
    [{ list: 1 }, "list must be an object with columns"],
    [
      { list: { columns: [] } },
      "list.columns must be a list of bundle, outcome, status",
    ],
    [
      { stats: { columns: ["calls", "day"] } },
      "stats.columns[1] must be one of",
    ],
    [{ limits: { payload: null } }, "limits.payload must be a number"],
    [{ limits: { payload: "much" } }, "limits.payload must be a number"],
    [{ limits: { day: 1 } }, "limits has an unknown key, number 1"],
    [{ redact: { allow: [1] } }, "redact.allow[0] must be a text"],
    [
      { redact: { patterns: [{ name: "a", pattern: "b", level: "c" }] } },
      'redact.patterns[0].level must be "secret" or "personal"',
    ],
    [{ prices: {} }, "prices.currency must be a word"],
    [{ prices: { currency: "XTS" } }, "prices.models must be an object"],
    [
      { prices: { ...PRICES, models: { m: { input: 1, output: 2 } } } },
      "prices.models, entry 1: cached_input must be the price of a million tokens",
    ],
    [
      { prices: { ...PRICES, models: { m: { input: -1 } } } },
      "prices.models, entry 1: input must be",
    ],
    [
      {
        prices: {
          ...PRICES,
          models: { m: { ...PRICES.models.m, cache_write_input: "1" } },
        },
      },
      "prices.models, entry 1: cache_write_input must be the price",
    ],
  ];
  for (const [value, message] of wrong) {
    const error = assertThrows(() => decodeConfig(value), ConfigError);
    assertStringIncludes(error.message, message);
  }
});

function withConfig(text: string, test: (path: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "own.jsonc");
  Deno.writeTextFileSync(path, text);
  return test(path).finally(() => Deno.removeSync(folder, { recursive: true }));
}

Deno.test("--config reads comments, columns and limits", async () => {
  await withConfig(
    `{
      // What I look up.
      "stats": { "columns": ["calls", "calls_with_usage"] },
    }`,
    async (config) => {
      const result = await printed(["stats", BUNDLE, "--config", config]);
      assertEquals(result.code, 0, result.stderr);
      assertEquals(
        result.stdout.split("\n")[0]?.split(/\s{2,}/),
        ["model", "requests", "with usage"],
      );
    },
  );
  await withConfig(`{ "limits": { "events": 3 } }`, async (config) => {
    const result = await printed(["show", BUNDLE, "--config", config]);
    assertEquals(result.code, 3);
    assertStringIncludes(result.stderr, "partial: ");
    // The command line has the last word.
    const raised = await printed([
      "show",
      BUNDLE,
      "--config",
      config,
      "--limit",
      "events=1000",
    ]);
    assertEquals(raised.code, 0);
  });
});

Deno.test("--config reads a file that begins with a byte order mark", async () => {
  await withConfig(`\ufeff{ "limits": { "events": 3 } }`, async (config) => {
    const result = await printed(["show", BUNDLE, "--config", config]);
    assertEquals(result.code, 3, result.stderr);
  });
  // Only one, and only there.
  for (const text of ["\ufeff\ufeff{}", "{}\ufeff"]) {
    assertThrows(() => parseJsonc(text), SyntaxError);
  }
});

Deno.test("--config refuses a file that is not UTF-8, and names that as the reason", async () => {
  const utf16 = [0xff, 0xfe, ...[..."{}"].flatMap((c) => [c.charCodeAt(0), 0])];
  for (const bytes of [utf16, [0x7b, 0xe9, 0x7d]]) {
    const config = Deno.makeTempFileSync();
    Deno.writeFileSync(config, new Uint8Array(bytes));
    const ended = await printed(["list", BUNDLE, "--config", config]);
    Deno.removeSync(config);
    assertEquals(ended.code, 2);
    assertStringIncludes(ended.stderr, "it is not UTF-8");
  }
});

Deno.test("--config reports what is wrong with the file, and ends with 2", async () => {
  for (const text of ["{", "[]", `{ "prices": 1 }`]) {
    await withConfig(text, async (config) => {
      const result = await printed(["show", BUNDLE, "--config", config]);
      assertEquals([result.code, result.stdout], [2, ""]);
      assertStringIncludes(result.stderr, "own.jsonc");
    });
  }
  const gone = await printed(["show", BUNDLE, "--config", "not/there.jsonc"]);
  assertEquals([gone.code, gone.stdout], [2, ""]);
});

Deno.test("parseJsonc() ignores comments and last commas, and nothing in strings", () => {
  assertEquals(
    parseJsonc(`{ // one, ]
      /* two
         } */ "a": [1, /* , */ 2, ], "b\\"//": "/* , ] */", // three
    }`),
    { a: [1, 2], 'b"//': "/* , ] */" },
  );
  const malformed = [
    "",
    "{",
    "[,]",
    "[1,,]",
    `"open`,
    "{} /* open",
    "{} /*/",
    `{"a" 1}`,
    '\\"'.repeat(500_000),
  ];
  for (const text of malformed) {
    assertThrows(() => parseJsonc(text), SyntaxError);
  }
});

Deno.test("no error quotes the configuration, and none is a bug of the program", async () => {
  const texts = [
    `SECRET`,
    `{ "a": SECRET }`,
    `{ "SECRET": 1 }`,
    `{ "list": { "columns": ["SECRET"] } }`,
    `{ "limits": { "payload": "SECRET" } }`,
    `{ "prices": { "currency": "XTS", "models": { "SECRET": 1 } } }`,
    `{ "prices": { "currency": "S E C R E T", "models": {} } }`,
    `{\n\n\u0000SECRET`,
    "[".repeat(1024 * 1024),
    `{"a":`.repeat(100_000),
  ];
  for (const text of texts) {
    await withConfig(text, async (config) => {
      const result = await printed(["show", BUNDLE, "--config", config]);
      assertEquals([result.code, result.stdout], [2, ""], text.slice(0, 50));
      assertStringIncludes(result.stderr, "error: cannot use ");
      assert(!/S ?E ?C ?R/.test(result.stderr), result.stderr);
    });
  }
});

/** Runs `show` in a folder, with full read access unless other flags are given. */
function showIn(cwd: string, ...allowed: string[]) {
  const permissions = allowed.length > 0 ? allowed : ["--allow-read"];
  return runIn(cwd, permissions, ["show", join(PROJECT, BUNDLE)]);
}

function runIn(cwd: string, permissions: string[], args: string[]) {
  return run(Deno.execPath(), [
    "run",
    "--no-lock",
    "--config",
    join(PROJECT, "deno.json"),
    ...permissions,
    MAIN,
    ...args,
  ], { cwd });
}

const PRICES_FILE = join(PROJECT, "testdata", "ask", "prices.jsonc");

Deno.test("the file of the working directory counts where it may be read, and is not asked for where not", () => {
  inFolder((folder) => {
    Deno.copyFileSync(PRICES_FILE, join(folder, CONFIG_FILE));
    const all = showIn(folder);
    assertStringIncludes(all.stdout, "XTS", all.stderr);
    assertEquals(all.stderr, "");
    const only = showIn(folder, `--allow-read=${join(PROJECT, BUNDLE)}`);
    assertEquals([only.code, only.stderr], [0, ""]);
    assert(!only.stdout.includes("XTS"));
    const narrow = showIn(folder, `--allow-read=${join(PROJECT, BUNDLE)},.`);
    assertNotUsed(narrow, "without permission to read the directories above");
  });
});

/** Checks that the configuration was ignored, and the reason is reported. */
function assertNotUsed({ code, stdout, stderr }: Ended, reason: string): void {
  assertEquals(code, 0, stderr);
  assert(!stdout.includes("XTS"));
  assertStringIncludes(
    stderr,
    `note: rollout-trace.jsonc is not used: ${reason}`,
  );
}

slowTest(
  "the configuration of a folder that is or is in a bundle is not used",
  () => {
    inFolder((folder) => {
      const bundle = putBundle(folder, "bundle");
      for (const cwd of [bundle, join(bundle, "payloads")]) {
        Deno.copyFileSync(PRICES_FILE, join(cwd, CONFIG_FILE));
        assertNotUsed(showIn(cwd), "it is in a bundle");
      }
      Deno.removeSync(join(bundle, "manifest.json"));
      assertNotUsed(showIn(join(bundle, "payloads")), "it is in a bundle");
    });
  },
);

slowTest({
  name:
    "a configuration that is a link, a pipe, or that others may write to is not used",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      const path = join(folder, CONFIG_FILE);
      Deno.symlinkSync(PRICES_FILE, path);
      assertNotUsed(showIn(folder), "it is a link");
      Deno.removeSync(path);
      run("mkfifo", [path]);
      assertNotUsed(showIn(folder), "it is no regular file");
      Deno.removeSync(path);
      Deno.copyFileSync(PRICES_FILE, path);
      for (const each of [path, folder]) {
        Deno.chmodSync(each, 0o777);
        assertNotUsed(showIn(folder), "other users may write");
        Deno.chmodSync(each, 0o755);
      }
    }),
});

slowTest({
  name: "the configuration of another user is not used",
  ignore: Deno.build.os !== "linux" || run("id", ["-u"]).stdout !== "0\n",
  fn: () =>
    inFolder((folder) => {
      const path = join(folder, CONFIG_FILE);
      Deno.copyFileSync(PRICES_FILE, path);
      for (const each of [path, folder]) {
        assertEquals(run("chown", ["65534", each]).code, 0);
        assertNotUsed(showIn(folder), "it belongs to another user");
        assertEquals(run("chown", ["0", each]).code, 0);
      }
      assertStringIncludes(showIn(folder).stdout, "XTS");
    }),
});

Deno.test("the configuration of the working directory lowers limits and does not raise them", () => {
  inFolder((folder) => {
    const path = join(folder, CONFIG_FILE);
    Deno.writeTextFileSync(path, `{ "limits": { "events": 3 } }`);
    assertEquals(showIn(folder).code, 3);
    Deno.writeTextFileSync(path, `{ "limits": { "payload": "65M" } }`);
    const raised = showIn(folder);
    assertEquals([raised.code, raised.stdout], [2, ""]);
    assertStringIncludes(raised.stderr, "limits.payload is above the default");
  });
});

Deno.test("an error in a pattern has its place, and no text of the configuration", () => {
  const secret = "hunter2";
  const good = { name: "a", pattern: "ACME", level: "personal" };
  const wrong: readonly [unknown, string][] = [
    [
      { patterns: [good, { name: secret.toUpperCase(), pattern: "ACME" }] },
      "patterns[1].name",
    ],
    [
      { patterns: [good, { name: "c", pattern: `${secret}(` }] },
      "patterns[1].pattern is",
    ],
    [
      { patterns: [{ name: "c", pattern: `[[:${secret}:]]` }] },
      "patterns[0].pattern is",
    ],
    [{ allow: ["x", `/${secret}(/`] }, "allow[1] is"],
  ];
  inFolder((folder) => {
    for (const [redact, place] of wrong) {
      const text = JSON.stringify({ redact });
      Deno.writeTextFileSync(join(folder, CONFIG_FILE), text);
      const ended = runIn(
        folder,
        ["--allow-read", "--allow-write"],
        ["redact", join(PROJECT, BUNDLE), "-o", "copy"],
      );
      assertEquals([ended.code, ended.stdout], [2, ""]);
      assertStringIncludes(ended.stderr, `redact.${place}`);
      assert(!ended.stderr.toLowerCase().includes(secret), ended.stderr);
    }
  });
});

Deno.test("the configuration that the documentation shows is one", () => {
  const text = Deno.readTextFileSync(
    join(PROJECT, "lib", "query", "README.md"),
  );
  const [, shown = ""] = /^```jsonc\n([\s\S]*?)^```/m.exec(text) ?? [];
  const config = decodeConfig(parseJsonc(shown));
  assertEquals(config.prices?.models.size, 1);
  assertEquals(config.statsColumns?.length, 4);
});
