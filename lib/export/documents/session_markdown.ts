/**
 * A session as a Markdown document for issues and reviews: what it was, what became of it, and turn by
 * turn what was asked, done and answered, with patches as differences.
 *
 * Texts of the session are between fences, so that a forge neither renders nor links anything in
 * them. What was not recorded is named at its place.
 *
 * @module
 */

import { exitCodeOf } from "../../query/evidence/command_end.ts";
import type { ConversationItemId, ThreadId } from "../../format/ids.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import { getOutcomes } from "../../query/failures/outcome/outcomes.ts";
import type { Outcome } from "../../query/failures/outcome/outcome.ts";
import { toolLabel } from "../../query/session/names/tool_name.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { summarize } from "../../query/show/show.ts";
import type {
  ShowAnswer,
  ThreadRow,
  TurnRow,
} from "../../query/show/show_answer.ts";
import { SESSION_LOG_TEXT } from "../../text/session_log_text.ts";
import { openTranscript } from "../../query/transcript/transcript.ts";
import type {
  TranscriptEntry,
  TranscriptItem,
  TranscriptPart,
} from "../../query/transcript/transcript_answer.ts";
import { captureText } from "../../text/capture_text.ts";
import {
  bytesOf,
  counted,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../text/figures.ts";
import { codeSpan, fencedLines } from "../../text/markdown.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { jsonObject } from "./json_object.ts";
import { minimumMark, withFailed } from "./count_words.ts";

/** How a document is made. */
export interface MarkdownOptions {
  /** Whether texts are in it: messages, arguments, outputs, paths, errors. */
  readonly texts: boolean;
}

/** Characters of a message, or of an output, that are in the document. */
const MAX_TEXT = 4_000;

/** The lines of a session. */
export function* sessionMarkdown(
  session: TraceSession,
  options: MarkdownOptions,
): Iterable<string> {
  const answer = summarize(session);
  yield `# Session ${codeSpan(answer.identity.rollout_id)}`;
  yield "";
  yield* headLines(answer, options);
  const writer = new TurnWriter(session, answer, options);
  for (const thread of answer.threads) {
    yield "";
    yield* writer.thread(thread);
  }
}

function* headLines(
  answer: ShowAnswer,
  { texts }: MarkdownOptions,
): Iterable<string> {
  const { identity, completeness, models, tokens, first_error: first } = answer;
  yield `- outcome: ${outcomeText(identity.outcome)}`;
  yield `- started: ${momentOf(identity.started_at_unix_ms)}`;
  yield `- duration: ${durationOf(identity.duration_ms)}`;
  for (const { model, provider_name: provider, calls } of models) {
    const requests = calls === null
      ? `LLM requests ${UNKNOWN}`
      : counted(calls, "LLM request");
    const by = provider === null ? "" : ` by ${codeSpan(provider)}`;
    yield `- model: ${codeSpan(model)}${by}, ${requests}`;
  }
  yield `- tokens: ${minimumMark(tokens)}${countOf(tokens.input_tokens)} in, ${
    countOf(tokens.cached_input_tokens)
  } of them cached, ${countOf(tokens.output_tokens)} out`;
  if (texts && identity.cwd !== null) {
    yield `- directory: ${codeSpan(identity.cwd)}`;
  }
  if (completeness.skipped_events !== null && completeness.skipped_events > 0) {
    yield `- not reduced: ${
      counted(
        completeness.skipped_events,
        completeness.is_session_log ? "line" : "event",
      )
    }`;
  }
  if (completeness.is_session_log) yield `- ${SESSION_LOG_TEXT}`;
  else if (!completeness.is_complete) {
    yield "- part of what was recorded is lost";
  }
  if (first === null) return;
  const about = first.about === null ? "" : ` ${codeSpan(first.about.handle)}`;
  // A subject may be a command, which is a text of the session.
  const subject = codeSpan(texts ? first.subject ?? first.kind : first.kind);
  const turn = first.turn === null ? "" : ` in ${codeSpan(first.turn.handle)}`;
  const retry = first.retried_by === null
    ? ""
    : `, retried until ${codeSpan(first.retried_by.handle)} succeeded`;
  yield `- first error:${about} ${subject}${turn}${retry}`;
  if (!texts) return;
  yield "";
  yield* limited("text", first.text);
}

class TurnWriter {
  readonly #session: TraceSession;
  readonly #options: MarkdownOptions;
  readonly #turns: ReadonlyMap<string, TurnRow>;
  readonly #turnsByThread: ReadonlyMap<string, readonly TurnRow[]>;
  readonly #tools: ReadonlyMap<ConversationItemId, ToolCall>;
  /** The tool calls of each code cell, under the item with its code. */
  readonly #nested: ReadonlyMap<ConversationItemId, readonly ToolCall[]>;

  constructor(
    session: TraceSession,
    { turns }: ShowAnswer,
    options: MarkdownOptions,
  ) {
    this.#session = session;
    this.#options = options;
    this.#turns = new Map(turns.map((row) => [row.turn.id, row]));
    this.#turnsByThread = Map.groupBy(turns, ({ thread }) => thread.id);
    this.#tools = new Map(
      [...session.trace.tool_calls.values()].flatMap((tool) =>
        [
          ...tool.model_visible_call_item_ids,
          ...tool.model_visible_output_item_ids,
        ].map((id) => [id, tool] as const)
      ),
    );
    const { code_cells: cells, tool_calls: calls } = session.trace;
    this.#nested = new Map(
      [...cells.values()].map((cell) => [
        cell.source_item_id,
        cell.nested_tool_call_ids.flatMap((id) => calls.get(id) ?? []),
      ]),
    );
  }

  *thread(row: ThreadRow): Iterable<string> {
    const { thread, agent_path: path, outcome } = row;
    yield `## ${codeSpan(path)} (${codeSpan(thread.handle)}): ${
      outcomeText(outcome)
    }`;
    const opened = openTranscript(this.#session, { thread: thread.id });
    let turn: string | null = null;
    const titled = new Set<string>();
    for (const entry of opened?.entries() ?? []) {
      const own = turnOf(entry);
      if (own !== null && own !== turn && !titled.has(own)) {
        yield "";
        yield* this.#turnLines(own);
        titled.add(own);
      }
      turn = own ?? turn;
      yield* this.#entryLines(entry);
    }
    yield* this.#otherTurns(thread.id, titled);
  }

  /** Turns of which no message was recorded. */
  *#otherTurns(
    thread: ThreadId,
    titled: ReadonlySet<string>,
  ): Iterable<string> {
    for (const { turn } of this.#turnsByThread.get(thread) ?? []) {
      if (titled.has(turn.id)) continue;
      yield "";
      yield* this.#turnLines(turn.id);
    }
  }

  *#turnLines(id: string): Iterable<string> {
    const row = this.#turns.get(id);
    if (row === undefined) return;
    yield `### ${codeSpan(row.turn.handle)}: ${outcomeText(row.outcome)}`;
    yield "";
    const duration = row.duration_ms === null
      ? `duration ${UNKNOWN}`
      : durationOf(row.duration_ms);
    yield [
      duration,
      withFailed(row.calls, "LLM request", row.failed_calls),
      ...row.tool_calls === 0
        ? []
        : [withFailed(row.tool_calls, "tool call", row.failed_tool_calls)],
      `${minimumMark(row.tokens)}${countOf(row.tokens.input_tokens)} tokens in`,
      `${countOf(row.tokens.output_tokens)} out`,
    ].join(", ");
  }

  *#entryLines(entry: TranscriptEntry): Iterable<string> {
    switch (entry.type) {
      case "item":
        yield* this.#itemLines(entry);
        return;
      case "compaction":
        yield "";
        yield `_${codeSpan(entry.compaction.handle)}: a compaction, ${
          counted(entry.replaced_items.length, "item")
        } replaced by ${entry.replacement_items.length}_`;
        return;
      case "dropped_items":
        yield "";
        yield `_${
          counted(entry.items.length, "item")
        } left the history before ${codeSpan(entry.call.handle)}_`;
        return;
      case "inherited_history":
        yield "";
        yield `_${counted(entry.items.length, "item")} of an earlier history_`;
        return;
      case "unrecorded": {
        const { part, call, capture, error } = entry;
        const why = capture === null ? error ?? "lost" : captureText(capture);
        yield "";
        yield `_the ${part} of ${codeSpan(call.handle)} was not recorded: ${
          this.#options.texts ? codeSpan(why) : "see `check`"
        }_`;
        return;
      }
      case "instructions":
      case "other_element":
        return;
    }
  }

  *#itemLines(item: TranscriptItem): Iterable<string> {
    // What the host adds and what it thinks is long, and hardly ever what a reader looks for.
    if (item.kind === "reasoning" || item.kind === "compaction_marker") return;
    if (item.role === "developer" || item.role === "system") return;
    yield "";
    yield `**${this.#title(item)}**${this.#marks(item)}`;
    for (const part of this.#options.texts ? item.parts : []) {
      yield "";
      yield* partLines(part, item);
    }
    yield* this.#nestedLines(item);
  }

  #title(item: TranscriptItem): string {
    const tool = this.#tools.get(item.item.id);
    switch (item.kind) {
      case "function_call":
      case "custom_tool_call": {
        const facts = tool === undefined ? "" : `: ${this.#outcomeOf(tool)}`;
        return `calls ${toolText(item, tool)}${facts}`;
      }
      case "function_call_output":
      case "custom_tool_call_output":
        return `output of ${toolText(item, tool)}`;
      default:
        return item.agent_message === null
          ? item.role
          : `message of ${codeSpan(item.agent_message.author)}`;
    }
  }

  /** The tool calls that the code of a call made, of which the transcript has no items. */
  *#nestedLines(item: TranscriptItem): Iterable<string> {
    const tools = this.#nested.get(item.item.id) ?? [];
    if (tools.length > 0) yield "";
    for (const tool of tools) {
      yield `- the code calls ${codeSpan(toolLabel(tool))}: ${
        this.#outcomeOf(tool)
      }`;
    }
  }

  #outcomeOf(tool: ToolCall): string {
    const outcome = outcomeText(getOutcomes(this.#session).tool(tool));
    const code = exitCodeOf(this.#session, tool);
    return code === null ? outcome : `${outcome}, exit code ${code}`;
  }

  #marks(item: TranscriptItem): string {
    return [
      ` ${codeSpan(item.item.handle)}`,
      ...item.is_inherited ? ["inherited"] : [],
      ...item.produced_by.flatMap(({ type, object }) =>
        type === "compaction" && object !== null
          ? [`of the history after ${codeSpan(object.handle)}`]
          : []
      ),
      ...item.is_accepted ? [] : ["never accepted into the history"],
      ...item.lacks_output_in === null ? [] : ["no output was sent"],
    ].join(", ");
  }
}

