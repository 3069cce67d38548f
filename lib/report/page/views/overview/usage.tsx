/**
 * The use of models, tools and time: counts and latencies from the answer of `stats`.
 *
 * @module
 */

import type { Model } from "../../model/model.ts";
import {
  counted,
  countOf,
  durationOf,
  shareOf,
  tokenCount,
  UNKNOWN,
} from "../../ui/figures.ts";
import { namedNumbers, Table } from "../../ui/table.tsx";
import { Text } from "../../ui/text.tsx";
import type { Filters } from "../../view.ts";
import { statsOf } from "./shown.ts";

/** Models and tools. */
export function Usage(
  { model, filters }: { model: Model; filters: Filters },
) {
  return (
    <section class="panel">
      <h2>Models and tools</h2>
      <ModelTable model={model} />
      <ToolTable model={model} filters={filters} />
      <RepeatedCalls model={model} />
      <p class="faint">{othersIn(model)}</p>
    </section>
  );
}

function ModelTable({ model }: { model: Model }) {
  return (
    <Table
      columns={namedNumbers(
        "model",
        "LLM requests",
        "failed",
        "tokens in",
        "tokens out",
        "p50",
        "p90",
      )}
      rows={model.data.stats.models.map((row) => [
        <Text key="name" value={row.group} />,
        countOf(row.calls),
        countOf(row.failed_calls),
        row.tokens === null ? UNKNOWN : tokenCount("input_tokens", row.tokens),
        row.tokens === null ? UNKNOWN : tokenCount("output_tokens", row.tokens),
        durationOf(row.call_latency?.p50_ms ?? null),
        durationOf(row.call_latency?.p90_ms ?? null),
      ])}
      none={model.isSessionLog
        ? "LLM requests are unknown."
        : "No LLM request was recorded."}
    />
  );
}

function ToolTable({ model, filters }: { model: Model; filters: Filters }) {
  const { show, stats } = model.data;
  const rows = stats.tools.filter(({ group, failed_tool_calls: failed }) =>
    (!filters.failed || failed !== 0) &&
    (filters.tool === null || kindOf(model, group) === filters.tool)
  );
  const totals = new Map(show.tools.map((each) => [each.tool, each.total_ms]));
  return (
    <Table
      columns={namedNumbers(
        "tool",
        "tool calls",
        "failed",
        "total time",
        "p50",
        "p90",
      )}
      rows={rows.map((row) => [
        <Text key="name" value={row.group} />,
        countOf(row.tool_calls),
        countOf(row.failed_tool_calls),
        durationOf(totals.get(row.group) ?? null),
        durationOf(row.tool_latency?.p50_ms ?? null),
        durationOf(row.tool_latency?.p90_ms ?? null),
      ])}
      none={stats.tools.length > 0
        ? "No tool call passes the filters."
        : show.completeness.has_lost_events
        ? "Tool calls are unknown."
        : "No tool call was recorded."}
    />
  );
}

/** The kind of the tool calls of a row. */
function kindOf(model: Model, group: string): string | undefined {
  return model.rows.tools.find(({ label }) => label === group)?.kind;
}

/** Calls that were made again and again with the same result; nothing without any. */
function RepeatedCalls({ model }: { model: Model }) {
  const { repeated_calls: repeated } = model.data.show;
  if (repeated.length === 0) return null;
  return (
    <Table
      columns={namedNumbers(
        "repeated, same output each time",
        "times in a row",
        "repeated requests",
        "tokens in",
      )}
      rows={repeated.map((row) => [
        <span key="name">
          <Text value={row.tool} /> <Text value={row.preview ?? ""} max={60} />
        </span>,
        countOf(row.calls.length),
        countOf(row.repeated_requests),
        tokenCount("input_tokens", row.repeated_tokens),
      ])}
      none=""
    />
  );
}

/** What else there was, in a line. */
function othersIn({ data: { show } }: Model): string {
  const { code_cells: cells, terminals, compactions } = show;
  const counts = [
    [cells.cells, "code cell"],
    [terminals.sessions, "terminal session"],
    [terminals.operations, "terminal operation"],
    [compactions.filter(({ installed }) => installed).length, "compaction"],
  ] as const;
  return counts.flatMap(([count, what]) =>
    count === null || count === 0 ? [] : [counted(count, what)]
  ).join(", ");
}

type Part = readonly [name: string, words: string, ms: number | null];

/** A bar of three parts, each with its share in words. */
export function TimeSpent(
  { model, filters }: { model: Model; filters: Filters },
) {
  const own = statsOf(model, filters.thread);
  const time = own === undefined ? model.data.show.time : own.time;
  if (time === null) return null;
  const { turns_ms: total } = time;
  const parts: readonly Part[] = [
    ["model", "LLM requests", time.model_ms],
    ["tool", "tools only", time.tool_ms],
    ["idle", "idle", time.idle_ms],
  ];
  return (
    <section class="panel">
      <h2>
        Time spent in turns
        {own === undefined
          ? null
          : <Text value={`of ${own.agent_path ?? own.group}`} max={60} />}
      </h2>
      {total === null
        ? (
          <p class="faint">
            {model.isSessionLog
              ? "Unknown: a session log has no times of requests and tool calls."
              : "Unknown: the clock jumped, or starts or ends were lost."}
          </p>
        )
        : total === 0
        ? <p class="faint">No turn took any time.</p>
        : <Bar parts={parts} total={total} />}
      {parts.every(([, , ms]) => ms === null) ? null : (
        <Table
          columns={namedNumbers("activity", durationOf(total), "share")}
          rows={parts.map(([name, words, ms]) => [
            <span key="name">
              <span class={`swatch time-${name}`} />
              {words}
            </span>,
            ms === 0 ? "none" : durationOf(ms),
            ms === null || total === null ? UNKNOWN : shareOf(ms, total),
          ])}
          none=""
        />
      )}
    </section>
  );
}

/** Hidden from screen readers: the table below has the same figures. */
function Bar({ parts, total }: { parts: readonly Part[]; total: number }) {
  return (
    <div class="bar" aria-hidden="true">
      {parts.map(([name, , ms]) => (
        ms === null || ms === 0 ? null : (
          <span
            key={name}
            class={`bar-part time-${name}`}
            style={{ width: `${100 * ms / total}%` }}
          />
        )
      ))}
    </div>
  );
}
