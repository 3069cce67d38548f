/**
 * What a host calls while a thread runs, and where all other handles come from.
 *
 * A context always exists: a disabled one touches no disk and evaluates nothing. No method throws
 * because of recording; `startRoot` does when the bundle cannot even be made.
 *
 * @module
 */

import type { BundleStore } from "../bundle/write/store.ts";
import type {
  CodexTurnId,
  CompactionId,
  ModelVisibleCallId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { RolloutStatus } from "../format/vocabulary.ts";
import { CodeCellTraceContext } from "./code_cell.ts";
import { CompactionTraceContext } from "./compaction.ts";
import { InferenceTraceContext } from "./inference.ts";
import { McpCallTraceContext } from "./tool/mcp.ts";
import type { ThreadStartedTraceMetadata } from "./metadata.ts";
import type { ProtocolEvent } from "./protocol_event.ts";
import {
  NOOP_RECORDER,
  type Recorder,
  RECORDING_COMPLETED,
} from "./recorder.ts";
import {
  createRoot,
  requireWritePermission,
  type RootTraceOptions,
  tellStartFailed,
  traceRootOfEnvironment,
} from "./root.ts";
import {
  agentResultObserved,
  type AgentResultTracePayload,
  historyItemAccepted,
  protocolEventObserved,
  rolloutEnded,
  rolloutStarted,
  stdinTargetResolved,
  threadEnded,
  threadResumed,
  threadStarted,
  type TurnContext,
  turnObserved,
  turnStarted,
} from "./thread_drafts.ts";
import { ToolDispatchTraceContext } from "./tool/tool_dispatch.ts";
import type { ToolDispatchInvocation } from "./tool/tool_invocation.ts";
import { runtimeDraft } from "./tool/tool_runtime.ts";

/** Records one thread. */
export class ThreadTraceContext {
  readonly #recorder: Recorder;
  readonly #threadId: ThreadId;
  readonly #isRoot: boolean;

  private constructor(recorder: Recorder, threadId: ThreadId, isRoot: boolean) {
    this.#recorder = recorder;
    this.#threadId = threadId;
    this.#isRoot = isRoot;
  }

  /** A context that records nothing. */
  static disabled(): ThreadTraceContext {
    return new ThreadTraceContext(NOOP_RECORDER, "", false);
  }

  /**
   * Starts to record a root session where `options.root` or the environment variable
   * `CODEX_ROLLOUT_TRACE_ROOT` says; disabled when neither does, when the environment may not be
   * asked, and when the bundle cannot be made (which `options.onError` hears of).
   */
  static startRootOrDisabled(
    metadata: ThreadStartedTraceMetadata,
    options: RootTraceOptions = {},
  ): ThreadTraceContext {
    try {
      const root = options.root ?? traceRootOfEnvironment();
      if (root === undefined) return ThreadTraceContext.disabled();
      requireWritePermission(root);
      return ThreadTraceContext.startRoot(root, metadata, options);
    } catch (cause) {
      tellStartFailed(options, cause);
      return ThreadTraceContext.disabled();
    }
  }

  /**
   * Starts to record a root session.
   *
   * @param root Folder in which the bundle's own folder is made, or a store that takes the bundle.
   * @throws {Error} If the bundle cannot be made.
   */
  static startRoot(
    root: string | BundleStore,
    metadata: ThreadStartedTraceMetadata,
    options: RootTraceOptions = {},
  ): ThreadTraceContext {
    const threadId = metadata.thread_id;
    const { recorder, traceId } = createRoot(root, threadId, options);
    const thread = new ThreadTraceContext(recorder, threadId, true);
    recorder.record(() => rolloutStarted(traceId, threadId));
    recorder.record(() => threadStarted(metadata));
    return thread;
  }

  /** Starts to record a thread of the same rollout. */
  startChildThread(metadata: ThreadStartedTraceMetadata): ThreadTraceContext {
    this.#recorder.record(() => threadStarted(metadata));
    return new ThreadTraceContext(this.#recorder, metadata.thread_id, false);
  }

  /** Whether anything is recorded; a host may skip costly preparation when not. */
  isEnabled(): boolean {
    return this.#recorder.isRecording;
  }

  /** Folder of the bundle, `undefined` when disabled or when it lies elsewhere. */
  get bundleDirectory(): string | undefined {
    return this.#recorder.directory;
  }

  /**
   * Records that the thread ended; with the root thread the rollout has ended too. In schema 2
   * the recording is completed once the rollout and all its threads have ended.
   */
  recordEnded(status: RolloutStatus): void {
    this.#recorder.record(() => threadEnded(this.#threadId, status));
    if (this.#isRoot) this.#recorder.record(() => rolloutEnded(status));
  }

  /** Records that the thread goes on after its end. Schema 2. */
  recordThreadResumed(): void {
    this.#recorder.record(() => threadResumed(this.#threadId));
  }

  /**
   * Records that nothing follows. Schema 2, and only needed when the recording does not complete
   * itself; not recorded when something was lost.
   */
  recordRecordingCompleted(): void {
    this.#recorder.record(() => RECORDING_COMPLETED);
  }

  /** Keeps a protocol message, if it is one that helps to read a trace. */
  recordProtocolEvent(event: ProtocolEvent): void {
    this.#recorder.record(() => protocolEventObserved(this.#threadId, event));
  }

  /** Records the start or end of a turn, if the message tells of one. */
  recordCodexTurnEvent(
    defaultTurnId: CodexTurnId,
    event: ProtocolEvent,
  ): void {
    this.#recorder.record(() =>
      turnObserved(this.#context(defaultTurnId), event, this.#recorder.dialect)
    );
  }

  /** Records the start of a turn before any message tells of it. */
  recordCodexTurnStarted(turnId: CodexTurnId): void {
    this.#recorder.record(() => turnStarted(this.#context(turnId)));
  }

  /** Records what happens behind a tool call, if the message tells of it. */
  recordToolCallEvent(turnId: CodexTurnId, event: ProtocolEvent): void {
    this.#recorder.record(() =>
      runtimeDraft(this.#context(turnId), event, this.#recorder.dialect)
    );
  }

  /**
   * Records that an item is part of the history now. Schema 2.
   *
   * @param itemId Id that the Responses API gave it.
   * @param agentMessage The whole item, when it is an agent message that came outside a request.
   */
  recordHistoryItemAccepted(
    turnId: CodexTurnId,
    itemId: string,
    agentMessage?: unknown,
  ): void {
    this.#recorder.record(() =>
      historyItemAccepted(this.#context(turnId), itemId, agentMessage)
    );
  }

  /** Records that this thread told its parent the result of a turn. */
  recordAgentResultInteraction(
    childTurnId: CodexTurnId,
    parentThreadId: ThreadId,
    result: AgentResultTracePayload,
  ): void {
    this.#recorder.record(() =>
      agentResultObserved(this.#context(childTurnId), parentThreadId, result)
    );
  }

  /** Records to which process a `write_stdin` call went. */
  recordStdinTarget(
    turnId: CodexTurnId,
    toolCallId: ToolCallId,
    execToolCallId: ToolCallId,
  ): void {
    this.#recorder.record(() =>
      stdinTargetResolved(this.#context(turnId), toolCallId, execToolCallId)
    );
  }

  /** Records that a cell started, and gives its handle. */
  startCodeCell(
    turnId: CodexTurnId,
    runtimeCellId: RuntimeCellId,
    modelVisibleCallId: ModelVisibleCallId,
    sourceJs: string,
  ): CodeCellTraceContext {
    const cell = this.codeCell(turnId, runtimeCellId);
    cell.recordStarted(modelVisibleCallId, sourceJs);
    return cell;
  }

  /** The handle of a cell that was started elsewhere. */
  codeCell(
    turnId: CodexTurnId,
    runtimeCellId: RuntimeCellId,
  ): CodeCellTraceContext {
    return new CodeCellTraceContext(
      this.#recorder,
      this.#threadId,
      turnId,
      runtimeCellId,
    );
  }

  /** Records that a tool call starts; `invocation` is not called when nothing is recorded. */
  startToolDispatch(
    invocation: () => ToolDispatchInvocation | undefined,
  ): ToolDispatchTraceContext {
    return ToolDispatchTraceContext.start(this.#recorder, invocation);
  }

  /** The handle for requests of a turn to a model. */
  inference(
    turnId: CodexTurnId,
    model: string,
    providerName: string,
  ): InferenceTraceContext {
    return new InferenceTraceContext(this.#recorder, {
      ...this.#context(turnId),
      model,
      providerName,
    });
  }

  /** The handle for a compaction of this thread's history. */
  compaction(
    turnId: CodexTurnId,
    compactionId: CompactionId,
    model: string,
    providerName: string,
  ): CompactionTraceContext {
    return new CompactionTraceContext(this.#recorder, {
      ...this.#context(turnId),
      compactionId,
      model,
      providerName,
    });
  }

  /** Gives a call to an MCP server its id, after the message that the call begins. */
  startMcpCall(toolCallId: ToolCallId): McpCallTraceContext {
    return McpCallTraceContext.start(this.#recorder, toolCallId);
  }

  #context(codexTurnId: CodexTurnId): TurnContext {
    return { threadId: this.#threadId, codexTurnId };
  }
}
