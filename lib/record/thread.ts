/**
 * What a host calls while a thread runs; it makes all other handles.
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
import {
  McpCallTraceContext,
  ToolDispatchTraceContext,
} from "./tool/tool_dispatch.ts";
import {
  agentResultObserved,
  type AgentResultTracePayload,
  codeCellWaitTargetResolved,
  historyItemAccepted,
  protocolEventObserved,
  RECORDING_COMPLETED,
  rolloutEnded,
  stdinTargetResolved,
  threadEnded,
  threadResumed,
  threadStarted,
  type ThreadStartedTraceMetadata,
  type TurnContext,
  turnObserved,
  turnStarted,
} from "./thread_events.ts";
import type { ProtocolEvent } from "./protocol_event.ts";
import { NOOP_RECORDER, type Recorder } from "./recorder.ts";
import {
  createRoot,
  reportStartFailed,
  requireWritePermission,
  type RootTraceOptions,
  traceRootOfEnvironment,
} from "./root.ts";
import type { ToolDispatchInvocation } from "./tool/tool_invocation.ts";
import { runtimeEvent } from "./tool/tool_runtime.ts";

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
   * Starts to record a root session in the folder of `options.root`, or else of the environment
   * variable `CODEX_ROLLOUT_TRACE_ROOT`. Returns a disabled context when neither is set, when the
   * environment may not be read, and when the bundle cannot be created (which is reported to
   * `options.onError`).
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
      reportStartFailed(options, cause);
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
    const recorder = createRoot(root, threadId, options);
    recorder.record(() => threadStarted(metadata, recorder.rules));
    return new ThreadTraceContext(recorder, threadId, true);
  }

  /** Starts to record a thread of the same rollout. Without a readable id, nothing of it is recorded. */
  startChildThread(metadata: ThreadStartedTraceMetadata): ThreadTraceContext {
    const recorder = this.#recorder;
    let id: ThreadId | undefined;
    recorder.record(() => {
      const started = threadStarted(metadata, recorder.rules);
      id = started.event.thread_id;
      return started;
    });
    return id === undefined
      ? ThreadTraceContext.disabled()
      : new ThreadTraceContext(recorder, id, false);
  }

  /** Whether anything is recorded; a host may skip costly preparation when not. */
  isEnabled(): boolean {
    return this.#recorder.isRecording;
  }

  /** Folder of the bundle, `undefined` when disabled or when it is elsewhere. */
  get bundleDirectory(): string | undefined {
    return this.#recorder.directory;
  }

  /** Bytes that wait to be written; 0 unless the bundle is written in the background. */
  get queuedBytes(): number {
    return this.#recorder.queuedBytes;
  }

  /**
   * Resolves when what was recorded is with the operating system, or lost: then it was reported. A
   * host that writes in the background awaits it before it exits, and when much is queued.
   */
  flush(): Promise<void> {
    return this.#recorder.flush();
  }

  /**
   * Records that the thread ended; with the root thread the rollout has ended too. From schema 2
   * on, the recording is completed once the rollout and all its threads have ended.
   */
  recordEnded(status: RolloutStatus): void {
    this.#recorder.record(() => threadEnded(this.#threadId, status));
    if (this.#isRoot) this.#recorder.record(() => rolloutEnded(status));
  }

  /** Records that the thread is resumed after its end. From schema 2 on. */
  recordThreadResumed(): void {
    this.#recorder.record(() => threadResumed(this.#threadId));
  }

  /**
   * Records that nothing follows. From schema 2 on, and only needed when the recording does not
   * complete itself; not recorded when something was lost.
   */
  recordRecordingCompleted(): void {
    this.#recorder.record(() => RECORDING_COMPLETED);
  }

  /** Keeps a protocol message, if it is one that helps to read a trace. */
  recordProtocolEvent(event: ProtocolEvent): void {
    this.#recorder.record(() => protocolEventObserved(this.#threadId, event));
  }

  /** Records the start or end of a turn, if the message is about one. */
  recordCodexTurnEvent(
    defaultTurnId: CodexTurnId,
    event: ProtocolEvent,
  ): void {
    this.#recorder.record(() =>
      turnObserved(this.#context(defaultTurnId), event, this.#recorder.rules)
    );
  }

  /** Records the start of a turn before any message about it. */
  recordCodexTurnStarted(turnId: CodexTurnId): void {
    this.#recorder.record(() => turnStarted(this.#context(turnId)));
  }

  /** Records what happens behind a tool call, if the message is about one. */
  recordToolCallEvent(turnId: CodexTurnId, event: ProtocolEvent): void {
    this.#recorder.record(() =>
      runtimeEvent(this.#context(turnId), event, this.#recorder.rules)
    );
  }

  /**
   * Records that an item is part of the history now. From schema 2 on.
   *
   * @param itemId Id that the Responses API assigned to it.
   * @param item The complete item. An agent message is kept, and from schema 3 on the output of a
   * tool; every other item is recorded by the request or the response that has it.
   */
  recordHistoryItemAccepted(
    turnId: CodexTurnId,
    itemId: string,
    item?: unknown,
  ): void {
    const { rules } = this.#recorder;
    this.#recorder.record(() =>
      historyItemAccepted(this.#context(turnId), itemId, item, rules)
    );
  }

  /** Records that this thread sent the result of a turn to its parent. */
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

  /** Records which cell a `wait` call waits for; `turnId` is that of the call. From schema 3 on. */
  recordCodeCellWaitTarget(
    turnId: CodexTurnId,
    toolCallId: ToolCallId,
    runtimeCellId: RuntimeCellId,
  ): void {
    const context = this.#context(turnId);
    this.#recorder.record(() =>
      codeCellWaitTargetResolved(context, toolCallId, runtimeCellId)
    );
  }

  /** Records that a cell started, and returns its handle. */
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

  /** Assigns an id to a call to an MCP server, after the message that the call begins. */
  startMcpCall(toolCallId: ToolCallId): McpCallTraceContext {
    return McpCallTraceContext.start(this.#recorder, toolCallId);
  }

  #context(codexTurnId: CodexTurnId): TurnContext {
    return { threadId: this.#threadId, codexTurnId };
  }
}
