/**
 * The text of an entry in a line of a timeline.
 *
 * @module
 */

import type { TokenUsage } from "../../../graph/runtime.ts";
import type {
  CallDetail,
  CellDetail,
  EdgeDetail,
  LossDetail,
  OperationDetail,
  SummaryDetail,
  TimelineDetail,
  TimelineEntry,
  ToolDetail,
} from "../../../query/timeline/timeline_answer.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { counted, countOf, durationOf } from "../../../text/figures.ts";
import { refRanges } from "../../shared/ref_ranges.ts";
import { paintOutcome } from "../../shared/status_text.ts";
import { oneLine } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";

/** More of a text is in no line. */
const MAX_LENGTH = 400;
const BETWEEN = " · ";

/** The name that the line shows: an object's handle, or what carries the event. */
export function nameOf({ object, detail, thread }: TimelineEntry): string {
  if (object !== null) return object.handle;
  switch (detail.type) {
    case "protocol_event":
      return detail.payload.handle;
    case "dropped_items":
      return detail.call.handle;
    case "inherited_history":
      return (detail.call ?? thread)?.handle ?? "";
    case "loss":
      if (detail.code === "newer_schema") return "schema";
      return detail.line === null ? "log" : `line ${detail.line}`;
    default:
      return thread?.handle ?? "";
  }
}

/** What an entry is, in words; escaped, not truncated. What its owner has is not repeated. */
export function wordsOf(
  entry: TimelineEntry,
  owner: TimelineEntry | undefined,
  style: Style,
): string {
  const details = detailText(entry.detail, owner?.detail, style)
    .filter((part) => part !== "");
  const state = stateOf(entry, style);
  return [...details, ...state].join(BETWEEN);
}

/** Something that failed, as it was at its start: its outcome is printed at its end. */
export function asStarted(entry: TimelineEntry): TimelineEntry {
  const { detail } = entry;
  return {
    ...entry,
    outcome: null,
    status: null,
    issue: null,
    detail: detail.type === "terminal_operation"
      ? { ...detail, exit_code: null }
      : detail,
  };
}

/** How something ended that began long before. */
export function endWordsOf(
  { outcome, status, issue, detail }: TimelineEntry,
  style: Style,
): string {
  const isOther = detail.type === "turn" || detail.type === "thread";
  const word = status === null
    ? "ends"
    : status !== "completed"
    ? status
    : isOther && outcome !== null && outcome !== "ok"
    ? `${outcome}, recorded as completed`
    : "ends";
  return issue === "failed" ? style.error(word) : style.dim(word);
}

function detailText(
  detail: TimelineDetail,
  owner: TimelineDetail | undefined,
  style: Style,
): string[] {
  switch (detail.type) {
    case "thread":
      return [
        safe(detail.agent_path),
        ...optional(detail.nickname),
        ...optional(detail.model),
      ];
    case "turn":
      return [
        ...detail.calls === 0 || detail.calls === null
          ? []
          : [counted(detail.calls, "request")],
        ...detail.tool_calls === 0 || detail.tool_calls === null
          ? []
          : [counted(detail.tool_calls, "tool call")],
      ].map(style.dim);
    case "inference_call":
      return [
        safe(detail.model),
        // First, since a line may have no room for all.
        ...lostWords(detail, style),
        ...detail.usage === null && detail.response_capture !== null
          ? []
          : [tokensOf(detail.usage)],
      ];
    case "tool_call":
      return [
        detail.requested_tool === null
          ? safe(detail.tool)
          : `${safe(detail.requested_tool)} → ${safe(detail.tool)}`,
        ...waitedWords(detail, style),
        ...detail.repeats === null
          ? []
          : [style.warning(`repeats ${detail.repeats.handle}`)],
        ...optional(detail.preview),
        ...detail.waits_for === null
          ? []
          : [`waits for ${detail.waits_for.handle}`],
      ];
    case "code_cell":
      return cellWords(detail, owner);
    case "terminal_operation":
      return operationWords(detail, owner, style);
    case "compaction_request":
      return [
        "asks for a summary",
        ...lostWords(detail, style),
        safe(detail.model),
      ];
    case "compaction":
      if (detail.checkpoint_capture !== null) {
        const why = unrecordedText(detail.checkpoint_capture);
        return [`history replaced: ${style.warning(why)}`];
      }
      return detail.items_before === null
        ? ["history replaced, by what is unknown"]
        : [
          `history replaced: ${countOf(detail.items_before)} → ${
            countOf(detail.items_after)
          } items`,
        ];
    case "edge":
      return edgeWords(detail);
    case "undelivered":
      return [
        `reports to ${detail.to.handle}`,
        ...optional(detail.text),
      ];
    case "dropped_items":
      return [
        `${counted(detail.items.length, "item")} left the prompt: ${
          refRanges(detail.items)
        }`,
        "history rewound or replaced",
      ];
    case "inherited_history":
      return [
        `${counted(detail.items.length, "inherited item")}: ${
          refRanges(detail.items)
        }`,
        detail.origin === null ? "origin unknown" : detail.origin,
        ...optional(detail.thread_id),
      ];
    case "message":
      return [`user: ${style.heading(safe(detail.text))}`];
    case "item":
      return [
        `${safe(detail.role)} ${safe(detail.item_kind.replaceAll("_", " "))}`,
        safe(detail.text),
      ];
    case "protocol_event":
      return [safe(detail.event_type.replaceAll("_", " "))];
    case "thread_resumed":
      return ["continues after its end"];
    case "loss":
      return [...lossWords(detail), ...moreLines(detail.more_lines)];
  }
}

