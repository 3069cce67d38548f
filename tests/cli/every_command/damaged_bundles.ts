/**
 * Recorded bundles truncated, shuffled and damaged, by a seed; and bundles with next to nothing,
 * or with the largest integers there are.
 *
 * @module
 */

import { copySync } from "@std/fs";
import { join } from "@std/path";
import type { SchemaOrNumber } from "../../support/every_schema.ts";
import type { Prng } from "../../support/bundles/random/prng.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";

/** What happens to the log. */
export const LOG_DAMAGES = [
  "cut between lines",
  "cut inside a line",
  "in another order",
  "with lines missing",
] as const;

const NO_JSON: readonly string[] = ["", "[]", "null", "no json \u001b[2J", "{"];

/** A copy of the bundle in `from`, its log damaged, and some of its payloads if `payloads`. */
export function writeDamaged(
  from: string,
  to: string,
  damage: typeof LOG_DAMAGES[number],
  p: Prng,
  payloads: boolean,
): void {
  copySync(from, to, { overwrite: true });
  const path = join(to, "trace.jsonl");
  const lines = Deno.readTextFileSync(path).trimEnd().split("\n");
  Deno.writeTextFileSync(path, damagedLog(lines, damage, p));
  if (!payloads) return;
  for (const { name } of Deno.readDirSync(join(to, "payloads"))) {
    const file = join(to, "payloads", name);
    const isGone = p.chance(0.15);
    const isBroken = !isGone && p.chance(0.15);
    if (isGone) Deno.removeSync(file);
    if (isBroken) Deno.writeTextFileSync(file, p.pick(NO_JSON));
  }
}

function damagedLog(
  lines: readonly string[],
  damage: typeof LOG_DAMAGES[number],
  p: Prng,
): string {
  const full = (some: readonly string[]) =>
    some.map((line) => `${line}\n`).join("");
  const at = p.between(1, lines.length - 1);
  switch (damage) {
    case "cut between lines":
      return full(lines.slice(0, at));
    case "cut inside a line": {
      const torn = lines[at] ?? "";
      return full(lines.slice(0, at)) +
        torn.slice(0, p.between(1, torn.length - 1));
    }
    case "in another order":
      return full(lines.toSorted(() => p.chance(0.5) ? 1 : -1));
    case "with lines missing":
      return full(lines.filter(() => p.chance(0.7)));
  }
}

const INTEGERS: readonly string[] = [
  "9223372036854775807",
  "-9223372036854775808",
  "0",
  "9007199254740993",
  "5",
];
const MEASURES = /"(wall_time_unix_ms|started_at_unix_ms|\w*_tokens)":\s*\d+/g;

/** A copy of the bundle in `from` in which times and tokens are as large as they can be. */
export function writeLargeIntegers(from: string, to: string): void {
  copySync(from, to);
  let next = 0;
  const names = [...Deno.readDirSync(join(to, "payloads"))].map(({ name }) =>
    join("payloads", name)
  ).sort();
  for (const name of ["manifest.json", "trace.jsonl", ...names]) {
    const path = join(to, name);
    const text = Deno.readTextFileSync(path).replace(
      MEASURES,
      (_, key) => `"${key}":${INTEGERS[next++ % INTEGERS.length]}`,
    );
    const isFirst = /"schema_version":\s*1\b/.test(text);
    Deno.writeTextFileSync(path, isFirst ? withLargeSeqs(text) : text);
  }
}

/** Numbers of events that no double holds; in schema 2 they count from 1. */
function withLargeSeqs(text: string): string {
  return text.replace(
    /"seq":\s*(\d+)/g,
    (_, seq) => `"seq":${2n ** 53n + 1n + BigInt(seq)}`,
  );
}

/** Bundles in which there is next to nothing, by what there is. */
export function bareBundles(
  schema: SchemaOrNumber,
): Record<string, RawBundle> {
  const bare = (lines: number): RawBundle => {
    const bundle = new RawBundle(schema);
    bundle.lines.length = lines;
    return bundle;
  };
  const blank = bare(0);
  blank.lines.push("", "\t", "{}", "[]", "null", "0");
  const torn = bare(2);
  torn.lines.push('{"schema_ver');
  const nameless = bare(0)
    .event({ type: "thread_started", thread_id: "", agent_path: "" })
    .event({ type: "codex_turn_started", codex_turn_id: "", thread_id: "" })
    .request("", { input: [] })
    .tool("");
  return {
    "an empty log": bare(0),
    "lines without an event": blank,
    "a thread": bare(1),
    "a thread and a turn": bare(2),
    "an event that is still being written": torn,
    "empty names": nameless,
    "a request without items": bare(2).request("i", { input: [] }),
    "an unknown event": bare(2).event({ type: "unknown" }),
  };
}
