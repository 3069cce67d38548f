/**
 * New elements of a prompt that repeat the text of the prompt before, against the requests as sent.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { InferenceCall } from "../../../lib/graph/runtime.ts";
import { getContextGrowth } from "../../../lib/query/context/context_growth.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { printed, upstreamBundle } from "../../cli/commands/command_golden.ts";
import { everyCase } from "../../support/cases.ts";
import { rawPayload } from "../../support/log_oracle.ts";
import { isRawComplete, rawRequests } from "../../support/request_oracle.ts";

type Fields = Record<string, unknown>;

/** The text of an element of a request; the rest is ids and figures. */
const STATING = [
  "type",
  "role",
  "content",
  "call_id",
  "arguments",
  "input",
  "output",
  "summary",
  "encrypted_content",
];

/** The texts of a request, item by item; undefined where it sends only what is new. */
function sent(
  session: TraceSession,
  call: InferenceCall,
): string[] | undefined {
  const request = rawRequests(session.place).get(call.inference_call_id);
  if (request === undefined || !isRawComplete(request.input)) return undefined;
  const body: Fields = rawPayload(session.place, request.input);
  const { input, previous_response_id: previous } = body;
  if (!Array.isArray(input) || typeof previous === "string") return undefined;
  const items = input.filter(({ type }) => type !== "additional_tools");
  if (items.length !== call.request_item_ids.length) return undefined;
  return items.map((each) =>
    JSON.stringify(STATING.map((key) => each[key] ?? null))
  );
}

function expected(
  session: TraceSession,
  before: InferenceCall,
  call: InferenceCall,
): number | undefined {
  const [old, now] = [sent(session, before), sent(session, call)];
  if (old === undefined || now === undefined) return undefined;
  const [ids, oldIds] = [call, before].map((each) => [
    ...each.request_item_ids,
  ]);
  const gone = old.filter((_, at) => !ids?.includes(oldIds?.[at] ?? ""));
  const fresh = now.filter((_, at) => !oldIds?.includes(ids?.[at] ?? ""));
  let count = 0;
  for (const each of fresh) {
    const at = gone.indexOf(each);
    if (at === -1) continue;
    gone.splice(at, 1);
    count++;
  }
  return count;
}

Deno.test("context counts the new items that repeat the text of a removed one", () => {
  let repeated = 0;
  for (const { bundle, state, name } of everyCase()) {
    if (state === undefined) continue;
    const session = openBundle(bundle);
    for (const thread of session.trace.threads.keys()) {
      const growth = getContextGrowth(session, thread);
      const calls = growth?.calls.map(({ call }) =>
        session.trace.inference_calls.get(call.id)
      ) ?? [];
      for (const [at, point] of growth?.calls.entries() ?? []) {
        const [before, call] = [calls[at - 1], calls[at]];
        if (before === undefined || call === undefined) {
          continue;
        }
        const count = expected(session, before, call);
        if (count === undefined) {
          continue;
        }
        const where = `${name} ${point.call.handle}`;
        assertEquals(point.repeated_items, count, where);
        const answer = getContext(session, point.call.id);
        assertEquals(answer?.repeated_items, count, where);
        repeated += count;
      }
    }
  }
  assert(repeated > 5, `${repeated}`);
});

Deno.test("context prints that a compaction kept what it repeats under other ids", async () => {
  const { stdout } = await printed([
    "context",
    upstreamBundle("0.169.0-compact_remote_manual"),
    "--at",
    "call:3",
  ]);
  assertStringIncludes(stdout, "6 new");
  assertStringIncludes(
    stdout,
    "4 of the new repeat an earlier item, with other ids",
  );
});
