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
  const { models, tools, code_cells: cells, terminals, compactions } =
    model.data.show;
  return (
    <section class="panel">
      <h2>Models and tools</h2>
      <UsageTable
        head={["model", "requests", "failed"]}
        rows={models.map(({ model, provider_name: provider, ...use }) => [
          <span key="name">
            <Text value={model} />{" "}
            <span class="faint">
              <Text value={provider} />
            </span>
          </span>,
          countOf(use.calls),
          countOf(use.failed_calls),
        ])}
        none="No model was asked."
      />
      <UsageTable
        head={["tool", "calls", "failed", "took"]}
        rows={tools.map(({ tool, calls, failed, total_ms: ms }) => [
          <Text key="name" value={tool} />,
          countOf(calls),
          countOf(failed),
          durationOf(ms),
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
