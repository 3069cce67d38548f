/**
 * What `follow` reads of payloads: tokens, commands, exit codes and errors.
 *
 * A payload that cannot be read leaves unknown what it would have had.
 *
 * @module
 */

import { LimitError, PayloadError, ReplayError } from "../../../errors.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PayloadDocument,
  type PayloadSource,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { ExecutionStatus } from "../../../format/vocabulary.ts";
import type { TokenUsage } from "../../../graph/runtime.ts";
import { tokenUsageOf } from "../../../reduce/conversation/response.ts";
import {
  readCommandEnd,
  readTerminalBegin,
} from "../../../reduce/runtime/terminal_payload.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { excerpt, requestExcerpt } from "../../evidence/excerpt.ts";
import { textIn } from "../../evidence/recorded/payload_fields.ts";
import { lastLine } from "../../failures/error_text.ts";
import { isDenial } from "../../failures/outcome/denial.ts";
import {
  reportedCellError,
  reportedToolError,
} from "../../failures/tool_failures.ts";
import { toolLabel } from "../../session/names/tool_name.ts";
import { inputPreview } from "../../evidence/tool_preview.ts";
import type { FollowedTool } from "./followed_event.ts";
import type { OpenTool } from "./open_objects.ts";

/** Where payloads are read from. */
type Payloads = Pick<PayloadSource, "open" | "openRequest">;

/** What was used by a request, or why that is unknown. */
interface ResponseFacts {
  readonly usage: TokenUsage | null;
  readonly unread: string | null;
}

/** Reads the payloads of events. */
export class Evidence {
  readonly #payloads: Payloads;

  /** Reads payloads from `payloads`. */
  constructor(payloads: Payloads) {
    this.#payloads = payloads;
  }

  /** The tokens that a response reports. */
  response(ref: RawPayloadRef): ResponseFacts {
    if (ref.capture !== undefined) {
      return { usage: null, unread: unrecordedText(ref.capture) };
    }
    const facts = this.read(ref, (document) => ({
      usage: tokenUsageOf(document),
      unread: null,
    }));
    return facts ?? { usage: null, unread: "cannot be read" };
  }

  /**
   * The message of the user that a request ends with; null where it ends with something else, such
   * as an output.
   */
  userMessage(ref: RawPayloadRef, thread: ThreadId): string | null {
    const last = this.#lastItem(ref, thread);
    if (!isJsonObject(last) || last["role"] !== "user") return null;
    const { content } = last;
    const parts = Array.isArray(content) ? content.filter(isJsonObject) : [];
    const texts = parts.map((part) => textIn(part, "text") ?? "");
    return excerpt(texts.join(" ").trim()) || null;
  }

  /**
   * The last item of a request; instructions of the host may follow what the user wrote. Only what
   * is new since the request before it is parsed: it repeats the rest, many megabytes.
   */
  #lastItem(ref: RawPayloadRef, thread: ThreadId): JsonValue | undefined {
    const window = this.#reading(
      () => this.#payloads.openRequest(ref, thread),
    );
    const last = window?.fresh.findLast(({ value }) => !isInstruction(value));
    if (last !== undefined || window?.shared === 0) return last?.value;
    const input = this.object(ref)?.["input"];
    return Array.isArray(input)
      ? input.findLast((item) => !isInstruction(item))
      : undefined;
  }

  /** The message of a protocol event. */
  message(ref: RawPayloadRef): string | null {
    return textIn(this.object(ref) ?? undefined, "message");
  }

  /** The error in the last response of a code cell. */
  cellError(ref: RawPayloadRef | null): string | null {
    return reportedCellError(this.object(ref));
  }

  object(ref: RawPayloadRef | null): JsonObject | null {
    return this.read(
      ref,
      ({ value }) => isJsonObject(value) ? value : null,
    );
  }

  /** Returns what `read` returns; null where the payload cannot be read, or is another thing. */
  read<T>(
    ref: RawPayloadRef | null,
    read: (document: PayloadDocument) => T,
  ): T | null {
    return ref === null
      ? null
      : this.#reading(() => read(this.#payloads.open(ref)));
  }

  #reading<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      const isUnread = error instanceof PayloadError ||
        error instanceof ReplayError || error instanceof LimitError;
      if (isUnread) return null;
      throw error;
    }
  }
}

