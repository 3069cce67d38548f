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

/** The tree. */
export function AgentTree(
  { model, selection, onSelect, filters, tree }: AgentTreeProps,
) {
  const totals = useMemo(() => totalsOf(model), [model]);
  const shown = filters.thread === null
    ? tree
    : tree.filter(({ row }) => row.id === filters.thread);
  return (
    <div class="agents-panel">
      <h2>{counted(tree.length, "thread")}</h2>
      <table class="agents-tree">
        <thead>
          <tr>
            <th scope="col">Thread</th>
            <th scope="col">Status</th>
            <th scope="col">Model</th>
            <th scope="col" class="num">Duration</th>
            <th scope="col" class="num">Turns</th>
            <th scope="col" class="num">Requests</th>
            <th scope="col" class="num">Tools</th>
            <th scope="col" class="num">Failed</th>
            <th scope="col" class="num" title="Cached tokens are among them">
              Tokens in
            </th>
            <th
              scope="col"
              class="num"
              title="Tokens of reasoning are among them"
            >
              Tokens out
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((place) => (
            <ThreadLine
              key={place.row.id}
              place={place}
              totals={totals.get(place.row.id)}
              chosen={selection?.[0] === "thread" &&
                selection[1] === place.row.id}
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
  const { row, depth } = place;
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">
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
            <Text value={row.nickname ?? row.agent_path} most={80} />
            <span class="agents-more">
              <span class="handle">{row.handle}</span>
              {row.nickname === null
                ? null
                : <Text value={row.agent_path} most={80} />}
              {row.agent_role === null
                ? null
                : <Text value={row.agent_role} most={60} />}
            </span>
          </span>
        </button>
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
        {totals !== undefined && totals.failed > 0
          ? (
            <span class="agents-bad">
              <Icon name="bad" /> {countOf(totals.failed)}
            </span>
          )
          : "0"}
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