function turnOf(entry: TranscriptEntry): string | null {
  switch (entry.type) {
    case "item":
    case "compaction":
    case "dropped_items":
    case "unrecorded":
      return entry.turn?.id ?? null;
    case "inherited_history":
    case "instructions":
    case "other_element":
      return null;
  }
}

function* partLines(
  part: TranscriptPart,
  { tool, kind }: TranscriptItem,
): Iterable<string> {
  switch (part.type) {
    case "text":
    case "summary":
      yield* limited(isPatch(tool, kind) ? "diff" : "text", part.text);
      return;
    case "code":
      yield* limited(
        isPatch(tool, kind)
          ? "diff"
          : /^\w+$/.exec(part.language)?.[0] ?? "text",
        part.text,
      );
      return;
    case "json": {
      const command = commandIn(part.json);
      if (command === null) yield* limited("json", part.json);
      else yield* limited("sh", command);
      return;
    }
    case "encoded":
      yield `(${codeSpan(part.label)}, ${bytesOf(utf8Length(part.value))})`;
      return;
    case "payload_ref":
      yield `(${codeSpan(part.label)})`;
  }
}

/** The command of a call that runs one; null in arguments of any other. */
function commandIn(json: string): string | null {
  const command = jsonObject(json)?.["cmd"];
  return typeof command === "string" ? command : null;
}

/** Whether the text of a call is a patch, whose lines begin as those of a difference. */
function isPatch(tool: string | null, kind: TranscriptItem["kind"]): boolean {
  return tool === "apply_patch" && kind === "custom_tool_call";
}

/** A text between fences: its beginning and its end where it is long. */
function* limited(language: string, text: string): Iterable<string> {
  const left = text.length - MAX_TEXT;
  if (left <= 0) {
    yield* fencedLines(language, text);
    return;
  }
  const half = MAX_TEXT / 2;
  yield* fencedLines(language, text.slice(0, half).toWellFormed());
  yield "";
  yield `(${counted(left, "character")} left out)`;
  yield "";
  yield* fencedLines(language, text.slice(-half).toWellFormed());
}

function outcomeText(outcome: Outcome | null): string {
  return outcome ?? UNKNOWN;
}

/** The tool of a call or of an output, by the same name in both. */
function toolText(item: TranscriptItem, tool: ToolCall | undefined): string {
  const name = tool === undefined ? item.tool : toolLabel(tool);
  return name === null ? "an unknown tool" : codeSpan(name);
}
