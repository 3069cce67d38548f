/**
 * Sessions as trajectories: held to the specification of ATIF, and to the raw payloads.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { openTranscript } from "../../../lib/query/transcript/transcript.ts";
import { eventsOf, rawEvents, RawPayloads } from "../../support/log_oracle.ts";
import { BUNDLES, trajectories } from "./sessions.ts";

const text = { type: "string" };
const count = { type: "integer", minimum: 0 };
const object = (
  required: readonly string[],
  optional: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties: { ...properties, ...optional },
});

/** The specification of ATIF 1.7, as far as JSON Schema can express it. */
const ATIF_SCHEMA = object(
  ["schema_version", "trajectory_id", "agent", "steps"],
  {
    notes: text,
    subagent_trajectories: { type: "array", items: { $ref: "#" } },
    final_metrics: object([], {}, {
      total_prompt_tokens: count,
      total_completion_tokens: count,
      total_cached_tokens: count,
      total_cost_usd: { type: "number" },
      total_steps: count,
      extra: { type: "object" },
    }),
    continued_trajectory_ref: text,
    extra: { type: "object" },
  },
  {
    schema_version: { const: "ATIF-v1.7" },
    trajectory_id: text,
    session_id: text,
    agent: object(["name", "version"], {
      model_name: text,
      tool_definitions: { type: "array" },
      extra: { type: "object" },
    }, { name: text, version: text }),
    steps: {
      type: "array",
      minItems: 1,
      items: object(["step_id", "source", "message"], {
        timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT.*Z$" },
        model_name: text,
        reasoning_effort: text,
        reasoning_content: text,
        tool_calls: {
          type: "array",
          items: object(["tool_call_id", "function_name", "arguments"], {}, {
            tool_call_id: text,
            function_name: text,
            arguments: { type: "object" },
          }),
        },
        observation: object(["results"], {}, {
          results: {
            type: "array",
            items: object([], {}, {
              source_call_id: text,
              content: text,
              subagent_trajectory_ref: {
                type: "array",
                minItems: 1,
                items: object(["trajectory_id"], {}, { trajectory_id: text }),
              },
            }),
          },
        }),
        metrics: object([], {}, {
          prompt_tokens: count,
          completion_tokens: count,
          cached_tokens: count,
          cost_usd: { type: "number" },
          extra: { type: "object" },
        }),
        is_copied_context: { type: "boolean" },
        llm_call_count: { type: "integer", minimum: 1 },
        extra: { type: "object" },
      }, {
        step_id: { type: "integer", minimum: 1 },
        source: { enum: ["user", "agent", "system"] },
        message: text,
      }),
    },
  },
);

Deno.test("trajectories are what the specification of ATIF states", () => {
  const validate = new Ajv2020({ strict: false }).compile(ATIF_SCHEMA);
  let made = 0;
  for (const { name, session } of BUNDLES) {
    for (const trajectory of trajectories(session, true)) {
      made++;
      assert(
        validate(trajectory),
        `${name}: ${JSON.stringify(validate.errors)}`,
      );
      const { steps } = trajectory;
      assertEquals(
        steps.map(({ step_id }) => step_id),
        steps.map((_, at) => at + 1),
      );
      for (const step of steps) {
        const calls = step.tool_calls?.map(({ tool_call_id }) => tool_call_id);
        for (const { source_call_id: id } of step.observation?.results ?? []) {
          assert(id === undefined || calls?.includes(id), `${name}: ${id}`);
        }
        if (step.source === "agent") continue;
        assertEquals(
          [step.model_name, step.reasoning_content, calls, step.metrics],
          [undefined, undefined, undefined, undefined],
          name,
        );
      }
    }
  }
  assert(made > BUNDLES.length / 2);
});

