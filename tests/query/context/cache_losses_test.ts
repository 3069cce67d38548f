/**
 * Requests that lost the provider's cache: which, what it cost, and what had changed first.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import type { CacheUse } from "../../../lib/query/context/cache/cache_answer.ts";
import { getCacheUse } from "../../../lib/query/context/cache/cache_losses.ts";
import { lossReason } from "../../../lib/query/context/cache/difference_text.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import { diffRequests } from "../../../lib/query/diff/request_diff.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import {
  message,
  RawBundle,
  THREAD,
  TURN,
} from "../../support/bundles/raw_bundle.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import { inFolder } from "../../support/cli.ts";

const HOUR = 3_600_000;

/** A request: its values besides the input, and what the provider reported. */
interface Sent {
  readonly input: readonly object[];
  readonly members?: object;
  readonly model?: string;
  /** Input and cached tokens; without them no usage is reported. */
  readonly tokens?: readonly [number, number];
  readonly at?: number;
}

const ALPHA = { type: "function", name: "alpha", description: "x" };
const BETA = { type: "function", name: "beta", description: "x" };

/** A prompt of some messages; the first `changed` of them have another text. */
function prompt(count: number, changed?: number): object[] {
  return Array.from(
    { length: count },
    (_, at) => message("user", at === changed ? `new ${at}` : `m ${at}`),
  );
}

function bundleOf(requests: readonly Sent[]): RawBundle {
  const bundle = new RawBundle(2);
  for (const [at, sent] of requests.entries()) {
    const id = `r${at}`;
    const time = sent.at ?? 100 * (at + 1);
    const { input, members, model = "model", tokens } = sent;
    bundle.event({
      type: "inference_started",
      inference_call_id: id,
      thread_id: THREAD,
      codex_turn_id: TURN,
      model,
      provider_name: "provider",
      request_payload: bundle.payload("inference_request", {
        model,
        ...members,
        input,
        client_metadata: { turn: id },
      }),
    }, { wall_time_unix_ms: time }).event({
      type: "inference_completed",
      inference_call_id: id,
      response_id: `response-${id}`,
      response_payload: bundle.payload("inference_response", {
        ...tokens === undefined ? {} : {
          token_usage: {
            input_tokens: tokens[0],
            cached_input_tokens: tokens[1],
            output_tokens: 1,
            reasoning_output_tokens: 0,
            total_tokens: tokens[0] + 1,
          },
        },
        output_items: [],
      }),
    }, { wall_time_unix_ms: time + 10 });
  }
  return bundle;
}

