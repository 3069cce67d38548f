/**
 * Sessions and requests as documents of other tools: held to the formats, and to the raw payloads.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { join } from "@std/path";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { AtifTrajectory } from "../../lib/export/documents/atif.ts";
import { requestBody } from "../../lib/export/documents/request_body.ts";
import { sessionMarkdown } from "../../lib/export/documents/session_markdown.ts";
import { atifLine } from "../../lib/export/documents/trajectory.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../lib/query/session/session.ts";
import { summarize } from "../../lib/query/show/show.ts";
import { openTranscript } from "../../lib/query/transcript/transcript.ts";
import { escapeControlsInLines } from "../../lib/text/escape.ts";
import { everyCase, handMadeCases } from "../support/cases.ts";
import { inFolderAsync, putBundle } from "../support/cli.ts";
import { eventsOf, rawEvents, RawPayloads } from "../support/log_oracle.ts";
import { TESTDATA } from "../support/paths.ts";
import { printed } from "../cli/commands/command_golden.ts";

/** Recorded sessions of every sort, also those that broke off or lost events. */
const BUNDLES = [
  ...everyCase().filter(({ state }) => state !== undefined),
  ...handMadeCases(join(TESTDATA, "broken")),
].map(({ name, bundle }) => ({ name, bundle, session: openBundle(bundle) }));

/** The trajectory of a session, and those embedded in it. */
function trajectories(session: TraceSession, texts: boolean): AtifTrajectory[] {
  const line = [...atifLine(session, { texts })].join("");
  if (line === "") return [];
  assertEquals(line.indexOf("\n"), line.length - 1);
  return withEmbedded(JSON.parse(line));
}

function withEmbedded(trajectory: AtifTrajectory): AtifTrajectory[] {
  const embedded = trajectory.subagent_trajectories ?? [];
  return [trajectory, ...embedded.flatMap(withEmbedded)];
}

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

/** The specification of ATIF 1.5, as far as JSON Schema can express it. */
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

Deno.test("without --content no text of a session is in a trajectory or a Markdown document", () => {
  for (const { name, session } of BUNDLES) {
    const markdown = [...sessionMarkdown(session, { texts: false })];
    const exported = JSON.stringify([trajectories(session, false), markdown]);
    for (const { body } of session.trace.conversation_items.values()) {
      for (const part of body.parts) {
        if (!("text" in part)) continue;
        const piece = JSON.stringify(part.text.trim().slice(0, 60)).slice(
          1,
          -1,
        );
        if (piece.length < 8) continue;
        assert(!exported.includes(piece), `${name}: ${piece}`);
      }
    }
  }
});

Deno.test("a Markdown document names a tool equally in call and output, tool calls of code, and what a compaction left", () => {
  const texts = BUNDLES.map(({ session }) => ({
    session,
    lines: [...sessionMarkdown(session, { texts: false })],
  }));
  const counts = { outputs: 0, nested: 0, compacted: 0 };
  for (const { session: { trace }, lines } of texts) {
    for (const tool of trace.tool_calls.values()) {
      const titles = (ids: readonly string[], words: string) =>
        ids.flatMap((id) => {
          const at = [...trace.conversation_items.keys()].findIndex((each) =>
            each === id
          ) + 1;
          const line = lines.find((each) =>
            each.startsWith(`**${words} `) && each.includes(`\`item:${at}\``)
          );
          return /`([^`]+)`/.exec(line ?? "")?.[1] ?? [];
        });
      const [called] = titles(tool.model_visible_call_item_ids, "calls");
      const [answered] = titles(
        tool.model_visible_output_item_ids,
        "output of",
      );
      if (called === undefined || answered === undefined) continue;
      assertEquals(called, answered);
      counts.outputs++;
    }
    const nested = [...trace.code_cells.values()].flatMap((cell) =>
      trace.conversation_items.has(cell.source_item_id)
        ? cell.nested_tool_call_ids
        : []
    );
    const listed = lines.filter((each) => each.startsWith("- the code calls"));
    assertEquals(listed.length, nested.length);
    counts.nested += nested.length;
    counts.compacted += lines.filter((each) =>
      each.includes("of the history after `compaction:")
    ).length;
  }
  assert(Math.min(...Object.values(counts)) > 2, JSON.stringify(counts));
});

interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** Every node of a Markdown document. */
function* nodesOf(node: MarkdownNode): Iterable<MarkdownNode> {
  yield node;
  for (const child of node.children ?? []) yield* nodesOf(child);
}

