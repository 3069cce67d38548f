/**
 * The threads, each below the thread that spawned it, with its totals.
 *
 * @module
 */

import { countOf } from "../../ui/figures.ts";
import { ObjectLink } from "../../ui/object_link.tsx";
import { OutcomeMark } from "../../ui/status.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { Text } from "../../ui/text.tsx";
import type { ViewProps } from "../../view.ts";

const COLUMNS: readonly Column[] = [
  { name: "thread" },
  { name: "model" },
  { name: "outcome" },
  { name: "turns", isNumber: true },
  { name: "LLM requests", isNumber: true },
  { name: "tool calls", isNumber: true },
  { name: "tokens in", isNumber: true },
  { name: "tokens out", isNumber: true },
];
/** Maximum depth that is indented. */
const MAX_INDENT = 8;

/** A table of threads. */
export function ThreadTable({ model, onSelect }: ViewProps) {
  return (
    <section class="panel">
      <h2>Threads</h2>
      <Table
        columns={COLUMNS}
        rows={model.data.show.threads.map((row) => [
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
            status={row.status}
          />,
          countOf(row.turns),
          countOf(row.calls),
          countOf(row.tool_calls),
          countOf(row.tokens.input_tokens),
          countOf(row.tokens.output_tokens),
        ])}
        none="No thread was recorded."
      />
    </section>
  );
}
