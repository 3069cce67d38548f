/**
 * Patches: which files they were to change, whether they were applied, and who approved.
 *
 * Codex reports the changes of a patch with its runtime, also of one inside a shell command. Where
 * it did not, the text of the patch has them. What commands change is not recorded.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../../format/payload.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { runtimeStatusOf } from "../command_end.ts";
import { payloadObject, textIn } from "./payload_fields.ts";

/** What a patch does to a file. */
export interface PatchChange {
  /** The file: as recorded, or relative to the directory of the thread where it is below it. */
  readonly path: string;
  /** What is done to it. */
  readonly change: "added" | "updated" | "deleted" | "moved";
  /** Where it is moved to; null unless it is moved. */
  readonly moved_to: string | null;
  /** Lines that it adds to the file; null where that was not recorded. */
  readonly added_lines: number | null;
  /** Lines that it removes; null where that was not recorded, as of a file that is deleted. */
  readonly removed_lines: number | null;
}

/** Lines of a file that change. */
type ChangedLines = Pick<PatchChange, "added_lines" | "removed_lines">;

export interface Patch {
  /** The call that applied it. */
  readonly tool: ToolCall;
  /**
   * Whether it was applied; one that was `rejected`, by a person or because it does not fit the
   * files, changed nothing; of one that `failed`, a part may have been applied. `unknown` where its
   * end was not recorded.
   */
  readonly outcome: "applied" | "rejected" | "failed" | "unknown";
  /** Whether it was approved without asking; null where that was not recorded. */
  readonly is_auto_approved: boolean | null;
  /** What it was to change; null where that was not recorded. */
  readonly changes: readonly PatchChange[] | null;
}

const BEGIN = "*** Begin Patch";
/** What a command with a patch in it begins with, after a change of directory. */
const PATCH_COMMAND = /^(?:cd\s+[^&;|]+&&\s*)?apply_?patch\b/;

/** Every patch of a session, in the order of the calls. */
export function patchesOf(session: TraceSession): Patch[] {
  return [...session.trace.tool_calls.values()]
    .flatMap((tool) => patchOf(session, tool) ?? []);
}

/** The patch that a call applied; null where it is no patch. */
export function patchOf(session: TraceSession, tool: ToolCall): Patch | null {
  const isPatch = tool.kind.type === "apply_patch";
  if (!isPatch && !mayHavePatch(tool)) return null;
  const reports = tool.raw_runtime_payload_ids.flatMap((id): JsonObject[] => {
    const body = payloadObject(session, id);
    return body !== null && isJsonObject(body["changes"]) ? [body] : [];
  });
  const text = patchText(session, tool);
  if (!isPatch && reports.length === 0 && text === null) return null;
  const base = directoryOf(session, tool);
  const reported = reports.map(({ changes }) => changesIn(changes, base))
    .find((changes) => changes.length > 0);
  const end = reports.find((body) => body["success"] !== undefined);
  const approval = reports.map((body) => body["auto_approved"])
    .find((value) => typeof value === "boolean");
  return {
    tool,
    outcome: outcomeOf(session, tool, end),
    is_auto_approved: typeof approval === "boolean" ? approval : null,
    changes: reported ?? (text === null ? null : changesInText(text, base)),
  };
}

/** Whether a command may be a patch: by its preview, or because its runtime reports no command. */
function mayHavePatch(tool: ToolCall): boolean {
  const { kind, summary, raw_runtime_payload_ids: reports } = tool;
  if (kind.type !== "exec_command" || summary.type !== "generic") return false;
  return /apply_?patch/.test(summary.input_preview ?? "") ||
    (tool.terminal_operation_id === null && reports.length > 0);
}

function outcomeOf(
  session: TraceSession,
  tool: ToolCall,
  end: JsonObject | undefined,
): Patch["outcome"] {
  if (end !== undefined) {
    if (end["status"] === "declined") return "rejected";
    return end["success"] === true ? "applied" : "failed";
  }
  const { execution, terminal_operation_id: id } = tool;
  const { trace } = session;
  // Where the report of the runtime was not recorded, its status is in the log.
  if (runtimeStatusOf(session, tool) === "failed") {
    return isRejected(session, tool) ? "rejected" : "failed";
  }
  const operation = trace.terminal_operations.get(id ?? "");
  const code = operation?.result?.exit_code ?? null;
  switch (execution.status) {
    case "completed":
      return operation === undefined || code === 0
        ? "applied"
        : code === null
        ? "unknown"
        : "failed";
    case "failed":
      return isRejected(session, tool) ? "rejected" : "failed";
    case "cancelled":
    case "aborted":
    case "running":
      return "unknown";
  }
}

/** Whether a patch was refused before anything was changed. */
function isRejected(session: TraceSession, tool: ToolCall): boolean {
  const result = payloadObject(session, tool.raw_result_payload_id);
  const error = textIn(result ?? undefined, "error") ?? "";
  return /verification failed|rejected/.test(error);
}

/** The changes that a runtime reports: by path, each with its type as a member or as a key. */
function changesIn(
  changes: JsonValue | undefined,
  base: string | null,
): PatchChange[] {
  const entries = isJsonObject(changes) ? Object.entries(changes) : [];
  return entries.flatMap(([path, value]) => {
    if (!isJsonObject(value)) return [];
    const [key = ""] = Object.keys(value);
    const type = textIn(value, "type") ?? key;
    const moved = textIn(value, "move_path") ?? textIn(value, key, "move_path");
    const change = changeOf(type, moved);
    const details = value["type"] === undefined ? value[key] : value;
    return change === null
      ? []
      : changed(path, change, moved, base, reportedLines(type, details));
  });
}

