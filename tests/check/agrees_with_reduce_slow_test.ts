/**
 * A check and a strict reduction agree on whether a bundle can be reduced, whatever the limits.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { LIMIT_NAMES, type Limits } from "../../lib/bundle/limits.ts";
import { checkBundle } from "../../lib/check/check.ts";
import {
  BundleFormatError,
  LimitError,
  type LimitName,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { writeBenchBundle } from "../support/bundles/long/long_bundle.ts";
import { inFolder } from "../support/cli.ts";
import { CHILD, RawBundle, THREAD } from "../support/bundles/raw_bundle.ts";
import { CORPUS, handMadeCases, recordedCases } from "../support/cases.ts";
import { usesShards } from "../support/every_schema.ts";
import { TESTDATA } from "../support/paths.ts";
import { randomBundle, writeBundle } from "../support/bundles/random/mod.ts";

/** Values around those at which small bundles start to fit. */
const VALUES: Readonly<Record<LimitName, readonly number[]>> = {
  line: [1, 200, 300, 500, 1000, 5000, 20_000],
  payload: [1, 3, 30, 300, 1000, 3000, 30_000],
  shard: [1, 30, 300, 3000, 10_000, 100_000, 10_000_000],
  bundle: [1, 300, 3000, 10_000, 30_000, 100_000, 300_000, 10_000_000],
  events: [1, 2, 5, 10, 20, 30, 50, 1000],
  payloads: [1, 2, 5, 10, 20, 50, 1000],
  edge_payloads: [1, 2, 3, 5, 10],
  output: [1],
  objects: [1, 2, 3, 5, 10, 20, 50, 1000],
  depth: [1, 2, 3, 4, 5, 6, 8, 12],
};

/** Whether a strict reduction refuses a bundle, and by which limit if by one. */
interface Refused {
  readonly isRefused: boolean;
  readonly limit: LimitName | undefined;
}

function refusedBy(dir: string, limits: Partial<Limits>): Refused {
  try {
    replayBundle(dir, { limits });
    return { isRefused: false, limit: undefined };
  } catch (error) {
    return { isRefused: true, limit: limitOf(error) };
  }
}

/** The limit that an error of the library is about, if it is about one. */
function limitOf(error: unknown): LimitName | undefined {
  const isOurs = error instanceof LimitError ||
    error instanceof BundleFormatError || error instanceof PayloadError ||
    error instanceof ReplayError;
  assert(isOurs, `${error}`);
  let cause: unknown = error;
  while (cause instanceof Error && !(cause instanceof LimitError)) {
    cause = cause.cause;
  }
  return cause instanceof LimitError ? cause.limit : undefined;
}

/** How often limits refused a bundle and let one pass; to see that the values are well chosen. */
class Tally {
  readonly refused: Map<LimitName, number> = new Map();
  readonly passed: Map<LimitName, number> = new Map();

  count(name: LimitName, isRefused: boolean): void {
    const counts = isRefused ? this.refused : this.passed;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
}

function assertAgree(dir: string, name: string, tally?: Tally): void {
  const cases: Partial<Limits>[] = [{}];
  for (const limit of LIMIT_NAMES) {
    for (const value of VALUES[limit]) cases.push({ [limit]: value });
  }
  const plain = refusedBy(dir, {});
  for (const limits of cases) {
    const what = `${name} with ${JSON.stringify(limits)}`;
    const { isRefused, limit } = refusedBy(dir, limits);
    const { reduction, counts } = checkBundle(dir, { limits });
    assertEquals(reduction.strict, !isRefused, what);
    assertEquals(reduction.refused_by === null, !isRefused, what);
    if (isRefused) assert(counts.error > 0, what);
    const [only] = LIMIT_NAMES.filter((each) => each in limits);
    if (only === undefined || plain.isRefused) continue;
    if (isRefused) assertEquals(limit, only, what);
    tally?.count(only, isRefused);
  }
}

const RECORDED = [
  ...recordedCases(join(TESTDATA, "upstream")),
  ...recordedCases(CORPUS, 2).filter((_, index) => index % 20 === 0),
];

for (const { name, bundle } of RECORDED) {
  Deno.test(`check and reduce agree under every limit: ${name}`, () => {
    assertAgree(bundle, name);
  });
}

for (const { name, bundle } of handMadeCases(join(TESTDATA, "broken"))) {
  Deno.test(`check and reduce agree under every limit: broken/${name}`, () => {
    assertAgree(bundle, name);
  });
}

const SMALL = {
  calls: 12,
  turn: 4,
  threads: 3,
  tools: 2,
  agents: 2,
  promptBytes: 300,
  toolsBytes: 300,
  outBytes: 100,
} as const;

/** A session with a spawned agent, whose edge carries six payloads. */
function spawn(schema: number): RawBundle {
  const draft = new RawBundle(schema, "rollout");
  const kind = { type: "spawn_agent" };
  const tool_call_id = "spawn";
  const spawned = {
    call_id: "x",
    sender_thread_id: THREAD,
    status: "running",
    new_thread_id: CHILD,
    prompt: "work",
    model: "m",
    reasoning_effort: "low",
  };
  const runtime_payload = () => draft.payload("tool_runtime_event", spawned);
  draft.event({
    type: "thread_started",
    thread_id: CHILD,
    agent_path: "/root/child",
  }).tool(tool_call_id, { kind });
  for (let begins = 0; begins < 5; begins++) {
    draft.event({
      type: "tool_call_runtime_started",
      tool_call_id,
      kind,
      runtime_payload: runtime_payload(),
    });
  }
  return draft.event({
    type: "tool_call_runtime_ended",
    tool_call_id,
    status: "completed",
    runtime_payload: runtime_payload(),
  }).toolEnd(tool_call_id).end();
}

for (const { version: schema } of SCHEMAS) {
  Deno.test(`check and reduce agree under every limit: a session of schema ${schema}`, () => {
    inFolder((folder) => {
      const tally = new Tally();
      const dir = join(folder, "bundle");
      writeBenchBundle(dir, { schema, ...SMALL });
      assertAgree(dir, `schema ${schema}`, tally);
      for (const name of LIMIT_NAMES) {
        assert(tally.passed.has(name), `${name} passes`);
        const isAsked = name !== "output" &&
          (name !== "shard" || usesShards(schema));
        if (name === "edge_payloads") continue;
        assertEquals(tally.refused.has(name), isAsked, `${name} refuses`);
      }
    });
  });

  Deno.test(`check and reduce agree under every limit: a spawned agent of schema ${schema}`, () => {
    inFolder((folder) => {
      const tally = new Tally();
      const dir = join(folder, "bundle");
      spawn(schema).writeTo(dir);
      assertAgree(dir, `schema ${schema}`, tally);
      assert(
        tally.refused.has("edge_payloads") && tally.passed.has("edge_payloads"),
      );
    });
  });

  Deno.test(`check and reduce agree under every limit: random bundles of schema ${schema}`, () => {
    inFolder((folder) => {
      const dir = join(folder, "bundle");
      for (let seed = 0; seed < 12; seed++) {
        writeBundle(randomBundle(seed, schema), dir);
        assertAgree(dir, `seed ${seed}`);
      }
    });
  });
}
