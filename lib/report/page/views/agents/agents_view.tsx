/**
 * The agents view: the tree of threads with the totals of each, and the edges between them in
 * order.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { ViewProps } from "../../view.ts";
import { hasNoResult } from "../../model/names.ts";
import { threadTree, type TreeNode } from "../../model/thread_tree.ts";
import { messagesOf } from "./messages.ts";
import { MessageList } from "./message_list.tsx";
import type { ReportData } from "../../../report_data.ts";
import {
  counted,
  countOf,
  durationOf,
  tokenCount,
  UNKNOWN,
} from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { OutcomeMark } from "../../ui/status.tsx";
import { Text } from "../../ui/text.tsx";

/** The tree of agents and what passed between them. */
export function AgentsView(props: ViewProps) {
  const { model, filters } = props;
  const tree = useMemo(() => threadTree(model.rows.threads), [model]);
  const messages = useMemo(() => messagesOf(model), [model]);
  const shown = messages.filter(({ row, from, to }) =>
    (filters.thread === null || from === filters.thread ||
      to === filters.thread) &&
    (!filters.failed || row.ended === null)
  );
  return (
    <section class="agents" aria-label="Agents">
      <div class="agents-scroll">
        <AgentTree {...props} tree={tree} />
        <MessageList
          {...props}
          tree={tree}
          messages={shown}
          all={messages.length}
        />
      </div>
    </section>
  );
}

/** Properties of the tree. */
export interface AgentTreeProps extends ViewProps {
  readonly tree: readonly TreeNode[];
}

/** Maximum depth that is indented. */
const MAX_INDENT = 8;

/** Heads of the columns with numbers, and their tooltips. */
const NUMBERS: readonly (readonly [name: string, title: string])[] = [
  ["Duration", ""],
  ["Turns", ""],
  ["LLM requests", "Requests to models, and how many failed"],
  ["Tool calls", "Tool calls, nested ones included, and how many failed"],
  ["Tokens in", "Cached tokens included"],
  ["Tokens out", "Reasoning tokens included"],
];

function AgentTree(
  { model, selection, onSelect, filters, tree }: AgentTreeProps,
) {
  const totals = useMemo(
    () => new Map(model.data.show.threads.map((row) => [row.thread.id, row])),
    [model],
  );
  const shown = filters.thread === null
    ? tree
    : tree.filter(({ row }) => row.id === filters.thread);
  const isChosen = (id: string) =>
    selection?.[0] === "thread" && selection[1] === id;
  return (
    <div class="agents-panel">
      <h2>
        {model.isSessionLog && tree.length === 1
          ? "Thread of this log"
          : counted(tree.length, "thread")}
      </h2>
      <table class="agents-tree">
        <TreeHead />
        <tbody>
          {shown.map((place) => (
            <ThreadLine
              key={place.row.id}
              place={place}
              totals={totals.get(place.row.id)}
              hasResult={!hasNoResult(model, place.row.id)}
              chosen={isChosen(place.row.id)}
              onChoose={() => onSelect(["thread", place.row.id])}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TreeHead() {
  return (
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
  );
}

/** The totals of a thread in the answer of `show`. */
type ThreadTotals = ReportData["show"]["threads"][number];

interface ThreadLineProps {
  readonly place: TreeNode;
  readonly totals: ThreadTotals | undefined;
  /** False for an agent that ended without one. */
  readonly hasResult: boolean;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function ThreadLine(props: ThreadLineProps) {
  const { place: { row }, totals, chosen } = props;
  return (
    <tr class={chosen ? "chosen" : ""}>
      <th scope="row">
        <ThreadName {...props} />
      </th>
      <td>
        <OutcomeMark {...row} />
      </td>
      <td data-name="Model">
        {row.model === null ? "unknown" : <Text value={row.model} max={60} />}
      </td>
      <td data-name="Duration" class="num">{durationOf(row.duration_ms)}</td>
      <td data-name="Turns" class="num">{countOf(totals?.turns ?? null)}</td>
      <td data-name="LLM requests" class="num">
        <Count all={totals?.calls} failed={totals?.failed_calls} />
      </td>
      <td data-name="Tool calls" class="num">
        <Count all={totals?.tool_calls} failed={totals?.failed_tool_calls} />
      </td>
      <td data-name="Tokens in" class="num">
        {totals === undefined
          ? UNKNOWN
          : tokenCount("input_tokens", totals.tokens)}
      </td>
      <td data-name="Tokens out" class="num">
        {totals === undefined
          ? UNKNOWN
          : tokenCount("output_tokens", totals.tokens)}
      </td>
    </tr>
  );
}

function ThreadName(
  { place, hasResult, chosen, onChoose }: ThreadLineProps,
) {
  const { row, depth } = place;
  const { nickname, agent_path, agent_role } = row;
  return (
    <button
      type="button"
      class="agents-name"
      aria-pressed={chosen}
      style={{ paddingLeft: `${Math.min(depth, MAX_INDENT) * 18}px` }}
      onClick={onChoose}
    >
      {depth > 0
        ? <span class="agents-branch" aria-hidden="true">└</span>
        : null}
      <Icon name="thread" />
      <span class="agents-who">
        <Text value={nickname ?? agent_path} max={80} />
        <span class="agents-more">
          <span class="handle">{row.handle}</span>
          {nickname === null ? null : <Text value={agent_path} max={80} />}
          {agent_role === null ? null : <Text value={agent_role} max={60} />}
          {row.origin_type === "unknown" ? "origin unknown" : null}
          {hasResult ? null : <span>no result recorded</span>}
        </span>
      </span>
    </button>
  );
}

/** A count, and how many of it failed. */
function Count(
  { all = null, failed = 0 }: {
    readonly all: number | null | undefined;
    readonly failed: number | null | undefined;
  },
) {
  return (
    <span class="agents-count">
      {!all || failed === 0
        ? null
        : failed === null
        ? <span class="faint">{UNKNOWN} failed of</span>
        : (
          <span class="agents-bad">
            <Icon name="bad" /> {countOf(failed)} failed of
          </span>
        )}
      {countOf(all)}
    </span>
  );
}

/** Keys and what they do, for the help. */
export const AGENTS_KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["Tab", "the next thread, edge, or end of an edge"],
  ["Enter", "open its details"],
];
