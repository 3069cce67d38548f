/**
 * The outline of a transcript: its turns and LLM requests, with what each request led to.
 *
 * @module
 */

import type {
  CallRow,
  CompactionRow,
  ThreadRow,
  TurnRow,
} from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { isFailed } from "../../model/names.ts";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { escapeLine } from "../../ui/escape.ts";
import { durationOf, UNKNOWN } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { keyOfPlace, useVirtual } from "../../ui/virtual_list.tsx";
import { isResponseLost } from "./reading.ts";
import { shownTurn } from "./turn_heading.tsx";

/** Height of an entry, in CSS pixels. */
const HEIGHT = 26;
/** Tools of a request that are named. */
const MAX_TOOLS = 2;

type Entry =
  | { readonly type: "turn"; readonly turn: TurnRow }
  | { readonly type: "compaction"; readonly compaction: CompactionRow }
  | { readonly type: "call"; readonly call: CallRow };

/** Properties of the outline. */
export interface OutlineProps {
  readonly model: Model;
  readonly thread: ThreadRow;
  readonly calls: readonly CallRow[];
  /** The request that is shown; null for all items. */
  readonly call: CallRow | null;
  readonly onTurn: (turn: TurnRow) => void;
  readonly onCall: (call: CallRow) => void;
  readonly onCompaction: (compaction: CompactionRow) => void;
}

/** The outline; only the entries in view are rendered. */
export function Outline(props: OutlineProps) {
  const { model, thread, calls, call } = props;
  const entries = useMemo(
    () => entriesOf(model, thread, calls),
    [model, thread, calls],
  );
  const { scroller, list } = useVirtual({
    count: entries.length,
    estimate: () => HEIGHT,
    keyOf: keyOfPlace,
  });
  useLayoutEffect(() => {
    const row = entries.findIndex((each) =>
      each.type === "call" && each.call === call
    );
    if (row >= 0) list.scrollToIndex(row, { align: "auto" });
  }, [entries, call, list]);
  return (
    <nav class="outline" aria-label="Turns and LLM requests">
      <div ref={scroller} class="outline-scroller">
        <ul style={{ height: `${list.getTotalSize()}px` }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index];
            return entry === undefined
              ? null
              : (
                <li key={index} style={{ transform: `translateY(${start}px)` }}>
                  <EntryButton {...props} entry={entry} />
                </li>
              );
          })}
        </ul>
      </div>
    </nav>
  );
}

/** The turns of a thread, with their requests and compactions in order of time. */
function entriesOf(
  model: Model,
  { id: thread }: ThreadRow,
  calls: readonly CallRow[],
): Entry[] {
  const turns = model.rows.turns.filter(({ thread_id: id }) => id === thread);
  const known = new Set(turns.map(({ id }) => id));
  const compactions = model.rows.compactions.filter(({ thread_id: id }) =>
    id === thread
  );
  const parts = [
    ...calls.map((call) => ({
      turn: call.turn_id,
      at: call.started,
      entry: { type: "call", call } as const,
    })),
    ...compactions.map((compaction) => ({
      turn: compaction.turn_id,
      at: compaction.installed_at,
      entry: { type: "compaction", compaction } as const,
    })),
  ].toSorted((a, b) => a.at - b.at);
  const byTurn = new Map<string | null, Entry[]>();
  for (const { turn, entry } of parts) {
    const key = known.has(turn) ? turn : null;
    const others = byTurn.get(key);
    if (others === undefined) byTurn.set(key, [entry]);
    else others.push(entry);
  }
  const entriesIn = (turn: string | null) => byTurn.get(turn) ?? [];
  return [
    ...turns.flatMap((turn): Entry[] => [
      { type: "turn", turn },
      ...entriesIn(turn.id),
    ]),
    ...entriesIn(null),
  ];
}

function EntryButton(
  { model, entry, call, onTurn, onCall, onCompaction }: OutlineProps & {
    entry: Entry;
  },
) {
  if (entry.type === "compaction") {
    const { compaction } = entry;
    return (
      <button
        type="button"
        class="entry-call"
        onClick={() => onCompaction(compaction)}
      >
        <Icon name="compaction" />
        <span class="entry-text">
          {escapeLine(compaction.handle, 30)} · history compacted
        </span>
      </button>
    );
  }
  if (entry.type === "turn") {
    const { turn } = entry;
    const shown = shownTurn(model, turn);
    const outcome = shown?.outcome ?? "outcome unknown";
    return (
      <button
        type="button"
        class="entry-turn"
        onClick={() => onTurn(turn)}
      >
        <Icon name={outcome === "failed" ? "bad" : "turn"} />
        <span class="entry-text">
          {escapeLine(turn.handle, 30)} · {outcome}
        </span>
        <span class="faint num">
          {shown?.duration_ms == null ? "?" : durationOf(shown.duration_ms)}
        </span>
      </button>
    );
  }
  const failed = isFailed(model, ["inference_call", entry.call.id]);
  return (
    <button
      type="button"
      class="entry-call"
      aria-current={entry.call === call ? "true" : undefined}
      onClick={() => onCall(entry.call)}
    >
      <Icon name={failed ? "bad" : "inference_call"} />
      <span class="entry-text">
        {escapeLine(entry.call.handle, 30)} ·{" "}
        {failed ? entry.call.outcome ?? UNKNOWN : ledTo(model, entry.call)}
      </span>
      <span class="faint num">
        {entry.call.duration_ms === null
          ? "?"
          : durationOf(entry.call.duration_ms)}
      </span>
    </button>
  );
}

/** The tools that a response called, or that it called none. */
function ledTo(model: Model, call: CallRow): string {
  const { tool_ids: ids, response_ids } = call;
  const titles = ids.flatMap((id) => model.tool(id)?.label ?? []);
  const names = titles.slice(0, MAX_TOOLS).map((title) => escapeLine(title, 30))
    .join(", ");
  if (titles.length > MAX_TOOLS) {
    return `${names} and ${titles.length - MAX_TOOLS} more`;
  }
  return titles.length > 0
    ? names
    : response_ids.some((id) => model.item(id)?.kind === "message")
    ? "message"
    : isResponseLost(call)
    ? "not recorded"
    : call.outcome === "ok"
    ? "no tool call"
    : call.outcome ?? UNKNOWN;
}
