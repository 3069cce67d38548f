/**
 * The numbers of `show`, compared with sums over the raw files.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openStateFile } from "../../lib/query/session/open_state_file.ts";
import { UNKNOWN_LINEAGE } from "../../lib/query/evidence/recorded/lineage.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type { ShowAnswer } from "../../lib/query/show/show_answer.ts";
import { summarize } from "../../lib/query/show/show.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolder } from "../support/cli.ts";
import { TESTDATA } from "../support/paths.ts";
import {
  eventsOf,
  rawEvents,
  rawPayloadText,
  type RawRef,
  soundBundles,
} from "../support/log_oracle.ts";

const BUNDLES = soundBundles();

const TOKEN_KEYS = [
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
] as const;
type TokenKey = typeof TOKEN_KEYS[number];

/** The token counts as they are spelled; null where one is missing or no integer. */
function rawUsage(
  bundle: string,
  ref: RawRef,
): Record<TokenKey, bigint> | null {
  const text = rawPayloadText(bundle, ref);
  const [, usage = ""] = /"token_usage": ?\{([^}]*)\}/.exec(text) ?? [];
  const found: Record<TokenKey, bigint> = {
    input_tokens: 0n,
    cached_input_tokens: 0n,
    output_tokens: 0n,
    reasoning_output_tokens: 0n,
  };
  for (const key of TOKEN_KEYS) {
    const digits = new RegExp(`"${key}": ?(-?\\d+)\\s*(?:,|$)`).exec(usage)
      ?.[1];
    if (digits === undefined) return null;
    found[key] = BigInt(digits);
  }
  return found;
}

function show(name: string) {
  return summarize(
    openBundle(join(TESTDATA, "upstream", name, "bundle")),
  );
}

Deno.test("summarize() adds up the tokens that responses report", () => {
  let reported = 0;
  for (const { name, bundle } of BUNDLES) {
    const { tokens } = summarize(openBundle(bundle));
    const events = rawEvents(bundle);
    const usages = eventsOf(events, "inference_completed")
      .map(({ payload }) => rawUsage(bundle, payload.response_payload))
      .filter((usage) => usage !== null);
    const sum = (key: TokenKey) =>
      usages.length === 0
        ? null
        : usages.reduce((total, usage) => total + usage[key], 0n);
    const exact = (count: number | bigint | null) =>
      count === null ? null : BigInt(count);
    assertEquals(
      {
        calls: tokens.calls,
        reported: tokens.calls_with_usage,
        input: exact(tokens.input_tokens),
        cached: exact(tokens.cached_input_tokens),
        output: exact(tokens.output_tokens),
        reasoning: exact(tokens.reasoning_output_tokens),
      },
      {
        calls: eventsOf(events, "inference_started").length,
        reported: usages.length,
        input: sum("input_tokens"),
        cached: sum("cached_input_tokens"),
        output: sum("output_tokens"),
        reasoning: sum("reasoning_output_tokens"),
      },
      name,
    );
    reported += usages.length;
  }
  assert(reported > 20);
});

Deno.test("summarize() counts threads, turns, calls and tools as the log starts them", () => {
  for (const { name, bundle } of BUNDLES) {
    const answer = summarize(openBundle(bundle));
    const events = rawEvents(bundle);
    const started = (type: string) => eventsOf(events, type).length;
    const sum = (counts: readonly (number | null)[]) =>
      counts.reduce<number>((total, count) => total + (count ?? NaN), 0);
    assertEquals(
      [
        answer.threads.length,
        answer.turns.length,
        sum(answer.models.map(({ calls }) => calls)),
        sum(answer.threads.map(({ calls }) => calls)),
        sum(answer.turns.map(({ calls }) => calls)),
        sum(answer.models.map(({ failed_calls: failed }) => failed)),
      ],
      [
        started("thread_started"),
        started("codex_turn_started"),
        started("inference_started"),
        started("inference_started"),
        started("inference_started"),
        // One that was cancelled was interrupted.
        eventsOf(events, "inference_failed").length,
      ],
      name,
    );
    assertEquals(
      sum(answer.tools.map(({ calls }) => calls)),
      sum(answer.threads.map(({ tool_calls }) => tool_calls)),
      name,
    );
  }
});

Deno.test("summarize() measures turns and the session by the clock of the log", () => {
  for (const { name, bundle } of BUNDLES) {
    const { turns, identity, time } = summarize(openBundle(bundle));
    const events = rawEvents(bundle);
    const at = (type: string, turn: string) =>
      eventsOf(events, type)
        .find(({ payload }) => payload.codex_turn_id === turn)
        ?.wall_time_unix_ms;
    for (const { turn, duration_ms } of turns) {
      const end = at("codex_turn_ended", turn.id);
      const start = at("codex_turn_started", turn.id) ?? NaN;
      assertEquals(duration_ms, end === undefined ? null : end - start, name);
    }
    const last = eventsOf(events, "rollout_ended")[0] ?? events.at(-1);
    assertEquals(
      identity.duration_ms,
      (last?.wall_time_unix_ms ?? NaN) - Number(identity.started_at_unix_ms),
      name,
    );
    assertEquals(
      (time.model_ms ?? NaN) + (time.tool_ms ?? NaN) + (time.idle_ms ?? NaN),
      time.turns_ms,
      name,
    );
    assert((time.turns_ms ?? Infinity) <= (identity.duration_ms ?? -1), name);
  }
});

