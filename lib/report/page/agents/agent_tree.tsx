/**
 * The tree of threads, a row each: where it hangs, how it stands, what it did.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { TreePlace } from "../timeline/thread_tree.ts";
import type { ViewProps } from "../view.ts";
import { counted, countOf, lengthOf } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { Status } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";
import { type ThreadTotals, totalsOf } from "./totals.ts";

/** What the tree is given. */
export interface AgentTreeProps extends ViewProps {
  readonly tree: readonly TreePlace[];
}

/** Threads are drawn no deeper than this. */
const DEEPEST = 8;

/** Heads of the columns with numbers, and what to know of them. */
const NUMBERS: readonly (readonly [name: string, title: string])[] = [
  ["Duration", ""],
  ["Turns", ""],
  ["Requests", "Requests to models"],
  ["Tools", "Tool calls, those of code cells among them"],
  ["Failed", "Requests, tool calls and code cells that failed"],
  ["Tokens in", "Cached tokens are among them"],
  ["Tokens out", "Tokens of reasoning are among them"],
];

/** The tree. */
export function AgentTree(
  { model, selection, onSelect, filters, tree }: AgentTreeProps,
) {
  const totals = useMemo(() => totalsOf(model), [model]);
  const shown = filters.thread === null
    ? tree
    : tree.filter(({ row }) => row.id === filters.thread);
  const isChosen = (id: string) =>
    selection?.[0] === "thread" && selection[1] === id;
  return (
    <div class="agents-panel">
      <h2>{counted(tree.length, "thread")}</h2>
      <table class="agents-tree">
        <thead>
          <tr>
            <th scope="col">Thread</th>
            <th scope="col">Status</th>
            <th scope="col">Model</th>
            {NUMBERS.map(([name, title]) => (
              <th key={name} scope="col" class="num" title={title}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((place) => (
            <ThreadLine
              key={place.row.id}
              place={place}
              totals={totals.get(place.row.id)}
              chosen={isChosen(place.row.id)}
              onChoose={() => onSelect(["thread", place.row.id])}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ThreadLineProps {
  readonly place: TreePlace;
  readonly totals: ThreadTotals | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function ThreadLine({ place, totals, chosen, onChoose }: ThreadLineProps) {
  const { row } = place;
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">
        <ThreadName place={place} chosen={chosen} onChoose={onChoose} />
      </th>
      <td>
        <Status status={row.status} />
      </td>
      <td data-name="Model">
        {row.model === null ? "unknown" : <Text value={row.model} most={60} />}
      </td>
      <td data-name="Duration" class="num">{lengthOf(row)}</td>
      <td data-name="Turns" class="num">{countOf(totals?.turns ?? 0)}</td>
      <td data-name="Requests" class="num">{countOf(totals?.calls ?? 0)}</td>
      <td data-name="Tools" class="num">{countOf(totals?.tools ?? 0)}</td>
      <td data-name="Failed" class="num">
        <Failures count={totals?.failed ?? 0} />
      </td>
      <td data-name="Tokens in" class="num">
        {countOf(totals?.input ?? null)}
      </td>
      <td data-name="Tokens out" class="num">
        {countOf(totals?.output ?? null)}
      </td>
    </tr>
  );
}

function ThreadName(
  { place, chosen, onChoose }: Omit<ThreadLineProps, "totals">,
) {
  const { row, depth } = place;
  const { nickname, agent_path, agent_role } = row;
  return (
    <button
      type="button"
      class="agents-name"
      aria-pressed={chosen}
      style={{ paddingLeft: `${Math.min(depth, DEEPEST) * 18}px` }}
      onClick={onChoose}
    >
      {depth > 0
        ? <span class="agents-branch" aria-hidden="true">└</span>
        : null}
      <Icon name="thread" />
      <span class="agents-who">
        <Text value={nickname ?? agent_path} most={80} />
        <span class="agents-more">
          <span class="handle">{row.handle}</span>
          {nickname === null ? null : <Text value={agent_path} most={80} />}
          {agent_role === null ? null : <Text value={agent_role} most={60} />}
        </span>
      </span>
    </button>
  );
}

function Failures({ count }: { count: number }) {
  return count === 0 ? <>0</> : (
    <span class="agents-bad">
      <Icon name="bad" /> {countOf(count)}
    </span>
  );
}
