/**
 * Every question about bundles that are truncated, damaged, random, next to empty, or full of
 * integers that no double holds: it answers, or prints in a line why it cannot.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import {
  askEverything,
  askJson,
  askReport,
  askText,
  everyQuestion,
} from "./every_command.ts";
import {
  bareBundles,
  LOG_DAMAGES,
  writeDamaged,
  writeLargeIntegers,
} from "./damaged_bundles.ts";
import { TESTDATA } from "../../support/paths.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { randomBundle, writeBundle } from "../../support/bundles/random/mod.ts";

const RECORDED = [
  "0.169.0-agents_v2",
  "0.169.0-stdin_session",
  "0.169.0-code_mode_tools",
  "0.164.0-compact_remote_manual",
] as const;
const RANDOM_BUNDLES = 24;
/** Of the questions about one random bundle, those that are asked. */
const ASKED = 12;

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function recorded(name: string): string {
  return join(TESTDATA, "upstream", name, "bundle");
}

/** Some of the questions in either form, and the report; how many of them were answered. */
async function askSome(
  place: string,
  folder: string,
  p: Prng,
  many: number,
): Promise<number> {
  const all = everyQuestion(place);
  let answered = 0;
  for (let i = 0; i < many; i++) {
    const args = p.pick(all);
    const { code } = await (p.chance(0.5) ? askJson : askText)(args);
    if (code === EXIT.ok || code === EXIT.partial) answered++;
  }
  await askReport(place, folder);
  return answered;
}

Deno.test("questions about random bundles are answered, or refused in words", () =>
  inFolder(async (folder) => {
    let answered = 0;
    for (let seed = 0; seed < RANDOM_BUNDLES; seed++) {
      const place = join(folder, `${seed}`);
      const p = new Prng(seed);
      const options = { mutated: 0.5, laidOut: 0.2 };
      writeBundle(randomBundle(seed, p.pick(SCHEMAS).version, options), place);
      answered += await askSome(place, folder, p, ASKED);
    }
    assert(answered > RANDOM_BUNDLES * ASKED / 4, `${answered} answers`);
  }));

for (const damage of LOG_DAMAGES) {
  Deno.test(`questions about a log ${damage} are answered, or refused in words`, () =>
    inFolder(async (folder) => {
      let answered = 0;
      for (const [seed, name] of RECORDED.entries()) {
        for (const payloads of [false, true]) {
          const p = new Prng(seed);
          const place = join(folder, `${name}-${payloads}`);
          writeDamaged(recorded(name), place, damage, p, payloads);
          answered += await askSome(place, folder, p, ASKED);
        }
      }
      assert(answered > ASKED, `${answered} answers`);
    }));
}

Deno.test("questions about integers that no double holds are answered as about others", () =>
  inFolder(async (folder) => {
    for (const name of RECORDED) {
      const place = join(folder, name);
      writeLargeIntegers(recorded(name), place);
      let answered = 0;
      await askEverything(place, ({ code }) => {
        if (code === EXIT.ok || code === EXIT.partial) answered++;
      });
      assert(answered > 40, `${name}: ${answered} answers`);
      const { code } = await askReport(place, folder);
      assert(code === EXIT.ok || code === EXIT.partial);
    }
  }));

for (const { version: schema } of SCHEMAS) {
  for (const [what, bundle] of Object.entries(bareBundles(schema))) {
    Deno.test(`questions about ${what} of schema ${schema} are answered, or refused in words`, () =>
      inFolder(async (folder) => {
        const place = bundle.writeTo(join(folder, "bundle"));
        const codes = new Map<string, number>();
        await askEverything(place, ({ args: [question = ""], code }) => {
          codes.set(question, code);
        });
        for (const question of ["show", "stats"]) {
          const code = codes.get(question);
          assert(
            code === EXIT.ok || code === EXIT.partial,
            `${question} ${code}`,
          );
        }
        const { code } = await askReport(place, folder);
        assert(code === EXIT.ok || code === EXIT.partial);
      }));
  }
}

Deno.test("a bundle without a log, or without a manifest, is refused by every question", () =>
  inFolder(async (folder) => {
    for (const missing of ["trace.jsonl", "manifest.json"]) {
      const place = join(folder, missing);
      bareBundles(2)["a thread"]?.writeTo(place);
      Deno.removeSync(join(place, missing));
      await askEverything(place, ({ args: [question = ""], code }) => {
        // One bundle that cannot be read is a row among others.
        const many = question === "list" || question === "stats";
        assert(many ? code !== EXIT.ok : code === EXIT.failed, question);
      });
    }
  }));
