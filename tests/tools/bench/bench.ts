/**
 * Times `reduce` on generated bundles, beside the bare reading of their bytes and, where it can
 * be had, the reference reducer: `deno task bench --help`.
 *
 * @module
 */

import { join } from "@std/path";
import type { PayloadCounters } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { writeBenchBundle } from "../../support/bundles/long/long_bundle.ts";
import {
  contendersFor,
  NAMES,
  ourState,
  referenceState,
  removeBundle,
} from "./contenders.ts";
import { compete, type Result } from "./contest.ts";
import { goalsFor } from "./goals.ts";
import { Meter } from "./measure.ts";
import { reportLines } from "./report.ts";
import { type Settings, settingsOf, USAGE } from "./settings.ts";

function benchOne(settings: Settings, meter: Meter, calls: number): string[] {
  const { codexMostMb, schema, shape, shapeName } = settings;
  const bundle = join(settings.dir, `${shapeName}-${schema}-${calls}`);
  const facts = writeBenchBundle(bundle, { ...shape, calls });
  try {
    const small = facts.bytes <= 1e6 * codexMostMb;
    const contenders = contendersFor(settings, bundle, small);
    // Once unmeasured: the caches of the file system and of the compiler get warm.
    for (const { command } of contenders.slice(0, 2)) meter.measure(command);
    const results = compete(meter, contenders, settings.runs);
    const reference = results.find(({ name }) => name === NAMES.reference);
    return reportLines({
      title: `schema ${schema}, ${shapeName}, ${calls} calls`,
      calls,
      facts,
      counters: countersOf(bundle),
      results,
      ours: named(results, NAMES.ours),
      reading: named(results, NAMES.reading),
      reference,
      state: reference !== undefined
        ? verdict(bundle)
        : small
        ? "not compared, no reference was given"
        : `not compared, the bundle has more than ${codexMostMb} MB`,
      goals: settings.pureShape
        ? goalsFor({ schema, calls, shape: shapeName })
        : {},
    });
  } finally {
    if (!settings.keep) removeBundle(bundle);
  }
}

function named(results: readonly Result[], name: string): Result {
  const found = results.find((result) => result.name === name);
  if (found === undefined) throw new Error(`${name} did not run`);
  return found;
}

function countersOf(bundle: string): PayloadCounters {
  let counters: PayloadCounters | undefined;
  replayBundle(bundle, { onCounters: (found) => counters = found });
  if (counters === undefined) throw new Error("replay reported no counters");
  return counters;
}

function verdict(bundle: string): string {
  const ours = Deno.readFileSync(ourState(bundle));
  const theirs = Deno.readFileSync(referenceState(bundle));
  const same = ours.length === theirs.length &&
    ours.every((byte, i) => byte === theirs[i]);
  return same
    ? `${(ours.length / 1e6).toFixed(1)} MB, the same bytes as the reference`
    : `DIFFERS from the reference (${ours.length}, ${theirs.length} bytes)`;
}

async function main(): Promise<void> {
  const settings = await settingsOf(Deno.args);
  if (settings === undefined) {
    console.log(USAGE);
    return;
  }
  const meter = new Meter(settings.dir);
  for (const missing of meter.blindSpots) console.log(missing);
  console.log(
    `${settings.runs} runs in turns, medians; Deno ${Deno.version.deno}`,
  );
  for (const calls of settings.calls) {
    console.log(`\n${benchOne(settings, meter, calls).join("\n")}`);
  }
  if (settings.keep) console.log(`\nkept in ${settings.dir}`);
}

if (import.meta.main) await main();
