/**
 * The filters: what failed, a kind of tool calls, a thread.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { Model } from "../model/model.ts";
import { NO_FILTERS } from "../state/route.ts";
import { Icon } from "../ui/icon.tsx";
import { escapeLine } from "../ui/escape.ts";
import { isFailed } from "../model/names.ts";
import { TABLES } from "../model/objects.ts";
import type { Filters } from "../view.ts";

/** Properties of the bar. */
export interface FilterBarProps {
  readonly model: Model;
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
}

/** The bar of filters. They apply to every view. */
export function FilterBar({ model, filters, onChange }: FilterBarProps) {
  const { failed, tool, thread } = filters;
  const kinds = [...new Set(model.rows.tools.map(({ kind }) => kind))].sort();
  const { threads } = model.rows;
  const failures = useMemo(() => failuresIn(model), [model]);
  return (
    <section class="filters" aria-label="Filters">
      <label class="check">
        <input
          type="checkbox"
          checked={failed}
          onChange={({ currentTarget: box }) =>
            onChange({ failed: box.checked })}
        />
        <Icon name="bad" />
        failed only <span class="faint">({failures})</span>
      </label>
      <Choice
        name="Tool kind"
        all="all tools"
        value={tool}
        options={kinds.map((kind) => [kind, kind.replaceAll("_", " ")])}
        onChange={(tool) => onChange({ tool })}
      />
      <Choice
        name="Thread"
        all={`all threads (${threads.length})`}
        value={thread}
        options={threads.map(({ id, agent_path: path }) => [id, path])}
        onChange={(thread) => onChange({ thread })}
      />
      {failed || tool !== null || thread !== null
        ? <Clear onClear={() => onChange(NO_FILTERS)} />
        : null}
    </section>
  );
}

function Clear({ onClear }: { onClear: () => void }) {
  return (
    <button type="button" class="tool-button" onClick={onClear}>
      <Icon name="close" />clear
    </button>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly all: string;
  readonly value: string | null;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChange: (value: string | null) => void;
}

function Choice({ name, all, value, options, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={name}
      value={value ?? ""}
      disabled={options.length < 2 && value === null}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    >
      <option value="">{all}</option>
      {options.map(([each, text]) => (
        <option key={each} value={each}>{escapeLine(text, 60)}</option>
      ))}
    </select>
  );
}

/** How many turns, requests, tool calls and cells failed. */
function failuresIn(model: Model): number {
  const kinds = [
    "turn",
    "inference_call",
    "tool_call",
    "code_cell",
    "compaction_request",
  ] as const;
  return kinds.reduce(
    (sum, kind) =>
      sum +
      model.rows[TABLES[kind]].filter(({ id }) => isFailed(model, [kind, id]))
        .length,
    0,
  );
}
