/**
 * The main figures of a session, from the answer of `show`, side by side.
 *
 * @module
 */

import type { ExactInteger } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import {
  amountText,
  counted,
  countOf,
  durationOf,
  UNKNOWN,
} from "../../ui/figures.ts";
import { Text } from "../../ui/text.tsx";
import type { Filters } from "../../view.ts";
import { statsOf, type ThreadStats } from "./shown.ts";
import { OutcomeMark } from "../../ui/status.tsx";
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../../ui/icon.tsx";

/** The main figures: of the session, or of the thread of the filter. */
export function tilesOf(model: Model, { thread }: Filters): Tile[] {
  const own = statsOf(model, thread);
  return own === undefined ? sessionTiles(model) : threadTiles(model, own);
}

function threadTiles(model: Model, row: ThreadStats): Tile[] {
  return [
    {
      icon: "run",
      name: "Time in turns",
      value: durationOf(row.time?.turns_ms ?? null),
      note: <Text value={`of ${row.agent_path ?? row.group}`} max={60} />,
    },
    {
      icon: "inference_call",
      name: "LLM requests",
      value: sumText(model, [row.calls]),
      note: failedNote(model, [row.failed_calls]),
    },
    {
      icon: "tool_call",
      name: "Tool calls",
      value: sumText(model, [row.tool_calls]),
      note: failedNote(model, [row.failed_tool_calls]),
    },
    ...row.tokens === null ? [] : tokenTiles(row.tokens),
    ...costTiles(row.cost),
  ];
}

function sessionTiles(model: Model): Tile[] {
  const { identity, tokens, tools, threads, turns, cost, session_log: log } =
    model.data.show;
  const missing = log?.logs.missing.length ?? 0;
  return [
    {
      icon: "run",
      name: "Duration",
      value: durationOf(identity.duration_ms),
      note: (
        <OutcomeMark
          outcome={identity.outcome}
          status={model.recorded(identity.status)}
        />
      ),
    },
    {
      icon: "inference_call",
      name: "LLM requests",
      value: sumText(model, threads.map(({ calls }) => calls)),
      note: failedNote(model, threads.map(({ failed_calls: n }) => n)),
    },
    {
      icon: "tool_call",
      name: "Tool calls",
      value: sumText(model, tools.map(({ calls }) => calls)),
      note: failedNote(model, tools.map(({ failed }) => failed)),
    },
    ...tokenTiles(tokens),
    ...costTiles(cost),
    // A session log is of one thread, and not every agent's was found.
    missing > 0
      ? {
        icon: "turn",
        name: "Turns",
        value: countOf(turns.length),
        note: `of ${counted(threads.length, "thread")}; no log was found of ${
          counted(missing, "other")
        }`,
      }
      : {
        icon: "agents",
        name: "Threads",
        value: countOf(threads.length),
        note: counted(turns.length, "turn"),
      },
  ];
}

/** Cached tokens are part of the input, reasoning tokens of the output: never added. */
function tokenTiles(tokens: Model["data"]["show"]["tokens"]): Tile[] {
  const { calls_with_usage: reported, calls } = tokens;
  const others = tokens.compaction_requests ?? 0;
  const partly =
    (reported === calls || reported === null || calls === null
      ? ""
      : `; usage reported by ${reported} of ${calls} requests`) +
    (others === 0
      ? ""
      : `; usage of ${counted(others, "compaction request")} unknown`);
  const part = (
    total: ExactInteger | null,
    of: ExactInteger | null,
    what: string,
  ) =>
    total === null
      ? reported === null ? "usage unknown" : "no usage reported"
      : `${countOf(of)} of them ${what}${partly}`;
  const { input_tokens: input, output_tokens: output } = tokens;
  return [
    {
      icon: "open",
      name: "Tokens in",
      value: countOf(input),
      note: part(input, tokens.cached_input_tokens, "cached"),
    },
    {
      icon: "open",
      name: "Tokens out",
      value: countOf(output),
      note: part(output, tokens.reasoning_output_tokens, "reasoning"),
    },
  ];
}

/** What requests cost by the user's prices; nothing without prices. */
function costTiles(cost: Model["data"]["show"]["cost"]): Tile[] {
  if (cost === null) return [];
  const { amount, currency, priced_calls: priced, unpriced_calls: other } =
    cost;
  return [{
    icon: "info",
    name: "Cost",
    value: amount === null
      ? UNKNOWN
      : <Text value={`${amountText(amount)} ${currency}`} max={40} />,
    note: priced + other === 0
      ? "no request with a price"
      : other === 0
      ? "by your prices"
      : `${amount === null ? "" : "at least: "}${countOf(priced)} of ${
        counted(priced + other, "request")
      } have a price`,
  }];
}

/** The sum of what is known: a minimum after losses, or unknown where none of it is known. */
function sumText(
  { data: { show: { completeness } } }: Model,
  values: readonly (number | null)[],
): string {
  const sum = values.reduce<number>((total, each) => total + (each ?? 0), 0);
  const isPartial = completeness.has_lost_events || values.includes(null);
  return !isPartial ? countOf(sum) : sum === 0 ? UNKNOWN : `≥${countOf(sum)}`;
}

function failedNote(model: Model, failed: readonly (number | null)[]) {
  const sum = sumText(model, failed);
  if (sum === UNKNOWN) return "failures unknown";
  return sum === "0"
    ? "none failed"
    : <span class="error-text">{sum} failed</span>;
}

/** A number and what it counts. */
export interface Tile {
  readonly icon: IconName;
  readonly name: string;
  readonly value: ComponentChildren;
  /** More about it, in a line. */
  readonly note: ComponentChildren;
}

/** Numbers side by side. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl class="tiles">
      {tiles.map(({ icon, name, value, note }) => (
        <div class="tile" key={name}>
          <dt>
            <Icon name={icon} />
            {name}
          </dt>
          <dd>
            <span class="tile-value">{value}</span>
            <span class="tile-note">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
