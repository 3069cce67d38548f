/**
 * Recorded cases with the lines of their logs, and what `explain` reports about them.
 *
 * @module
 */

import { assert } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import type {
  ExplainAnswer,
  Step,
} from "../../../lib/query/explain/explain_answer.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import type { ObjectKind } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import {
  casesBelow,
  type ConformanceCase,
} from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { rawPayload } from "../../support/log_oracle.ts";

/** What `JSON.parse` returns, without a type. */
// deno-lint-ignore no-explicit-any
export type Raw = any;

/** A case with its log as plain objects. */
export interface Case extends ConformanceCase {
  readonly events: readonly Raw[];
  readonly lines: readonly string[];
}

export const CASES: readonly Case[] = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...existsSync(CORPUS) ? casesBelow(CORPUS) : [],
].filter(({ folder }) => existsSync(join(folder, "expected.state.json"))).map(
  (each) => {
    const lines = Deno.readTextFileSync(join(each.bundle, "trace.jsonl"))
      .split("\n").filter((line) => line.trim() !== "");
    return { ...each, lines, events: lines.map((line) => JSON.parse(line)) };
  },
).filter(({ lines }) =>
  // What the recorder's limits left out is in no payload, and in no answer.
  !lines.some((line) => line.includes('"capture":{'))
);

export function payload({ bundle }: Case, ref: Raw): Raw {
  return rawPayload(bundle, ref);
}

/** Explains objects of one case; links and failures are worked out once. */
export class Explained {
  readonly session: TraceSession;
  readonly #links: GraphLinks;
  readonly #failures: ReturnType<typeof getFailures>;

  constructor({ bundle }: Case) {
    this.session = openBundle(bundle);
    this.#links = new GraphLinks(this.session.trace);
    this.#failures = getFailures(this.session);
  }

  of(kind: ObjectKind, id: string): ExplainAnswer {
    const answer = explain(
      this.session,
      this.session.names.ref(kind, id),
      { links: this.#links, failures: this.#failures },
    );
    assert(answer !== null, `${kind} ${id} is not in the graph`);
    return answer;
  }
}

/** All steps of a chain, the nearest first. */
export function allSteps(steps: readonly Step[]): Step[] {
  const found = [...steps];
  for (let at = 0; at < found.length; at++) {
    found.push(...found[at]?.steps ?? []);
  }
  return found;
}

export function stepWith(
  steps: readonly Step[],
  ...relations: Step["relation"][]
): Step | undefined {
  return allSteps(steps).find(({ relation }) => relations.includes(relation));
}

export function factOf({ facts }: ExplainAnswer, name: string) {
  const fact = facts.find((each) => each.name === name);
  return fact?.object?.id ?? fact?.value;
}

/** Counts what was compared, so that a test without a case cannot pass. */
export class Tally {
  #count = 0;
  add(): void {
    this.#count++;
  }
  atLeast(least: number): void {
    assert(this.#count >= least, `only ${this.#count} compared`);
  }
}

export function inputOf({ input = [] }: Raw): Raw[] {
  return input;
}
