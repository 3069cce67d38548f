/**
 * Where the time of turns went: to models, to tools, to neither.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import { durationOf, shareOf } from "../ui/figures.ts";
import { namedNumbers, Table } from "../ui/table.tsx";

type Part = readonly [name: string, words: string, ms: number];

/** A bar of three parts, each with its share in words. */
export function TimeSpent({ model }: { model: Model }) {
  const { time } = model.data.show;
  const { turns_ms: whole } = time;
  const parts: readonly Part[] = [
    ["model", "LLM requests", time.model_ms],
    ["tool", "tools only", time.tool_ms],
    ["idle", "idle", time.idle_ms],
  ];
  return (
    <section class="panel">
      <h2>Time spent in turns</h2>
      {whole === 0
        ? <p class="faint">No turn took any time.</p>
        : <Bar parts={parts} whole={whole} />}
      <Table
        columns={namedNumbers("activity", durationOf(whole), "share")}
        rows={parts.map(([name, words, ms]) => [
          <span key="name">
            <span class={`swatch time-${name}`} />
            {words}
          </span>,
          durationOf(ms),
          shareOf(ms, whole),
        ])}
        none=""
      />
    </section>
  );
}

/** The table beside it tells the same. */
function Bar({ parts, whole }: { parts: readonly Part[]; whole: number }) {
  return (
    <div class="bar" aria-hidden="true">
      {parts.filter(([, , ms]) => ms > 0).map(([name, , ms]) => (
        <span
          key={name}
          class={`bar-part time-${name}`}
          style={{ width: `${100 * ms / whole}%` }}
        />
      ))}
    </div>
  );
}