Deno.test("a trajectory embeds each further thread once, and each spawn call names its threads", () => {
  let named = 0;
  for (const { name, session } of BUNDLES) {
    const { threads, tool_calls: calls, interaction_edges: edges } =
      session.trace;
    const all = trajectories(session, false);
    assertEquals(
      all.map(({ trajectory_id }) => trajectory_id).sort(),
      [...threads.keys()].sort(),
      name,
    );
    for (const each of all) {
      assertEquals(each.session_id, session.trace.root_thread_id);
      const own = each.subagent_trajectories ?? [];
      for (const { trajectory_id: id } of own) {
        const origin = threads.get(id)?.origin;
        if (origin?.type !== "spawned") assertEquals(each, all[0]);
        else assertEquals(origin.parent_thread_id, each.trajectory_id, name);
      }
      for (const { observation } of each.steps) {
        for (const result of observation?.results ?? []) {
          for (
            const { trajectory_id: id } of result.subagent_trajectory_ref ?? []
          ) {
            assert(own.some(({ trajectory_id }) => trajectory_id === id));
          }
        }
      }
    }
    const spawned = [...threads.values()].flatMap(({ thread_id, origin }) => {
      if (origin.type !== "spawned") return [];
      const source = edges.get(origin.spawn_edge_id)?.source;
      if (source?.type !== "tool_call") return [];
      const call = calls.get(source.tool_call_id);
      return call?.model_visible_call_item_ids.map(() =>
        `${call.model_visible_call_id} ${thread_id}`
      ) ?? [];
    });
    const references = all.flatMap(({ steps }) =>
      steps.flatMap(({ observation }) =>
        observation?.results.flatMap((result) =>
          result.subagent_trajectory_ref?.map(({ trajectory_id: id }) =>
            `${result.source_call_id} ${id}`
          ) ?? []
        ) ?? []
      )
    );
    assertEquals(references.sort(), spawned.sort(), name);
    named += references.length;
  }
  assert(named > 3, `${named} references`);
});

Deno.test("the figures of a response are in its first step alone", () => {
  for (const { name, session } of BUNDLES) {
    for (const trajectory of trajectories(session, false)) {
      const counted = trajectory.steps.filter((step) => step.llm_call_count);
      const answered = new Set(
        [...session.trace.inference_calls.values()].filter((call) =>
          call.thread_id === trajectory.trajectory_id &&
          call.response_item_ids.length > 0
        ).map((call) => call.inference_call_id),
      );
      assert(counted.length <= answered.size, name);
      for (const step of trajectory.steps) {
        if (step.metrics !== undefined) assertEquals(step.llm_call_count, 1);
      }
    }
  }
});

Deno.test("a trajectory has every item of its thread once, and its own threads alone", () => {
  for (const { name, session } of BUNDLES) {
    for (const trajectory of trajectories(session, true)) {
      const { trajectory_id: id } = trajectory;
      const thread = session.trace.threads.get(id);
      const opened = openTranscript(session, { thread: id });
      assert(thread && opened, name);
      const items = [...opened.entries()].flatMap((each) =>
        each.type === "item" ? each : []
      );
      const calls = trajectory.steps.flatMap(({ tool_calls = [] }) =>
        tool_calls
      );
      const results = trajectory.steps.flatMap(({ observation }) =>
        observation?.results ?? []
      ).filter(({ content }) => content !== undefined);
      const of = (end: string) =>
        items.filter(({ kind }) => kind.endsWith(end)).length;
      assertEquals(calls.length, of("tool_call") + of("function_call"), name);
      assertEquals(results.length, of("_output"), name);
      const complete = JSON.stringify(trajectory);
      for (const { parts, kind } of items) {
        if (kind !== "message") continue;
        for (const part of parts) {
          if (part.type !== "text") continue;
          assertStringIncludes(
            complete,
            JSON.stringify(part.text).slice(1, -1),
          );
        }
      }
    }
  }
});

Deno.test("totals of a trajectory are those of the raw log, and absent where one is unknown", () => {
  let known = 0;
  let unknown = 0;
  for (const { name, bundle, session } of BUNDLES) {
    const events = rawEvents(bundle);
    const payloads = new RawPayloads(bundle);
    for (
      const { trajectory_id: id, final_metrics: totals } of trajectories(
        session,
        false,
      )
    ) {
      if (totals.total_prompt_tokens === undefined) {
        unknown++;
        continue;
      }
      known++;
      const threads = new Map(
        eventsOf(events, "inference_started").map(({ payload }) =>
          [payload["inference_call_id"], payload["thread_id"]] as const
        ),
      );
      let sum = 0;
      for (const end of eventsOf(events, "inference_completed")) {
        const { inference_call_id: call, response_payload: ref } = end.payload;
        if (threads.get(call) !== id) continue;
        const { token_usage: usage } = payloads.value(ref);
        sum += usage.input_tokens;
      }
      assertEquals(totals.total_prompt_tokens, sum, name);
    }
  }
  assert(known > 10 && unknown > 0, `${known} known, ${unknown} unknown`);
});