Deno.test("nothing of a session is markup in a Markdown document", () => {
  const parser = unified().use(remarkParse).use(remarkGfm);
  const allowed = new Set(
    "root heading text inlineCode paragraph list listItem emphasis strong code"
      .split(" "),
  );
  for (const { name, session } of BUNDLES) {
    const text = [...sessionMarkdown(session, { texts: true })].join("\n");
    const words = new Set<string>();
    for (const { type, value = "" } of nodesOf(parser.parse(text))) {
      assert(allowed.has(type), `${name}: ${type} ${value}`);
      if (type === "text") words.add(value);
    }
    const printed = [...words].join(" ");
    assert(!/[<>@#&]|https?:/.test(printed), `${name}: ${printed}`);
  }
});

Deno.test("a Markdown document has what users and models wrote, and each turn once", () => {
  let texts = 0;
  for (const { name, session } of BUNDLES) {
    const text = [...sessionMarkdown(session, { texts: true })].join("\n");
    for (const { turn } of summarize(session).turns) {
      const titles = text.split(`\n### \`${turn.handle}\`: `).length - 1;
      assertEquals(titles, 1, `${name}: ${turn.handle}`);
    }
    for (const { thread_id: id } of session.trace.threads.values()) {
      for (
        const entry of openTranscript(session, { thread: id })?.entries() ?? []
      ) {
        if (entry.type !== "item" || entry.kind !== "message") continue;
        if (entry.role !== "user" && entry.role !== "assistant") continue;
        for (const part of entry.parts) {
          if (part.type !== "text" || part.text.includes("\r")) continue;
          const shown = escapeControlsInLines(part.text.replaceAll("\t", " "));
          texts++;
          const start = shown.slice(0, 1_000).trimEnd();
          assertStringIncludes(text.replaceAll("\t", " "), start, name);
        }
      }
    }
  }
  assert(texts > 50);
});

Deno.test("a request has its complete input, also one that continues a response", () => {
  let complete = 0;
  let continued = 0;
  let refused = 0;
  for (const { name, bundle, session } of BUNDLES) {
    const payloads = new RawPayloads(bundle);
    const started = new Map(
      eventsOf(rawEvents(bundle), "inference_started").map(({ payload }) =>
        [payload["inference_call_id"], payload] as const
      ),
    );
    for (const call of session.trace.inference_calls.values()) {
      const body = requestBody(session, call);
      if (body.json === null) {
        refused++;
        assert(body.reason.length > 5, name);
        continue;
      }
      const made = JSON.parse(body.json);
      const opened = openTranscript(session, { call: call.inference_call_id });
      const listed = [...opened?.entries() ?? []].filter(({ type }) =>
        type === "item" || type === "other_element"
      );
      assertEquals(
        made.input.length,
        listed.length,
        `${name} ${call.inference_call_id}`,
      );
      const start = started.get(call.inference_call_id);
      assert(start, name);
      const raw = payloads.value(start["request_payload"]);
      const { input, previous_response_id: before, type: _type, ...members } =
        raw;
      const { input: own, ...rest } = made;
      assertEquals(rest, members, name);
      if (typeof before === "string") {
        continued++;
        assertEquals(own.slice(own.length - input.length), input, name);
        assert(own.length > input.length, name);
      } else complete++;
    }
  }
  assert(
    complete > 50 && continued > 0 && refused > 0,
    `${[complete, continued, refused]}`,
  );
});

Deno.test("export takes --content and --at where a format has a place for them", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    putBundle(folder, "b");
    const bundle = join(folder, "a");
    const file = join(folder, "out.json");
    const run = (...args: string[]) => printed(["export", "-o", file, ...args]);
    for (
      const [args, code, message] of [
        [[bundle, "--format", "chrome", "--content"], 2, "chrome has no place"],
        [[bundle, "--format", "atif", "--at", "call:1"], 2, "--at is for"],
        [[bundle, "--format", "atif", "--openinference"], 2, "is for --format"],
        [[bundle, "--format", "messages", "--content"], 2, "needs --at"],
        [[bundle, "--format", "messages", "--at", "call:1"], 2, "--content"],
        [
          [folder, "--format", "messages", "--content", "--at", "call:1"],
          2,
          "one bundle",
        ],
        [
          [bundle, "--format", "messages", "--content", "--at", "call:99"],
          1,
          'called "call:99"',
        ],
      ] as const
    ) {
      const ended = await run(...args);
      assertEquals(ended.code, code, message);
      assertStringIncludes(ended.stderr, message);
    }
    const one = await run(
      bundle,
      "--format",
      "messages",
      "--content",
      "--at",
      "call:1",
    );
    assertEquals([one.code, one.stdout], [0, `${file}\n`], one.stderr);
    assert(Array.isArray(JSON.parse(Deno.readTextFileSync(file)).input));
    const all = await run(folder, "--format", "atif");
    assertEquals(all.code, 0);
    assertEquals(Deno.readTextFileSync(file).trimEnd().split("\n").length, 2);
  });
});
