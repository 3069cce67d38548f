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
import { parse } from "@std/jsonc";
import { join } from "@std/path";
import { CONFIG_FILE } from "../../lib/cli/config/config.ts";
import { ConfigError, decodeConfig } from "../../lib/cli/config/read_config.ts";
import { printed, upstreamBundle } from "./commands/command_golden.ts";
import { inFolder } from "../support/cli.ts";
import { MAIN, PROJECT } from "../support/paths.ts";
import { run } from "../support/processes.ts";

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
  });
  const config = decodeConfig({
    list: { columns: ["bundle", "result"] },
    stats: { columns: ["calls", "cost"] },
    limits: { payload: "2M", events: 7 },
    prices: PRICES,
  });
  assertEquals(config.listColumns, ["bundle", "result"]);
  assertEquals(config.statsColumns, ["calls", "cost"]);
  assertEquals(config.limits, { payload: 2 * 1024 * 1024, events: 7 });
  assertEquals(config.prices?.models.get("m")?.output, 8);
});

Deno.test("decodeConfig() names the key that is wrong, and what it may be", () => {
  const wrong: readonly [unknown, string][] = [
    [[], "the file must be an object with list, stats, limits, prices"],
    [{ colour: 1 }, 'the file has no key "colour": only list, stats'],
    [{ list: 1 }, "list must be an object with columns"],
    [
      { list: { columns: [] } },
      "list.columns must be a list of bundle, outcome, status",
    ],
    [
      { stats: { columns: ["day"] } },
      'stats.columns cannot contain "day": only',
    ],
    [{ limits: { payload: null } }, "limits.payload must be a number"],
    [{ limits: { payload: "much" } }, "limits.payload"],
    [{ limits: { day: 1 } }, 'limits has no key "day"'],
    [{ prices: {} }, "prices.currency must be a word"],
    [{ prices: { currency: "XTS" } }, "prices.models must be an object"],
    [
      { prices: { ...PRICES, models: { m: { input: 1, output: 2 } } } },
      "prices.models.m.cached_input must be the price of a million tokens",
    ],
    [
      { prices: { ...PRICES, models: { m: { input: -1 } } } },
      "prices.models.m.input must be",
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

Deno.test("the file of the working directory counts where it may be read, and is not asked for where not", () => {
  inFolder((folder) => {
    const bundle = join(PROJECT, BUNDLE);
    const prices = Deno.readTextFileSync(
      join(PROJECT, "testdata", "ask", "prices.jsonc"),
    );
    Deno.writeTextFileSync(join(folder, CONFIG_FILE), prices);
    const show = (...allowed: string[]) =>
      run(Deno.execPath(), [
        "run",
        "--no-lock",
        "--config",
        join(PROJECT, "deno.json"),
        ...allowed,
        MAIN,
        "show",
        bundle,
      ], { cwd: folder });
    const all = show("--allow-read");
    assertStringIncludes(all.stdout, "XTS", all.stderr);
    const only = show(`--allow-read=${bundle}`);
    assertEquals(only.code, 0, only.stderr);
    assert(!only.stdout.includes("XTS"));
  });
});

Deno.test("the configuration that the documentation shows is one", () => {
  const text = Deno.readTextFileSync(
    join(PROJECT, "lib", "query", "README.md"),
  );
  const [, shown = ""] = /^```jsonc\n([\s\S]*?)^```/m.exec(text) ?? [];
  const config = decodeConfig(parse(shown));
  assertEquals(config.prices?.models.size, 1);
  assertEquals(config.statsColumns?.length, 4);
});
