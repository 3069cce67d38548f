/**
 * The threads, each below the thread that spawned it, with its totals.
 *
 * @module
 */

import { isFailed } from "../../model/names.ts";
import {
  countOf,
  durationOf,
  shareOf,
  tokenCount,
  UNKNOWN,
} from "../../ui/figures.ts";
import { ObjectLink } from "../../ui/object_link.tsx";
import { OutcomeMark } from "../../ui/status.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";
import { statsOf, type ThreadStats } from "./shown.ts";

const COLUMNS: readonly Column[] = [
  { name: "thread" },
  { name: "model" },
  { name: "outcome" },
  { name: "turns", isNumber: true },
  { name: "LLM requests", isNumber: true },
  { name: "tool calls", isNumber: true },
  { name: "tokens in", isNumber: true },
  { name: "tokens out", isNumber: true },
  { name: "time in turns", isNumber: true },
  { name: "of it" },
];
/** Number of threads shown before the reader expands the table. */
const SEEN = 20;
/** Maximum depth that is indented. */
const MAX_INDENT = 8;

/** A table of the threads that pass the filters, with the time of each. */
export function ThreadTable({ model, filters, onSelect }: ViewProps) {
  const { failed, thread } = filters;
  const shown = model.data.show.threads.filter(({ thread: { id } }) =>
    (thread === null || id === thread) &&
    (!failed || isFailed(model, ["thread", id]) ||
      model.rows.failures.some((each) => each.thread_id === id))
  );
  return (
    <section class="panel">
      <h2>Threads</h2>
      <Table
        columns={COLUMNS}
        rows={shown.map((row) => [
          <span
            key="thread"
            style={{
              paddingInlineStart: `${16 * Math.min(row.depth, MAX_INDENT)}px`,
            }}
          >
            <ObjectLink
              model={model}
              pointer={["thread", row.thread.id]}
              onSelect={onSelect}
            />
            {row.origin === "unknown"
              ? <span class="faint">origin unknown</span>
              : null}
          </span>,
          row.model === null
            ? <span key="model" class="faint">unknown</span>
            : <Text key="model" value={row.model} />,
          <OutcomeMark
            key="outcome"
            outcome={row.outcome}
            status={model.recorded(row.status)}
          />,
          countOf(row.turns),
          countOf(row.calls),
          countOf(row.tool_calls),
          tokenCount("input_tokens", row.tokens),
          tokenCount("output_tokens", row.tokens),
          durationOf(statsOf(model, row.thread.id)?.time?.turns_ms ?? null),
          <TimeShares
            key="time"
            time={statsOf(model, row.thread.id)?.time ?? null}
          />,
        ])}
        none="No thread passes the filters."
        max={SEEN}
      />
    </section>
  );
}

/** Parts of the time of a thread, as a bar with words. */
function TimeShares({ time }: { time: ThreadStats["time"] }) {
  const { turns_ms: total = null, model_ms, tool_ms, idle_ms } = time ?? {};
  if (!total || time === null) {
    return <span class="faint">{total === 0 ? "none" : UNKNOWN}</span>;
  }
  const parts = [
    ["model", "LLM requests", model_ms],
    ["tool", "tools only", tool_ms],
    ["idle", "idle", idle_ms],
  ] as const;
  const words = parts.flatMap(([, name, ms]) =>
    ms ? [`${name} ${shareOf(ms, total)}`] : []
  ).join(", ");
  return (
    <span class="time-shares" role="img" aria-label={words} title={words}>
      {parts.map(([name, , ms]) =>
        ms
          ? (
            <span
              key={name}
              class={`time-${name}`}
              style={{ width: `${100 * ms / total}%` }}
            />
          )
          : null
      )}
    </span>
  );
}
