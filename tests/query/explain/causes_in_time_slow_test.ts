/**
 * No answer names a cause that began after its effect had ended, and no chain of causes is a circle.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { GraphLinks } from "../../../lib/query/evidence/links/graph_links.ts";
import { getEvidence } from "../../../lib/query/evidence/links/evidence.ts";
import type { Step } from "../../../lib/query/explain/explain_answer.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { getFailures } from "../../../lib/query/failures/failures.ts";
import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectRef,
} from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import {
  CORPUS,
  handMadeCases,
  isInSample,
  recordedCases,
} from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

/** Those that the reference refuses as well: questions are answered as far as possible. */
const CASES = [
  ...recordedCases(join(TESTDATA, "upstream")),
  ...handMadeCases(join(TESTDATA, "bundles")),
  ...recordedCases(CORPUS, 2),
];

/** The event of an id of the provider, which a compaction's copy of an item keeps. */
const ACCEPTANCE = "history_item_accepted";
/** Relations that are no causes: what they lead to is only near. */
const NOT_CAUSAL = new Set<string>([
  "first_sent_in",
  "received_during_wait",
  "waited_for_by_call",
]);

type Seq = bigint | number;

/** When each object of a session began and ended, by sequence number. */
class Times {
  readonly #session: TraceSession;
  readonly #links: GraphLinks;

  constructor(session: TraceSession, links: GraphLinks) {
    this.#session = session;
    this.#links = links;
  }

  /**
   * When an object began; null where that is unknown. A model wrote an item after its request: one
   * that is in no answer may be older than what it was first seen in, and so is a resumed thread.
   */
  began(ref: ObjectRef): Seq | null {
    if (ref.kind === "thread") return null;
    if (ref.kind !== "item") {
      return this.#execution(ref)?.started_seq ?? this.#firstEvent(ref);
    }
    const [written] = this.#links.to("item", ref.id, "response_item");
    return written === undefined
      ? null
      : this.#session.trace.inference_calls.get(written.from.id)?.execution
        .started_seq ?? null;
  }

  /** When an object had ended; what takes no time ends as it begins. */
  ended(ref: ObjectRef): Seq | null {
    const execution = this.#execution(ref);
    return execution === undefined
      ? this.#firstEvent(ref)
      : execution.ended_seq;
  }

  #execution({ kind, id }: ObjectRef) {
    const object = this.#session.trace[OBJECT_MAPS[kind]].get(id);
    return object !== undefined && "execution" in object
      ? object.execution
      : undefined;
  }

  #firstEvent(ref: ObjectRef): Seq | null {
    const evidence = getEvidence(this.#session, this.#links, ref);
    return evidence.find(({ event_type: type }) => type !== ACCEPTANCE)?.seq ??
      null;
  }
}

/** Compares causes with effects, and keeps what cannot be. */
class CauseFaults {
  readonly found: string[] = [];
  compared = 0;
  readonly #times: Times;

  constructor(times: Times) {
    this.#times = times;
  }

  /** Steps from an effect back to its causes. */
  back(effect: ObjectRef, steps: readonly Step[], path: readonly string[]) {
    const here = [...path, effect.handle];
    for (const { relation, object, steps: further } of steps) {
      if (object === null) continue;
      this.pair(object, relation, effect);
      if (here.includes(object.handle)) {
        this.found.push(`${here.join(" <- ")} <- ${object.handle}`);
      }
      this.back(object, further, here);
    }
  }

  /** Steps from a cause to its effects. */
  ahead(cause: ObjectRef, steps: readonly Step[]) {
    for (const { relation, object, steps: further } of steps) {
      if (object === null) continue;
      this.pair(cause, relation, object);
      this.ahead(object, further);
    }
  }

  pair(cause: ObjectRef, relation: string, effect: ObjectRef): void {
    if (NOT_CAUSAL.has(relation)) return;
    const began = this.#times.began(cause);
    const ended = this.#times.ended(effect);
    if (began === null || ended === null) return;
    this.compared++;
    if (began <= ended) return;
    this.found.push(
      `${cause.handle} (began ${began}) ${relation} ${effect.handle} (ended ${ended})`,
    );
  }
}

/** All that a session names of causes and effects, compared. */
function compare(session: TraceSession): CauseFaults {
  const links = new GraphLinks(session.trace);
  const failures = getFailures(session);
  const faults = new CauseFaults(new Times(session, links));
  for (const ref of OBJECT_KINDS.flatMap((kind) => session.names.all(kind))) {
    if (ref.kind === "payload") continue;
    const answer = explain(session, ref, { links, failures, depth: 5 });
    assert(answer !== null);
    faults.back(ref, answer.upstream, []);
    faults.ahead(ref, answer.downstream);
  }
  const { entries } = getTimeline(session);
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  for (const { object, parent } of entries) {
    const around = byNumber.get(parent ?? 0)?.object ?? null;
    if (around !== null && object !== null) {
      faults.pair(around, "contains", object);
    }
  }
  for (const { id: thread } of session.names.all("thread")) {
    for (const entry of getTranscript(session, { thread })?.entries ?? []) {
      if (entry.type !== "item") continue;
      for (const { object } of entry.produced_by) {
        if (object !== null) faults.pair(object, "produced", entry.item);
      }
    }
  }
  return faults;
}

Deno.test("explain, timeline and transcript name no cause that is later than its effect, and no circle", () => {
  let compared = 0;
  const found: string[] = [];
  for (const [at, { name, bundle }] of CASES.entries()) {
    if (!isInSample(at)) continue;
    const faults = compare(openBundle(bundle));
    compared += faults.compared;
    found.push(...faults.found.map((each) => `${name}: ${each}`));
  }
  assertEquals(found, []);
  assert(compared > 1_000, `${compared} pairs`);
});