function lossWords({ code, event_type: type }: LossDetail): string[] {
  if (code === "unknown_event_type") {
    return ["skipped, unknown type", ...optional(type)];
  }
  if (code === "newer_schema") return ["newer"];
  return type === null
    ? ["cannot be read"]
    : ["not reducible", ...optional(type)];
}

/** How many more lines have the same fault as one that is listed. */
export function moreLines(count: number): string[] {
  return count === 0 ? [] : [`and ${counted(count, "more line")} like it`];
}

/** What of a request was not recorded. */
function lostWords(
  { request_capture: request, response_capture: response }:
    | CallDetail
    | SummaryDetail,
  style: Style,
): string[] {
  return [["request", request] as const, ["response", response] as const]
    .flatMap(([what, capture]) =>
      capture === null
        ? []
        : [style.warning(`${what} ${unrecordedText(capture)}`)]
    );
}

/** A wait before running is worth a word from this length on. */
const MIN_WAITED_MS = 1000;

/** How long a call waited before it ran; of a wait that timed out, what it asked for. */
function waitedWords(
  { waited_ms: waited, ran_ms: ran, wait }: ToolDetail,
  style: Style,
): string[] {
  return [
    ...waited === null || waited < MIN_WAITED_MS
      ? []
      : [`waited ${durationOf(waited)}, ran ${durationOf(ran)}`],
    ...wait?.timed_out !== true ? [] : [style.warning(
      `timed out after ${durationOf(wait.granted_ms)}` +
        (wait.asked_ms === null ? "" : `, asked ${durationOf(wait.asked_ms)}`),
    )],
  ];
}

function cellWords(
  { source, nested_tool_calls: nested }: CellDetail,
  owner: TimelineDetail | undefined,
): string[] {
  const isRepeated = owner?.type === "tool_call" &&
    owner.preview?.trimStart().startsWith(source.replace(/…$/, "")) === true;
  return [
    "code",
    isRepeated ? "" : safe(source),
    nested === null || nested === 0 ? "" : `calls ${counted(nested, "tool")}`,
  ];
}

function operationWords(
  { operation, text, exit_code: code, terminal, output }: OperationDetail,
  owner: TimelineDetail | undefined,
  style: Style,
): string[] {
  const isRepeated = owner?.type === "tool_call" && owner.preview === text &&
    text !== "";
  const does = operation === "exec_command"
    ? safe(text)
    : text === ""
    ? "waits"
    : `writes ${safe(JSON.stringify(text))}`;
  const result = code === null
    ? ""
    : code === 0
    ? "exit 0"
    : style.error(`exit ${code}`);
  const shown = output === null ? "" : safe(output.trim());
  return [
    ...isRepeated ? [] : [does],
    result,
    terminal?.handle ?? "",
    shown === "" ? "" : style.dim(`prints ${shown}`),
  ];
}

/** Who sent what to whom. */
export function edgeWords({ edge_kind, from, to, text }: EdgeDetail): string[] {
  const verbs = {
    spawn_agent: "spawns",
    assign_agent_task: "assigns a task to",
    send_message: "writes to",
    agent_result: "reports to",
    close_agent: "closes",
    interrupt_agent: "interrupts",
  };
  const [source, target] = [from, to].map((ref) => ref?.handle ?? "?");
  return [`${source} ${verbs[edge_kind]} ${target}`, ...optional(text)];
}

function stateOf(
  { outcome, status, issue, detail }: TimelineEntry,
  style: Style,
): string[] {
  if (issue === "incomplete") return [style.warning("never ended")];
  if (status === null) return [];
  if (status === "running" && issue === null) {
    return [style.dim("end unknown")];
  }
  if (status === "completed") {
    const isOther = detail.type === "turn" || detail.type === "thread";
    return isOther && outcome !== null && outcome !== "ok"
      ? [paintOutcome(style, outcome, status)]
      : [];
  }
  if (detail.type === "terminal_operation" && detail.exit_code !== null) {
    return [];
  }
  return [issue === "failed" ? style.error(status) : style.warning(status)];
}

/** What was used; reasoning, a part of the output, is printed by other commands. */
export function tokensOf(usage: TokenUsage | null): string {
  if (usage === null) return "";
  const { input_tokens, cached_input_tokens: cached, output_tokens } = usage;
  const used = `${countOf(input_tokens)} in, ${countOf(output_tokens)} out`;
  return Number(cached) === 0
    ? used
    : `${used} (${countOf(cached)} in from cache)`;
}

function optional(text: string | null): string[] {
  return text === null || text === "" ? [] : [safe(text)];
}

function safe(text: string): string {
  return oneLine(text, MAX_LENGTH);
}
