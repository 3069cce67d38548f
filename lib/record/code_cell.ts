/**
 * Recording of code cells: JavaScript of the model that calls tools by itself.
 *
 * @module
 */

import type {
  CodexTurnId,
  ModelVisibleCallId,
  RuntimeCellId,
  ThreadId,
} from "../format/ids.ts";
import type { CodeCellRuntimeStatus } from "../format/vocabulary.ts";
import { dependencyKey, optionalPayload } from "./pending_event.ts";
import { NOOP_RECORDER, type Recorder } from "./recorder.ts";
import type { EventContext } from "./trace_writer.ts";

/** The output of a cell so far. */
export interface CodeCellOutput {
  /** The runtime's id of the cell. */
  cell_id: RuntimeCellId;
  /** Content items for the model. */
  content_items: readonly unknown[];
  /** Time in the code runtime. */
  code_mode_host_duration?: unknown;
}

/** An answer of the code runtime, as it spells it. */
export type CodeCellResponse =
  | { Yielded: CodeCellOutput }
  | { Terminated: CodeCellOutput }
  | { Result: CodeCellOutput & { error_text?: string | null } };

/**
 * One cell.
 *
 * A cell that is done with its first response has both: the host calls `recordInitialResponse`
 * and `recordEnded` with it.
 */
export class CodeCellTraceContext {
  readonly #recorder: Recorder;
  readonly #threadId: ThreadId;
  readonly #codexTurnId: CodexTurnId;
  readonly #runtimeCellId: RuntimeCellId;

  /**
   * Made by `ThreadTraceContext.codeCell()` and `startCodeCell()`.
   *
   * @internal
   */
  constructor(
    recorder: Recorder,
    threadId: ThreadId,
    codexTurnId: CodexTurnId,
    runtimeCellId: RuntimeCellId,
  ) {
    this.#recorder = recorder;
    this.#threadId = threadId;
    this.#codexTurnId = codexTurnId;
    this.#runtimeCellId = runtimeCellId;
  }

  /** A context that records nothing. */
  static disabled(): CodeCellTraceContext {
    return new CodeCellTraceContext(NOOP_RECORDER, "", "", "");
  }

  /** Records that the model's call `modelVisibleCallId` started this cell. */
  recordStarted(
    modelVisibleCallId: ModelVisibleCallId,
    sourceJs: string,
  ): void {
    const threadId = this.#threadId;
    this.#recorder.record(() => ({
      context: this.#context(),
      event: {
        type: "code_cell_started",
        runtime_cell_id: this.#runtimeCellId,
        model_visible_call_id: modelVisibleCallId,
        source_js: sourceJs,
      },
      requires: [
        dependencyKey.thread(threadId),
        dependencyKey.turn(this.#codexTurnId),
      ],
      provides: [dependencyKey.cell(threadId, this.#runtimeCellId)],
    }));
  }

  /** Records the first response to the model. */
  recordInitialResponse(response: CodeCellResponse): void {
    this.#recordResponse("code_cell_initial_response", response);
  }

  /** Records the last response, with which the cell ends. */
  recordEnded(response: CodeCellResponse): void {
    this.#recordResponse("code_cell_ended", response);
  }

  #recordResponse(
    type: "code_cell_initial_response" | "code_cell_ended",
    response: CodeCellResponse,
  ): void {
    const threadId = this.#threadId;
    this.#recorder.record(() => ({
      context: this.#context(),
      event: {
        type,
        runtime_cell_id: this.#runtimeCellId,
        status: runtimeStatus(response),
        response_payload: optionalPayload("tool_result", () => ({ response })),
      },
      requires: [
        dependencyKey.thread(threadId),
        dependencyKey.turn(this.#codexTurnId),
        dependencyKey.cell(threadId, this.#runtimeCellId),
      ],
      provides: [],
    }));
  }

  #context(): EventContext {
    return { threadId: this.#threadId, codexTurnId: this.#codexTurnId };
  }
}

function runtimeStatus(response: CodeCellResponse): CodeCellRuntimeStatus {
  if ("Yielded" in response) return "yielded";
  if ("Terminated" in response) return "terminated";
  return (response.Result.error_text ?? null) === null ? "completed" : "failed";
}