function withSession<T>(
  requests: readonly Sent[],
  ask: (session: TraceSession) => T,
): T {
  let answer: T | undefined;
  inFolder((folder) => {
    answer = ask(openBundle(bundleOf(requests).writeTo(join(folder, "b"))));
  });
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

/** Each lost cache as `call tokens reason`. */
function lossesIn({ losses }: CacheUse): string[] {
  return losses.map((loss) =>
    `${loss.call.handle} ${loss.lost_tokens} ${lossReason(loss)}`
  );
}

/** What is found when the second request follows a cached first one. */
function second(sent: Partial<Sent>, first: Partial<Sent> = {}): string[] {
  return withSession([
    { input: prompt(3), tokens: [50_000, 40_000], ...first },
    { input: prompt(5), tokens: [52_000, 1_000], ...sent },
  ], (session) => lossesIn(getCacheUse(session)));
}

Deno.test("each change that loses the cache is named as the first that differs", () => {
  const low = { reasoning: { effort: "low" } };
  const high = { reasoning: { effort: "high" } };
  assertEquals(second({ members: high }, { members: low }), [
    "call:2 49000 reasoning effort low → high",
  ]);
  assertEquals(second({ model: "other" }), [
    "call:2 49000 model model → other",
  ]);
  assertEquals(
    second({ members: { instructions: "b" } }, {
      members: { instructions: "a" },
    }),
    ["call:2 49000 instructions a → b"],
  );
  assertEquals(
    second({ members: { tools: [BETA, ALPHA] } }, {
      members: { tools: [ALPHA, BETA] },
    }),
    ["call:2 49000 tools in another order"],
  );
  assertEquals(
    second({ members: { tools: [ALPHA, BETA] } }, {
      members: { tools: [ALPHA] },
    }),
    ["call:2 49000 tools beta added"],
  );
  assertEquals(second({ input: prompt(5, 1) }), [
    "call:2 49000 item:2 rewritten as item:4",
  ]);
  assertEquals(second({ input: prompt(5).toSpliced(1, 1) }), [
    "call:2 49000 item:2 removed",
  ]);
  assertEquals(
    second({ input: [message("user", "first"), ...prompt(5)] }),
    ["call:2 49000 item:4 inserted in front of item:1"],
  );
  assertEquals(second({ at: HOUR + 110 }), [
    "call:2 49000 nothing differs, 1 h 00 min 00 s since call:1",
  ]);
});

Deno.test("definitions of tools in the input are part of the prompt", () => {
  const tools = (name: string) => ({
    type: "additional_tools",
    role: "developer",
    tools: [{ type: "function", name }],
  });
  assertEquals(
    second({ input: [tools("b"), ...prompt(5)] }, {
      input: [tools("a"), ...prompt(3)],
    }),
    ["call:2 49000 element 1 of input, additional_tools rewritten"],
  );
});

Deno.test("a change in the middle loses only what is behind it", () => {
  assertEquals(
    second({ input: prompt(5, 2), tokens: [52_000, 45_000] }),
    ["call:2 5000 item:3 rewritten as item:4"],
  );
  assertEquals(second({ tokens: [52_000, 49_500] }), []);
});

Deno.test("nothing is lost where the same was cached as before, or no request was ever cached", () => {
  assertEquals(second({ tokens: [52_000, 40_000] }), []);
  assertEquals(
    second({ tokens: [52_000, 0], members: { text: 1 } }, {
      tokens: [50_000, 0],
    }),
    [],
  );
});

Deno.test("a prompt that became shorter lost no more than it still sends", () => {
  assertEquals(
    second({ input: prompt(1, 0), tokens: [10_000, 1_000] }),
    ["call:2 9000 item:1 rewritten as item:4"],
  );
});

Deno.test("a request without usage is unknown, and the next is compared with the one before it", () => {
  const use = withSession([
    { input: prompt(3), tokens: [50_000, 40_000] },
    { input: prompt(4) },
    { input: prompt(5, 0), tokens: [52_000, 1_000] },
  ], getCacheUse);
  assertEquals(use.unknown_calls, 1);
  assertEquals(use.losses[0]?.previous_call.handle, "call:1");
  assertEquals(use.lost_tokens, 49_000);
  const none = withSession([{ input: prompt(3) }], getCacheUse);
  assertEquals(none, { losses: [], lost_tokens: null, unknown_calls: 1 });
});

Deno.test("what differs is unknown where a request cannot be read", () => {
  const bundle = bundleOf([
    { input: prompt(3), tokens: [50_000, 40_000] },
    { input: prompt(5), tokens: [52_000, 1_000] },
  ]);
  inFolder((folder) => {
    const place = bundle.writeTo(join(folder, "b"));
    const session = openBundle(place);
    Deno.removeSync(join(place, "payloads/1.json"));
    const [loss] = getCacheUse(session).losses;
    assertEquals(loss?.differences_complete, false);
    assertEquals(
      loss && lossReason(loss),
      "what differs is unknown, not all was recorded, 90 ms since call:1",
    );
  });
});

Deno.test("context names the lost cache of its request; diff has the time between two", () => {
  const requests = [
    { input: prompt(3), tokens: [50_000, 40_000] as const },
    { input: prompt(5), tokens: [52_000, 1_000] as const, at: HOUR + 110 },
  ];
  withSession(requests, (session) => {
    assertEquals(getContext(session, "r0")?.cache_loss, null);
    assertEquals(getContext(session, "r1")?.cache_loss, {
      call: { kind: "inference_call", id: "r1", handle: "call:2" },
      thread: { kind: "thread", id: THREAD, handle: "thread:1" },
      previous_call: { kind: "inference_call", id: "r0", handle: "call:1" },
      cached_input_tokens: 1_000,
      lost_tokens: 49_000,
      gap_ms: HOUR,
      differences: [],
      differences_complete: true,
    });
    assertEquals(diffRequests(session, "r0", "r1")?.gap_ms, HOUR);
    assertEquals(diffRequests(session, "r1", "r0")?.gap_ms, HOUR);
    return true;
  });
});

Deno.test("of requests that were measured, only those are read again that differ", () => {
  const requests: Sent[] = [
    { input: prompt(3), tokens: [50_000, 40_000] },
    { input: prompt(4), tokens: [52_000, 2_000] },
    { input: prompt(5), tokens: [54_000, 2_000] },
    { input: prompt(6, 1), tokens: [56_000, 2_000] },
  ];
  inFolder((folder) => {
    const path = bundleOf(requests).writeTo(join(folder, "b"));
    const [read, measured] = [false, true].map((measuresRequests) => {
      const session = openBundle(path, { measuresRequests });
      const losses = lossesIn(getCacheUse(session));
      assert(session.payloads instanceof BundlePayloads);
      return { losses, files: session.payloads.counters.files };
    });
    assertEquals(measured?.losses, read?.losses);
    assertEquals([read?.files, measured?.files], [4, 2]);
  });
});

Deno.test("show, context and diff print a lost cache", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const place = bundleOf([
      { input: prompt(3), tokens: [50_000, 40_000] },
      { input: prompt(5), tokens: [52_000, 1_000], at: HOUR + 110 },
    ]).writeTo(join(folder, "b"));
    const show = await printed(["show", place]);
    assertStringIncludes(
      show.stdout,
      "by 1 request · 49,000 tokens sent again without it",
    );
    const context = await printed(["context", place, "--at", "call:2"]);
    assertStringIncludes(context.stdout, "lost the cache: 49,000 tokens");
    const diff = await printed(["diff", place, "call:2"]);
    assertStringIncludes(diff.stdout, "1 h 00 min");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
