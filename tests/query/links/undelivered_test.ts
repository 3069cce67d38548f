/**
 * Results that were delivered to no agent, against the raw log and the requests' payload files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { mayLackRequests } from "../../../lib/query/evidence/recorded/losses.ts";
import {
  deliveredAt,
  getUndeliveredResults,
} from "../../../lib/query/evidence/links/undelivered.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { casesBelow } from "../../reduce/reference/conformance.ts";
import { CORPUS } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { rawPayloadText, type RawRef } from "../../support/log_oracle.ts";
import { isRawComplete } from "../../support/request_oracle.ts";

const CASES = [
  ...casesBelow(join(TESTDATA, "upstream")),
  ...existsSync(CORPUS) ? casesBelow(CORPUS) : [],
];

/** A result in the log, and what is recorded of the requests of its receiver after it. */
interface LoggedResult {
  readonly seq: number;
  readonly edge: string;
  readonly at: number;
  /** When the first request began that shows the message; null where none does. */
  readonly shownAt: number | null;
  /** Whether all of these requests were recorded completely. */
  readonly isComplete: boolean;
}

function resultsOf(bundle: string): LoggedResult[] {
  const events = Deno.readTextFileSync(join(bundle, "trace.jsonl"))
    .split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
  return events.flatMap(({ seq, wall_time_unix_ms: at, payload }) => {
    if (payload.type !== "agent_result_observed") return [];
    // The last line states what the agent answered; what is around it is written in many ways.
    const text = JSON.stringify(payload.message.split("\n").at(-1)).slice(
      1,
      -1,
    );
    const requests = events.filter((each) =>
      each.payload.type === "inference_started" && each.seq > seq &&
      each.payload.thread_id === payload.parent_thread_id
    ).map(({ wall_time_unix_ms: at, payload: each }) => {
      const ref: RawRef = each.warmup_context_payload ?? each.request_payload;
      return { at, ref };
    });
    const shown = requests.find(({ ref }) =>
      isRawComplete(ref) && rawPayloadText(bundle, ref).includes(text)
    );
    const isComplete = requests.every(({ ref }) => isRawComplete(ref));
    const { edge_id: edge } = payload;
    return [{ seq, edge, at, shownAt: shown?.at ?? null, isComplete }];
  });
}

/** Numbers of the events whose message is in no later request of the receiver. */
function unseen(bundle: string): number[] {
  // What was not recorded completely is unknown.
  return resultsOf(bundle).flatMap(({ seq, shownAt, isComplete }) =>
    shownAt === null && isComplete ? [seq] : []
  );
}

Deno.test("every result that no later request of its receiver shows is found, and no other", () => {
  let found = 0;
  for (const { bundle } of CASES) {
    const results = getUndeliveredResults(openBundle(bundle));
    assertEquals(results.map(({ seq }) => Number(seq)), unseen(bundle), bundle);
    found += results.length;
  }
  if (existsSync(CORPUS)) assertEquals(found > 0, true);
});

function schemaOf(bundle: string): number {
  const manifest = join(bundle, "manifest.json");
  return JSON.parse(Deno.readTextFileSync(manifest)).schema_version;
}

Deno.test("a result is delivered with the first request that shows it, not when it is reported", () => {
  let later = 0;
  for (const { bundle } of CASES) {
    const session = openBundle(bundle);
    for (const { edge: id, at, shownAt, isComplete } of resultsOf(bundle)) {
      const edge = session.trace.interaction_edges.get(id);
      if (edge === undefined || !isComplete) continue;
      const delivered = deliveredAt(session, edge);
      if (delivered === null) {
        assert(mayLackRequests(session), bundle);
        continue;
      }
      // Since schema 2, the history of the receiver accepts it before a request shows it.
      if (schemaOf(bundle) === 1) {
        assertEquals(Number(delivered), shownAt, bundle);
      }
      assert(Number(delivered) <= (shownAt ?? 0) && delivered >= at, bundle);
      if (delivered > at) later++;
    }
  }
  assert(later > 0);
});
