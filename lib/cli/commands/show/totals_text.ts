/**
 * What a session took in all, as facts: tokens, cost, time, tools, compactions, edges.
 *
 * @module
 */

import type {
  ChangedFile,
  ChangedFiles,
  CompactionRow,
  DroppedItemsRow,
  EdgeStats,
  RepeatedCall,
  ShowAnswer,
} from "../../../query/show/show_answer.ts";
import type { CompactionEffect } from "../../../query/context/compaction_effect.ts";
import { sizeChange } from "../../../query/context/compaction_text.ts";
import type { ContextWindowUse } from "../../../query/context/context_window.ts";
import type { CacheUse } from "../../../query/context/cache/cache_answer.ts";
import { lossReason } from "../../../query/context/cache/difference_text.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import {
  bytesOf,
  counted,
  countOf,
  durationOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { type Fact, flowed } from "../../text/definition_list.ts";
import {
  costText,
  timePieces,
  tokenCount,
  tokenPieces,
} from "../../shared/measure_text.ts";
import { refRanges } from "../../shared/ref_ranges.ts";
import { refText } from "../../shared/ref_text.ts";

const MAX_TOOLS = 8;
/** Characters of a call that was repeated. */
const MAX_CALL = 60;
const MAX_COMPACTIONS = 3;
const MAX_FILES = 6;
const MAX_TOOLS_OF_FILE = 3;
const MAX_REPEATED = 3;
const MAX_AGENTS = 3;
const MAX_CACHE_LOSSES = 4;
const MAX_DROPPED = 3;

/** Tokens, cost, time, tools, code cells, terminals, compactions, edges between agents. */
export function totalFacts(answer: ShowAnswer, render: RenderOptions): Fact[] {
  const { width } = render;
  const fact = (label: string, pieces: readonly string[]): Fact => ({
    label,
    lines: flowed(pieces, width),
  });
  return [
    fact("tokens", [
      ...tokenPieces(answer.tokens),
      ...windowPieces(answer.context_window),
    ]),
    { label: "cache lost", lines: cacheLines(answer.cache, render) },
    fact("cost", answer.cost === null ? [] : [costText(answer.cost)]),
    fact("time", timeAndRest(answer)),
    fact("tools", toolPieces(answer, render)),
    { label: "files", lines: fileLines(answer.changed_files, render) },
    {
      label: "repeated",
      lines: answer.repeated_calls.slice(0, MAX_REPEATED).flatMap((each) =>
        flowed(repeatedPieces(each, answer), width)
      ),
    },
    fact("code cells", cellPieces(answer, render)),
    fact("terminals", terminalPieces(answer)),
    {
      label: "compactions",
      lines: compactionLines(answer.compactions, render),
    },
    { label: "history", lines: droppedLines(answer.dropped_items, render) },
    fact("agents", [
      ...answer.edges.map(edgeText),
      ...answer.agents_without_result.slice(0, MAX_AGENTS).map((ref) =>
        `no result of ${refText(ref)}`
      ),
    ]),
  ];
}

/** How much of the context window the largest request used, where the window was recorded. */
function windowPieces(use: ContextWindowUse | null): string[] {
  const window = use?.model_context_window ?? null;
  if (use === null || window === null) return [];
  const share = shareOf(Number(use.input_tokens), window);
  return [
    `context window ${countOf(window)}, at most ${share} (${
      refText(use.call)
    })`,
  ];
}

/** How often the cache was lost, and what had changed first each time. */
function cacheLines(
  { losses, lost_tokens: lost }: CacheUse,
  { width, style }: RenderOptions,
): string[] {
  if (losses.length === 0) return [];
  const lines = losses.slice(0, MAX_CACHE_LOSSES).flatMap((each) =>
    flowed([
      `${style.id(refText(each.call))} ${countOf(each.lost_tokens)}`,
      oneLine(lossReason(each), width),
    ], width)
  );
  const more = losses.length - MAX_CACHE_LOSSES;
  // What a compaction put in had not been sent before.
  const isAnew = losses.some(({ differences: [first] }) =>
    first?.what === "item" && first.compaction !== null
  );
  return [
    ...flowed([
      `by ${counted(losses.length, "request")}`,
      `${lost === null ? `tokens ${UNKNOWN},` : counted(lost, "token")} sent ${
        isAnew ? "" : "again "
      }without it`,
    ], width),
    ...lines,
    ...more > 0 ? [style.dim(`… ${counted(more, "more request")}`)] : [],
  ];
}

