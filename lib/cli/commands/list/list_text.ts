/**
 * Bundles as a table: a line each where there is room for prompt and result, else two.
 *
 * @module
 */

import type {
  ListAnswer,
  ListedBundle,
  ListedCounts,
} from "../../../query/list/list_answer.ts";
import type { ListOrder } from "../../../query/list/list_filter.ts";
import { limitsText, unrecordedText } from "../../../text/capture_text.ts";
import {
  ageOf,
  bytesOf,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import type { ListColumn } from "../../config/config.ts";
import { type Field, fieldLines } from "../../text/fields.ts";
import { largest, oneLine, padEnd, widthOf } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { costText, tokenCount } from "../../shared/measure_text.ts";
import { paintedWord, paintStatus } from "../../shared/status_text.ts";

const DEFAULT_COLUMNS: readonly ListColumn[] = [
  "bundle",
  "outcome",
  "age",
  "duration",
  "size",
  "prompt",
  "result",
];
/** Columns of texts of any length. */
const TEXT_COLUMNS: readonly ListColumn[] = ["prompt", "result"];
/** With less room beside the other columns, texts are printed below them. */
const MIN_TEXT = 20;
const GAP = 2;
const INDENT = "    ";
const ARROW = " → ";

/** What is printed of bundles. */
interface Shown {
  /** The columns; null for the usual ones, with that of the order. */
  readonly columns: readonly ListColumn[] | null;
  readonly order: ListOrder;
}

/** The lines of a list; `now` is the current time. */
export function* listLines(
  { root, bundles }: ListAnswer,
  { columns: wanted, order }: Shown,
  now: number,
  render: RenderOptions,
): Generator<string> {
  if (bundles.length === 0) return;
  const { width, style } = render;
  const columns = wanted ?? defaultColumns(bundles, order);
  const textColumns = columns.filter((name) => TEXT_COLUMNS.includes(name));
  const facts = fieldsOf(columns, { root, now, render });
  const lines = facts.length === 0
    ? ["", ...bundles.map(() => "")]
    : fieldLines(facts, bundles, render);
  const used = largest(lines.map(widthOf));
  const gap = used === 0 ? 0 : GAP;
  const room =
    Math.floor((width - used - gap) / Math.max(1, textColumns.length)) -
    GAP;
  const isBeside = textColumns.length > 0 && room >= MIN_TEXT;
  for (const [at, line] of lines.entries()) {
    const bundle = bundles[at - 1];
    if (!isBeside) {
      yield line;
      if (bundle !== undefined) yield* textsBelow(bundle, textColumns, render);
      continue;
    }
    const texts = textColumns.map((name) =>
      padEnd(
        bundle === undefined
          ? style.heading(name)
          : columnText(name, bundle, room, style),
        room + GAP,
      )
    );
    yield `${padEnd(line, used + gap)}${texts.join("")}`.trimEnd();
  }
}

/** The default columns; what a bundle continues only where one does. */
function defaultColumns(
  bundles: readonly ListedBundle[],
  order: ListOrder,
): readonly ListColumn[] {
  const added: ListColumn[] = [];
  // The age is of the start.
  if (order !== "started" && !DEFAULT_COLUMNS.includes(order)) {
    added.push(order);
  }
  if (bundles.some(({ continues }) => continues !== null)) {
    added.push("continues");
  }
  return DEFAULT_COLUMNS.flatMap((name) =>
    name === "prompt" ? [...added, name] : [name]
  );
}

function fieldsOf(
  columns: readonly ListColumn[],
  look: Look,
): Field<ListedBundle>[] {
  return columns.flatMap((name) => {
    if (name === "prompt" || name === "result") return [];
    const { text, title = name, ...fact } = FACTS[name];
    const cell = (each: ListedBundle) => text(each, look) ?? UNKNOWN;
    return [{ ...fact, title, cell }];
  });
}

/** A column of facts; null where nothing is known. */
interface Fact {
  readonly align?: "right";
  readonly shrinkable?: boolean;
  /** The title, where it is not the name of the column. */
  readonly title?: string;
  text(bundle: ListedBundle, look: Look): string | null;
}

/** How a list is rendered. */
interface Look {
  readonly root: string;
  readonly now: number;
  readonly render: RenderOptions;
}

const FACTS: Readonly<
  Record<Exclude<ListColumn, "prompt" | "result">, Fact>
> = {
  bundle: {
    shrinkable: true,
    text: ({ bundle }, { root, render: { style, width } }) =>
      style.id(oneLine(below(root, bundle), width)),
  },
  outcome: {
    text: ({ outcome, error }, { render: { style } }) =>
      error !== null ? style.error("unreadable") : paintedWord(style, outcome),
  },
  status: {
    text: ({ status, error }, { render: { style } }) =>
      error !== null
        ? style.error("unreadable")
        : status === null
        ? null
        : paintStatus(style, status),
  },
  started: {
    text: ({ started_at_unix_ms: start }, { render: { isLocal } }) =>
      start === null ? null : momentOf(start, isLocal),
  },
  age: {
    align: "right",
    text: ({ started_at_unix_ms: start }, { now }) =>
      start === null ? null : ageOf(now - Number(start)),
  },
  duration: {
    align: "right",
    text: ({ duration_ms: ms }) => ms === null ? null : durationOf(ms),
  },
  size: { align: "right", text: ({ size_bytes: size }) => bytesOf(size) },
  events: { align: "right", text: ({ events }) => countOf(events) },
  schema: {
    align: "right",
    text: ({ schema_version: schema }) =>
      schema === null ? null : String(schema),
  },
  model: {
    text: ({ models }, { render: { width } }) =>
      models.length === 0 ? "-" : oneLine(models.join(", "), width),
  },
  turns: counted((counts) => counts.turns, "turns"),
  requests: counted((counts) => counts.llm_requests, "LLM requests"),
  failed: counted((counts) => counts.failed_llm_requests, "failed"),
  errors: counted((counts) => counts.errors, "errors"),
  tools: counted((counts) => counts.tool_calls, "tool calls"),
  threads: counted((counts) => counts.threads, "threads"),
  tokens: {
    align: "right",
    text: ({ tokens }) =>
      tokens === null
        ? null
        : tokens.input_tokens === null || tokens.output_tokens === null
        ? "-"
        : tokenCount(
          BigInt(tokens.input_tokens) + BigInt(tokens.output_tokens),
          tokens,
        ),
  },
  cost: {
    align: "right",
    text: ({ cost }) => cost === null ? "-" : costText(cost),
  },
  cwd: {
    text: ({ cwd }, { render: { width } }) =>
      cwd === null ? null : oneLine(cwd, width),
  },
  session: {
    text: ({ session_id: id }, { render: { width } }) =>
      id === null ? null : oneLine(id, width),
  },
  continues: {
    text: ({ continues }, { root, render: { style, width } }) =>
      continues === null
        ? "-"
        : style.id(oneLine(below(root, continues), width)),
  },
};

function counted(
  count: (counts: ListedCounts) => number | null,
  title: string,
): Fact {
  return {
    align: "right",
    title,
    text: ({ counts }) => {
      const known = counts === null ? null : count(counts);
      return known === null ? null : countOf(known);
    },
  };
}

/** Prompt and result on a line of their own; nothing where neither is known. */
function* textsBelow(
  bundle: ListedBundle,
  textColumns: readonly ListColumn[],
  { width, style }: RenderOptions,
): Generator<string> {
  const both = textColumns.length > 1 &&
    (bundle.prompt !== null || bundle.prompt_capture !== null ||
      bundle.agent !== null);
  const room = width - INDENT.length;
  const texts = textColumns.map((name) =>
    columnText(
      name,
      bundle,
      both ? Math.floor((room - ARROW.length) / 2) : room,
      style,
    )
  ).filter((text) => text !== "");
  if (textColumns.length === 0) return;
  if (texts.length > 0) yield INDENT + texts.join(style.dim(ARROW));
  const limits = bundle.recording === null
    ? null
    : limitsText(bundle.recording);
  if (limits !== null) yield INDENT + style.warning(oneLine(limits, room));
}

function columnText(
  name: ListColumn,
  bundle: ListedBundle,
  room: number,
  style: Style,
): string {
  const { prompt, prompt_capture, result, result_capture, error } = bundle;
  const lost = (capture: ListedBundle["prompt_capture"]) =>
    capture === null
      ? ""
      : style.warning(oneLine(unrecordedText(capture), room));
  if (name === "prompt") {
    // What an agent is asked for is in the log of its parent.
    if (prompt === null && bundle.agent !== null) {
      return style.dim(oneLine(`agent ${bundle.agent.agent_path}`, room));
    }
    return prompt === null ? lost(prompt_capture) : oneLine(prompt, room);
  }
  if (error !== null) return style.error(oneLine(error, room));
  if (result === null) return lost(result_capture);
  const text = oneLine(result.text, room);
  return result.type === "error" ? style.error(text) : text;
}

/** The path below the folder that is listed. */
function below(root: string, bundle: string): string {
  const folder = root.endsWith("/") ? root : `${root}/`;
  return bundle.startsWith(folder) ? bundle.slice(folder.length) : bundle;
}