function isInstruction(item: JsonValue): boolean {
  return isJsonObject(item) && item["type"] === "message" &&
    (item["role"] === "developer" || item["role"] === "system");
}

/** What is known of a tool call at its end. */
export interface ToolFacts extends Omit<FollowedTool, "type"> {
  /**
   * Whether its command failed: by its exit code, or by its runtime where that is not known; null
   * where neither is, and the recorder's limits left out what may have the code.
   */
  readonly hasFailed: boolean | null;
  /** Whether it failed because someone declined to approve it. */
  readonly isDenied: boolean;
  /** What went wrong, as recorded. */
  readonly error: string | null;
}

/** The facts of a call that ended. */
export function toolEnd(
  tool: OpenTool,
  status: ExecutionStatus,
  result: RawPayloadRef | null,
  evidence: Evidence | null,
): ToolFacts {
  const process = processEnd(tool, evidence);
  const isUnknown = process.exit_code === null && isExitCodeCut(tool, result);
  const facts = isUnknown ? { ...process, hasFailed: null } : process;
  if (status === "completed" || evidence === null) return facts;
  const payloads = [
    evidence.object(tool.runtimeEnd ?? tool.runtimeStart),
    evidence.object(result),
  ] as const;
  return {
    ...facts,
    isDenied: status === "failed" && payloads.some(isDenial),
    error: facts.error ?? reportedToolError(...payloads),
  };
}

/** Whether an exit code may be in what the recorder's limits left out, and no runtime ended. */
function isExitCodeCut(
  { kind: { type }, runtimeStart, runtimeStatus }: OpenTool,
  result: RawPayloadRef | null,
): boolean {
  if (type !== "exec_command" && type !== "write_stdin") return false;
  const isCut = [runtimeStart, result].some((each) =>
    each?.capture !== undefined
  );
  return isCut && runtimeStatus === null;
}

/** The facts of a call whose process ended after it, or of one without a process. */
export function processEnd(
  tool: OpenTool,
  evidence: Evidence | null,
): ToolFacts {
  const isCommand = tool.kind.type === "exec_command";
  const end = tool.runtimeEnd;
  const command = isCommand && end !== null && evidence !== null
    ? evidence.read(end, (document) => readCommandEnd(end, document))
    : null;
  const exit_code = command === null ? null : Number(command.exit_code);
  const output = lastLine(command?.aggregated_output ?? "");
  const isUnread = isCommand && end !== null && command === null;
  return {
    tool: toolLabel(tool),
    preview: previewOf(tool, evidence),
    exit_code,
    exit_unread: !isUnread
      ? null
      : end.capture === undefined
      ? "cannot be read"
      : unrecordedText(end.capture),
    hasFailed: isUnread
      ? tool.runtimeStatus === "failed"
      : exit_code !== null && exit_code !== 0,
    isDenied: false,
    error: exit_code === null || exit_code === 0
      ? null
      : `exit code ${exit_code}${output === null ? "" : `: ${output}`}`,
  };
}

function previewOf(
  { kind, summary, runtimeStart: start }: OpenTool,
  evidence: Evidence | null,
): string | null {
  if (kind.type === "exec_command" && start !== null && evidence !== null) {
    const begin = evidence.read(
      start,
      (document) => readTerminalBegin(start, document, "exec_command"),
    );
    if (begin !== null) return requestExcerpt(begin.request);
  }
  return summary.type === "generic" && summary.input_preview !== null
    ? inputPreview(summary.input_preview)
    : null;
}