function timeAndRest(
  { time, identity, completeness }: ShowAnswer,
): string[] {
  const { duration_ms: all } = identity;
  const { turns_ms: inTurns } = time;
  // A turn may be in a lost event.
  const rest = all === null || inTurns === null || completeness.has_lost_events
    ? 0
    : all - inTurns;
  return [
    ...timePieces(time),
    ...rest > 0 && inTurns !== 0 ? [`between turns ${durationOf(rest)}`] : [],
  ];
}

function toolPieces(
  { tools, session_log: log }: ShowAnswer,
  { width, style }: RenderOptions,
): string[] {
  const lost = log === null ? "lost" : UNKNOWN;
  const pieces = tools.slice(0, MAX_TOOLS).map((each) => {
    const { tool, calls, failed, incomplete, total_ms: ms } = each;
    const { end_unknown: unended } = each;
    const outcomes = [
      ...(failed ?? 0) > 0 ? [style.error(`${failed} failed`)] : [],
      ...(incomplete ?? 0) > 0
        ? [style.warning(`${incomplete} without end`)]
        : [],
      ...unended > 0 ? [style.warning(`end of ${unended} ${lost}`)] : [],
    ];
    const counts = [`${calls}`, ...outcomes].join(", ");
    return `${oneLine(tool, Math.max(8, width - 28))} ${counts} (${
      ms === null ? "time unknown" : durationOf(ms)
    })`;
  });
  const more = tools.length - pieces.length;
  return more > 0
    ? [...pieces, style.dim(`… ${counted(more, "more tool")}`)]
    : pieces;
}

/** What patches did to files; nothing where none was made. */
function fileLines(
  changed: ChangedFiles | null,
  { width, style }: RenderOptions,
): string[] {
  if (changed === null || (changed.patches ?? 0) === 0) return [];
  const { files, auto_approved_patches: auto } = changed;
  const shown = files.slice(0, MAX_FILES);
  const more = files.length - shown.length;
  const counts = [
    [changed.rejected_patches, "rejected"],
    [changed.failed_patches, "failed: what was changed is unknown"],
    [changed.unknown_patches, "without end: what was changed is unknown"],
    [changed.unlisted_patches, "applied, their content is unknown"],
  ] as const;
  return flowed([
    `${counted(files.length, "file")} by ${countOf(changed.patches)} ` +
    (changed.patches === 1 ? "patch" : "patches") +
    (auto === null ? "" : `, ${auto} auto-approved`),
    ...shown.map((file) => fileText(file, width)),
    ...more > 0 ? [style.dim(`… ${counted(more, "more file")}`)] : [],
    ...counts.filter(([count]) => (count ?? 0) > 0).map(([count, what]) =>
      style.warning(`${count} ${what}`)
    ),
    style.dim("what commands changed is not recorded"),
  ], width);
}

/** `updated src/a.ts (tool:1)`; a file that changed several times has each change. */
function fileText({ path, changes }: ChangedFile, width: number): string {
  const words = changes.map(({ change }) => change).join(", ");
  const tools = [...new Set(changes.map(({ tool }) => refText(tool)))];
  const moved = changes.findLast(({ moved_to: to }) => to !== null)?.moved_to;
  const to = moved === undefined || moved === null ? "" : ` → ${moved}`;
  const by = ` (${
    tools.length > MAX_TOOLS_OF_FILE
      ? `${tools[0]} … ${tools.at(-1)}`
      : tools.join(", ")
  })`;
  return `${words} ${
    oneLine(path + to, width - words.length - by.length - 1)
  }${by}`;
}