/** The lines that a report has: of a complete file, or of a difference. */
function reportedLines(
  type: string,
  details: JsonValue | undefined,
): ChangedLines {
  const { content, unified_diff: diff } = isJsonObject(details) ? details : {};
  if (type === "update") {
    return typeof diff === "string" ? linesOfDiff(diff) : UNKNOWN_LINES;
  }
  const lines = typeof content === "string" ? lineCount(content) : null;
  return type === "add"
    ? { added_lines: lines, removed_lines: 0 }
    : { added_lines: 0, removed_lines: lines };
}

const UNKNOWN_LINES = { added_lines: null, removed_lines: null };

function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

/** Counts the lines of a unified difference, whose names of files are before its first hunk. */
function linesOfDiff(diff: string): ChangedLines {
  const lines = diff.split("\n");
  const first = lines.findIndex((line) => line.startsWith("@@"));
  if (first < 0 && diff !== "") return UNKNOWN_LINES;
  const hunks = lines.slice(first);
  const countOf = (sign: string) =>
    hunks.filter((line) => line.startsWith(sign)).length;
  return { added_lines: countOf("+"), removed_lines: countOf("-") };
}

function changeOf(
  type: string,
  moved: string | null,
): PatchChange["change"] | null {
  switch (type) {
    case "add":
      return "added";
    case "delete":
      return "deleted";
    case "update":
      return moved === null ? "updated" : "moved";
    default:
      return null;
  }
}

function changed(
  path: string,
  change: PatchChange["change"],
  moved: string | null,
  base: string | null,
  lines: ChangedLines,
): PatchChange {
  const moved_to = moved === null ? null : relative(moved, base);
  return { path: relative(path, base), change, moved_to, ...lines };
}

/** A path below a directory without it; any other as it is. */
function relative(path: string, base: string | null): string {
  const folder = base === null ? null : `${base.replace(/\/+$/, "")}/`;
  return folder !== null && path.startsWith(folder)
    ? path.slice(folder.length)
    : path;
}

/** The text of a patch, as the model wrote it; null where it is none, or was not recorded. */
function patchText(session: TraceSession, tool: ToolCall): string | null {
  const body = payloadObject(session, tool.raw_invocation_payload_id);
  const payload = body?.["payload"];
  const input = textIn(payload, "input");
  if (input !== null) return patchIn(input);
  const written = textIn(payload, "arguments");
  const values = written === null ? payload : parsed(written);
  for (const key of ["input", "patch"]) {
    const text = textIn(values, key);
    if (text !== null) return patchIn(text);
  }
  const command = textIn(values, "cmd") ?? commandIn(values);
  return command !== null && PATCH_COMMAND.test(command.trim())
    ? patchIn(command)
    : null;
}

/** The script of a command that is a list of words, such as `bash -lc SCRIPT`. */
function commandIn(values: JsonValue | undefined): string | null {
  const words = isJsonObject(values) ? values["command"] : undefined;
  if (typeof words === "string") return words;
  const isWords = Array.isArray(words) &&
    words.every((word) => typeof word === "string");
  if (!isWords) return null;
  const [program = "", ...others] = words;
  return /^apply_?patch$/.test(program)
    ? words.join(" ")
    : others.at(-1) ?? null;
}

function patchIn(text: string): string | null {
  const start = text.indexOf(BEGIN);
  return start < 0 ? null : text.slice(start);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // The model may write arguments that are not JSON.
    return undefined;
  }
}

const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+?)\s*$/;
const MOVE = /^\*\*\* Move to: (.+?)\s*$/;

/** A change as the text of a patch has it. */
interface WrittenChange {
  readonly type: string;
  readonly path: string;
  moved: string | null;
  added: number;
  removed: number;
}

/** The changes that the text of a patch asks for. */
function changesInText(text: string, base: string | null): PatchChange[] {
  const found: WrittenChange[] = [];
  let isComplete = false;
  for (const line of text.split("\n")) {
    const [, type, path] = HEADER.exec(line) ?? [];
    const [, moved] = MOVE.exec(line) ?? [];
    const last = found.at(-1);
    if (type !== undefined && path !== undefined) {
      const change = { type: type.toLowerCase(), path };
      found.push({ ...change, moved: null, added: 0, removed: 0 });
    } else if (line.startsWith("*** End Patch")) {
      isComplete = true;
      break;
    } else if (last !== undefined) {
      if (moved !== undefined) last.moved = moved;
      else if (line.startsWith("+")) last.added++;
      else if (line.startsWith("-")) last.removed++;
    }
  }
  return found.flatMap((each) => {
    const { type, path, moved, added, removed } = each;
    const change = changeOf(type, moved);
    if (change === null) return [];
    const isCut = !isComplete && each === found.at(-1);
    const lines = {
      added_lines: isCut ? null : added,
      // What was in a file that is deleted is in no patch.
      removed_lines: isCut || change === "deleted" ? null : removed,
    };
    return changed(path, change, moved, base, lines);
  });
}

/** The directory of a thread; null where it was not recorded. */
function directoryOf(session: TraceSession, { thread_id: id }: ToolCall) {
  for (const { event: { payload } } of session.log?.about("thread", id) ?? []) {
    if (payload.type !== "thread_started") continue;
    const ref = payload.metadata_payload?.raw_payload_id;
    return textIn(payloadObject(session, ref) ?? undefined, "cwd");
  }
  return null;
}
