/**
 * Results that were delivered to no agent, against the raw log and the requests' payload files.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { getUndeliveredResults } from "../../../lib/query/evidence/links/undelivered.ts";
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

/** Numbers of the events whose message is in no later request of the receiver. */
function unseen(bundle: string): number[] {
  const events = Deno.readTextFileSync(join(bundle, "trace.jsonl"))
    .split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
  return events.flatMap(({ seq, payload }) => {
    if (payload.type !== "agent_result_observed") return [];
    const requests = events.filter((each) =>
      each.payload.type === "inference_started" && each.seq > seq &&
      each.payload.thread_id === payload.parent_thread_id
    );
    // The last line states what the agent answered; what is around it is written in many ways.
    const text = JSON.stringify(payload.message.split("\n").at(-1)).slice(
      1,
      -1,
    );
    const inputs: RawRef[] = requests.map(({ payload: each }) =>
      each.warmup_context_payload ?? each.request_payload
    );
    // What was not recorded completely is unknown.
    const shown = inputs.some((ref) =>
      !isRawComplete(ref) || rawPayloadText(bundle, ref).includes(text)
    );
    return shown ? [] : [seq];
  });
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