/** What was called again and again, how often, and what the repeats cost. */
function repeatedPieces(
  { tool, preview, calls, ...repeats }: RepeatedCall,
  { tokens }: ShowAnswer,
): string[] {
  const what = preview === null ? tool : `${tool} "${preview}"`;
  const [first, last] = [calls[0], calls.at(-1)]
    .map((ref) => ref === undefined ? "" : refText(ref));
  const { repeated_requests: requests, repeated_tokens: spent } = repeats;
  const { repeated_cost: cost } = repeats;
  const input = spent.input_tokens;
  return [
    `${oneLine(what, MAX_CALL)} ${calls.length} times in a row`,
    "same output each time",
    `${first} … ${last}`,
    `${calls.length - 1} repeats: ${
      requests === null ? `requests ${UNKNOWN}` : counted(requests, "request")
    }`,
    ...input === null ? [] : [
      `${tokenCount(input, spent)} of ${
        countOf(tokens.input_tokens)
      } tokens in`,
    ],
    ...cost === null ? [] : [costText(cost)],
  ];
}

function cellPieces(
  { code_cells: { cells, failed, nested_tool_calls: nested } }: ShowAnswer,
  { style }: RenderOptions,
): string[] {
  if (cells === 0 || cells === null) return [];
  return [
    counted(cells, "cell") +
    ((failed ?? 0) > 0 ? `, ${style.error(`${failed} failed`)}` : ""),
    ...nested === null ? [] : [counted(nested, "nested tool call")],
  ];
}

function terminalPieces(
  { terminals: { sessions, operations } }: ShowAnswer,
): string[] {
  return operations === 0 || operations === null ? [] : [
    `${countOf(sessions)} ${sessions === 1 ? "process" : "processes"}`,
    counted(operations, "operation"),
  ];
}

function compactionLines(
  compactions: readonly CompactionRow[],
  { width, style }: RenderOptions,
): string[] {
  const lines = compactions.slice(0, MAX_COMPACTIONS).flatMap((row) => {
    const { turn, items_before: before, items_after: after } = row;
    const name = refText(
      row.installed ? row.compaction : row.requests[0] ?? row.compaction,
    );
    const { checkpoint_capture: capture } = row;
    const reason = capture !== null
      ? style.warning(`both histories ${unrecordedText(capture)}`)
      : !row.installed
      ? style.error("failed, the history stayed")
      : before === null || after === null
      ? style.warning("how many items is unknown")
      : `${counted(before, "item")} became ${after}`;
    const what = `${style.id(name)} in ${style.id(refText(turn))}:`;
    return [
      ...flowed([what, reason], width, " "),
      ...row.effect === null ? [] : flowed(effectPieces(row.effect), width),
    ];
  });
  const more = compactions.length - MAX_COMPACTIONS;
  return more > 0
    ? [...lines, style.dim(`… ${counted(more, "more compaction")}`)]
    : lines;
}

/** Which requests lack what the ones before carried, though no compaction is recorded. */
function droppedLines(
  rows: readonly DroppedItemsRow[],
  { width, style }: RenderOptions,
): string[] {
  if (rows.length === 0) return [];
  const lines = rows.slice(0, MAX_DROPPED).flatMap(({ call, items }) =>
    flowed([
      `${style.id(refText(call))} ${counted(items.length, "item")}`,
      oneLine(refRanges(items), width),
    ], width)
  );
  const more = rows.length - MAX_DROPPED;
  return [
    ...flowed([
      `rewound or replaced before ${counted(rows.length, "request")}`,
      "no compaction recorded",
    ], width),
    ...lines,
    ...more > 0 ? [style.dim(`… ${counted(more, "more request")}`)] : [],
  ];
}

/** What a compaction did to the prompt; nothing where no prompt followed. */
function effectPieces(
  { prompt_before: before, prompt_after: after, ...effect }: CompactionEffect,
): string[] {
  const { kept, dropped, added } = effect;
  return [
    ...sizeChange(before, after),
    `${kept.length} kept, ${dropped.length} dropped, ${added.length} new`,
    ...(after?.repeated_bytes ?? 0) > 0
      ? [`${bytesOf(after?.repeated_bytes ?? null)} sent twice after it`]
      : [],
  ];
}

function edgeText(
  { edge_kind: kind, count, undelivered, delivery_unknown }: EdgeStats,
): string {
  return `${kind} ${count}` +
    ((undelivered ?? 0) > 0 ? `, ${undelivered} not delivered` : "") +
    (delivery_unknown > 0 ? `, ${delivery_unknown} unknown` : "");
}
