/**
 * An event of a session that is followed, in one line.
 *
 * @module
 */

import type {
  FollowedEvent,
  FollowedTool,
} from "../../../query/timeline/follow/followed_event.ts";
import type { Issue } from "../../../query/timeline/timeline_answer.ts";
import { counted, durationOf } from "../../../text/figures.ts";
import { cut, oneLine, padEnd, padStart } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import type { Style } from "../../text/style.ts";
import { edgeWords, moreLines, tokensOf } from "./entry_text.ts";
import { clockOf } from "./time_column.ts";

/** More of a text is in no line. */
const MAX_LENGTH = 400;
const BETWEEN = " · ";

const SIGNS: Readonly<Record<Issue, string>> = {
  failed: "✗",
  interrupted: "■",
  incomplete: "◌",
  warning: "!",
};

/** Returns the line of an event, escaped. */
export function followedLine(
  event: FollowedEvent,
  { width, style, isLocal = false }: RenderOptions,
): string {
  const { seq, at_unix_ms: at, duration_ms: took, issue } = event;
  const paint = issue === null
    ? (text: string) => text
    : issue === "failed"
    ? style.error
    : style.warning;
  const words = [
    ...agentOf(event),
    ...wordsOf(event, style),
    ...event.error === null ? [] : [paint(safe(event.error))],
  ].filter((part) => part !== "").join(BETWEEN);
  const line = [
    style.dim(padStart(seq === null ? "" : String(seq), 5)),
    style.dim(padEnd(clockOf(at, isLocal), 12)),
    style.dim(padStart(took === null ? "" : durationOf(took), 9)),
    issue === null ? "●" : paint(SIGNS[issue]),
    style.id(padEnd(nameOf(event), 9)),
    words,
  ].join("  ");
  return cut(line, width).trimEnd();
}

/** What a line is about. */
function nameOf({ object, detail, line, thread }: FollowedEvent): string {
  if (object !== null) return object.handle;
  switch (detail.type) {
    case "session_started":
    case "session_ended":
    case "recording_completed":
      return "session";
    case "edge":
      return "edge";
    case "loss":
      return line === null ? "log" : `line ${line}`;
    default:
      return thread?.handle ?? "";
  }
}

/** The agent in whose thread it happened, where that is not the first one. */
function agentOf(
  { thread, agent_path: path, detail }: FollowedEvent,
): string[] {
  if (detail.type === "edge") return [];
  const isFirst = thread === null || thread.handle === "thread:1";
  const isOwn = detail.type === "thread_started";
  return path === null || isFirst && !isOwn ? [] : [safe(path)];
}

function wordsOf(event: FollowedEvent, style: Style): string[] {
  const { detail } = event;
  switch (detail.type) {
    case "session_started":
    case "thread_started":
    case "turn_started":
      return ["starts"];
    case "user_message":
      return [`user: ${safe(detail.text)}`];
    case "assistant_message":
      return [`assistant: ${safe(detail.text)}`];
    case "session_ended":
    case "thread_ended":
      return [endOf(event, style)];
    case "recording_completed":
      return ["recording completed"];
    case "thread_resumed":
      return ["continues after its end"];
    case "turn_ended":
      return [
        endOf(event, style),
        countedIf(detail.calls, "request", style),
        countedIf(detail.tool_calls, "tool call", style),
      ];
    case "inference_ended":
      return [
        ...optional(detail.model),
        stateOf(event, style),
        ...detail.response_unread === null
          ? []
          : [style.warning(`response ${detail.response_unread}`)],
        tokensOf(detail.usage),
      ];
    case "tool_call_ended":
      return [
        ...toolWords(detail),
        stateOf(event, style),
        exitOf(detail, style),
      ];
    case "process_ended":
      return [
        "process ends",
        ...toolWords(detail),
        exitOf(detail, style),
      ];
    case "code_cell_ended":
      return ["code", ...optional(detail.source), stateOf(event, style)];
    case "compaction_request_ended":
      return [
        "asked for a summary",
        ...optional(detail.model),
        stateOf(event, style),
      ];
    case "compaction":
      return ["history replaced"];
    case "edge":
      return edgeWords(detail);
    case "protocol_event":
      return [safe(detail.event_type.replaceAll("_", " "))];
    case "other":
      return [safe(detail.kind), ...optional(detail.summary)];
    case "loss":
      return [
        ...detail.code === "unknown_event_type"
          ? ["skipped, unknown type"]
          : detail.event_type === null
          ? ["cannot be read"]
          : [],
        ...optional(detail.event_type),
        ...moreLines(detail.more_lines),
      ];
  }
}

/** How a session, thread or turn ended; with the recorder's word where that is another. */
function endOf({ outcome, status }: FollowedEvent, style: Style): string {
  if (outcome === "ok") return "ends";
  if (status === "completed") {
    return outcome === null
      ? style.warning("ends, outcome unknown")
      : style.error(`${outcome}, recorded as completed`);
  }
  return style.error(status ?? "ends");
}

/** The recorder's word for what did not complete. */
function stateOf({ status, issue }: FollowedEvent, style: Style): string {
  if (status === null || status === "completed") return "";
  return issue === "failed" ? style.error(status) : style.warning(status);
}

function toolWords({ tool, preview }: FollowedTool): string[] {
  return [...optional(tool), ...optional(preview)];
}

/** The exit code of a command that did not fail; of one that did, its error has it. */
function exitOf(
  { exit_code: code, exit_unread: unread }: FollowedTool,
  style: Style,
): string {
  if (unread !== null) return style.warning(`exit code ${unread}`);
  return code === 0 ? "exit 0" : "";
}

function countedIf(count: number | null, what: string, style: Style): string {
  return count === null || count === 0 ? "" : style.dim(counted(count, what));
}

function optional(text: string | null): string[] {
  return text === null || text === "" ? [] : [safe(text)];
}

function safe(text: string): string {
  return oneLine(text, MAX_LENGTH);
}
