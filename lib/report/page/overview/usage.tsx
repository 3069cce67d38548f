/**
 * Which models were asked and which tools ran, and how often.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import type { Model } from "../model/model.ts";
import { countOf, durationOf } from "../ui/figures.ts";
import { Text } from "../ui/text.tsx";

/** Models and tools. */
export function Usage({ model }: { model: Model }) {
  const { show, stats } = model.data;
  const { tools, code_cells: cells, terminals, compactions } = show;
  return (
    <section class="panel">
      <h2>Models and tools</h2>
      <UsageTable
        head={["model", "requests", "failed", "tokens in", "out", "p50", "p90"]}
        rows={stats.models.map((row) => [
          <Text key="name" value={row.group} />,
          countOf(row.calls),
          countOf(row.failed_calls),
          countOf(row.tokens?.input_tokens ?? null),
          countOf(row.tokens?.output_tokens ?? null),
          durationOf(row.call_latency?.p50_ms ?? null),
          durationOf(row.call_latency?.p90_ms ?? null),
        ])}
        none="No model was asked."
      />
      <UsageTable
        head={["tool", "calls", "failed", "took", "p50", "p90"]}
        rows={stats.tools.map((row) => [
          <Text key="name" value={row.group} />,
          countOf(row.tools),
          countOf(row.failed_tools),
          durationOf(
            tools.find(({ tool }) => tool === row.group)?.total_ms ?? null,
          ),
          durationOf(row.tool_latency?.p50_ms ?? null),
          durationOf(row.tool_latency?.p90_ms ?? null),
        ])}
        none="No tool was called."
      />
      <p class="faint">
        {[
          part(cells.cells, "code cell"),
          part(terminals.sessions, "terminal"),
          part(terminals.operations, "terminal operation"),
          part(
            compactions.filter(({ installed }) => installed).length,
            "compaction",
          ),
        ].filter((each) => each !== "").join(", ")}
      </p>
    </section>
  );
}

function part(count: number, what: string): string {
  return count === 0
    ? ""
    : `${countOf(count)} ${what}${count === 1 ? "" : "s"}`;
}

interface UsageTableProps {
  readonly head: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  readonly none: string;
}

function UsageTable({ head, rows, none }: UsageTableProps) {
  if (rows.length === 0) return <p class="faint">{none}</p>;
  return (
    <div class="table-scroll">
      <table class="table">
        <thead>
          <tr>
            {head.map((name, i) => (
              <th scope="col" key={name} class={i === 0 ? "" : "num"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, column) => (
                <td key={column} class={column === 0 ? "" : "num"}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