Deno.test("summarize() has the prompt and the last answer, not what is around them", () => {
  const failing = show("0.169.0-agents_v2_fail");
  assertEquals(failing.prompt?.text, "a failing child");
  assertEquals(failing.answer?.text, "It failed.");
  assertEquals(show("0.169.0-hello").prompt?.text, "say hello");
});

Deno.test("summarize() puts an agent below the thread that spawned it", () => {
  const { threads } = show("0.164.0-agents_v2_sol_tree");
  assertEquals(
    threads.map(({ agent_path, depth, parent }) => [
      agent_path,
      depth,
      parent?.handle ?? null,
    ]),
    [
      ["/root", 0, null],
      ["/root/beta", 1, "thread:1"],
      ["/root/beta/gamma", 2, "thread:2"],
    ],
  );
});

Deno.test("summarize() has every thread once, also those that are parents of each other", () => {
  inFolder((folder) => {
    const bundle = new RawBundle(2);
    const parents = { a: "b", b: "a", c: "b", self: "self", lost: "missing" };
    for (const [thread_id, parent] of Object.entries(parents)) {
      bundle.event({
        type: "thread_started",
        thread_id,
        agent_path: `/root/${thread_id}`,
        metadata_payload: bundle.payload("session_metadata", {
          session_source: {
            subagent: {
              thread_spawn: {
                parent_thread_id: parent,
                depth: 1,
                agent_path: `/root/${thread_id}`,
                agent_nickname: null,
                agent_role: null,
              },
            },
          },
        }),
      });
    }
    const session = openBundle(bundle.writeTo(`${folder}/bundle`));
    const { threads } = summarize(session);
    assertEquals(
      threads.map(({ thread }) => thread.id).sort(),
      [...session.trace.threads.keys()].sort(),
    );
    assertEquals(threads.filter(({ parent }) => parent !== null).length, 5);
  });
});

Deno.test("summarize() lists compactions that failed and those that did not", () => {
  const { compactions } = show("0.169.0-compact_remote_fail");
  assertEquals(
    compactions.map(({ installed, requests, items_before, items_after }) => [
      installed,
      requests.map(({ handle }) => handle),
      items_before,
      items_after,
    ]),
    [
      [false, ["compaction_request:1"], null, null],
      [true, ["compaction_request:2"], 6, 4],
    ],
  );
});

Deno.test("summarize() prices cached input as cached, and counts what has no price", () => {
  const session = openBundle(
    join(TESTDATA, "upstream", "0.169.0-agents_v2_fail", "bundle"),
  );
  const price = { input: 10, cached_input: 1, output: 100 };
  const prices = {
    currency: "XTS",
    models: new Map([["gpt-5.1-codex", price]]),
  };
  // 700 input tokens, 70 of them cached; 67 output tokens; a fourth request reported none.
  const amount = (630 * 10 + 70 * 1 + 67 * 100) / 1_000_000;
  const { cost } = summarize(session, { prices });
  assertEquals(
    { ...cost, amount: cost?.amount?.toFixed(9) },
    {
      currency: "XTS",
      amount: amount.toFixed(9),
      priced_calls: 3,
      unpriced_calls: 1,
    },
  );
  const none = { currency: "XTS", models: new Map() };
  assertEquals(summarize(session, { prices: none }).cost?.amount, null);
  assertEquals(summarize(session).cost, null);
});

Deno.test("summarize() returns the same for a state.json, except what only a bundle has", () => {
  for (const name of ["0.169.0-compact_remote_fail", "0.164.0-stream_drop"]) {
    const folder = join(TESTDATA, "upstream", name);
    const complete = summarize(openBundle(join(folder, "bundle")));
    const state = summarize(openStateFile(join(folder, "expected.state.json")));
    const kept = (answer: ShowAnswer) => ({
      ...answer,
      identity: {
        ...answer.identity,
        ...UNKNOWN_LINEAGE,
        session_source: null,
        inherited_items: null,
        cwd: null,
      },
      completeness: {
        ...answer.completeness,
        events: null,
        skipped_events: null,
      },
      threads: answer.threads.map((row) => ({
        ...row,
        ...UNKNOWN_LINEAGE,
        settings: null,
      })),
      turns: answer.turns.map((row) => ({
        ...row,
        time_to_first_token_ms: null,
        model_context_window: null,
      })),
      compactions: answer.compactions.map((row) => ({ ...row, effect: null })),
      context_window: answer.context_window?.call,
      changed_files: null,
      // Words of the recorder, and what Codex showed its user.
      failures: answer.failures.filter(({ kind }) => kind !== "protocol")
        .map(({ about, kind, seq, retried_by, caused_by }) => ({
          about,
          kind,
          seq,
          retried_by,
          caused_by,
        })),
      // Errors without the recorder's words may have different causes.
      error_groups: null,
      first_error: answer.first_error?.about,
      suggestions: null,
    });
    assertEquals(kept(state), kept(complete), name);
    assertEquals(
      state.first_error?.text,
      "failed; the reason is only in the bundle",
    );
  }
});
