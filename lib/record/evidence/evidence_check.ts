/**
 * Whether readers take an event: it is decoded and reduced before it is written.
 *
 * A host is a program with errors of its own, and one event that strict readers refuse makes a
 * bundle useless. The reducer itself is asked, so that there is one set of rules. Lists of
 * Responses items are checked one by one and left out of its graph: a recording must not hold
 * the conversation.
 *
 * @module
 */

import type { PayloadDraft } from "../../bundle/write/payload_draft.ts";
import type { CallContent } from "../../bundle/write/shared_texts.ts";
import type {
  EventOf,
  RawTraceEvent,
  RawTraceEventPayload,
} from "../../format/event.ts";
import type { DecodedLine } from "../../format/events/event_decoder.ts";
import type { CodexTurnId, ThreadId } from "../../format/ids.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import { isReceiptKind } from "../../reduce/conversation/list_planner.ts";
import { applyEvent } from "../../reduce/handlers.ts";
import { describesCommand } from "../../reduce/runtime/tool_runtime.ts";
import type { Commit } from "../../reduce/state/records.ts";
import { ReducerState } from "../../reduce/state/reducer_state.ts";
import type { Schema } from "../../schema/schema.ts";
import { Continuations } from "./continuations.ts";
import { type Drafts, DraftSource } from "./draft_source.ts";
import { EndedObjects } from "./ended_objects.ts";
import { HashedTexts } from "./hashed_texts.ts";
import { PayloadCheck } from "./payload_check.ts";

/** Checks the events of one recording, in the order of its log. */
export class EvidenceCheck {
  readonly #schema: Schema;
  readonly #payloads: PayloadCheck;
  readonly #source = new DraftSource();
  /** What each call of the model was, by thread and key. */
  readonly #calls = new HashedTexts();
  readonly #continuations: Continuations;
  readonly #ended: EndedObjects;
  readonly #state: ReducerState;

  /** The log is empty. */
  constructor(schema: Schema, manifest: TraceBundleManifest) {
    this.#schema = schema;
    this.#payloads = new PayloadCheck(schema.reduce);
    this.#state = new ReducerState(manifest, schema.reduce, this.#source);
    this.#continuations = new Continuations(
      schema.reduce.responsesArePositional,
    );
    this.#ended = new EndedObjects(
      this.#state,
      (id) => this.#source.forget(id),
    );
  }

  /**
   * Checks a payload by itself.
   *
   * @throws {Error} If readers refuse it.
   */
  checkPayload(draft: PayloadDraft): void {
    this.#payloads.check(draft);
  }

  /**
   * Returns the event of a line as readers decode it.
   *
   * @param line The line, with placeholders of its payloads.
   * @throws {DecodeError} If it is not an event of the schema.
   */
  decode(line: string): DecodedLine {
    return this.#schema.events.decodeOwn(line);
  }

  /**
   * Checks an event, and counts it as recorded.
   *
   * @throws {ReplayError} If it contradicts the events before it.
   * @throws {Error} If readers refuse it.
   */
  accept(
    { event, meaning }: DecodedLine,
    drafts: Drafts,
    isOfCommand = false,
  ): void {
    const payload = light(event.payload);
    this.#ended.check(event);
    let continues: Commit | undefined;
    if (payload.type === "inference_started") {
      continues = this.#checkRequest(payload, drafts);
    } else if (payload.type === "history_item_accepted") {
      this.#checkReceipt(payload, drafts);
    }
    const calls = drafts.flatMap(({ draft }) =>
      draft ? this.#payloads.callsOf(draft) : []
    );
    if (calls.length > 0) this.#checkCalls(event.thread_id, calls);
    this.#source.keep(payload, drafts);
    if (isOfCommand) requireCommand(payload, this.#source);
    this.#reduce({ ...event, payload }, meaning);
    for (const { key, content } of calls) {
      this.#calls.set(callKey(event.thread_id, key), content);
    }
    continues?.();
    this.#observeConversation(payload, event.thread_id, drafts);
    this.#ended.observe(event);
  }

  /** Checks that a call id has one content in a thread. */
  #checkCalls(thread: ThreadId | null, calls: readonly CallContent[]): void {
    const shown = new Map<string, number>();
    for (const { key, content } of calls) {
      const known = this.#calls.get(callKey(thread, key)) ?? shown.get(key);
      if ((known ?? content) !== content) {
        throw new TypeError(`${key} was another call before`);
      }
      shown.set(key, content);
    }
  }

  #observeConversation(
    payload: RawTraceEventPayload,
    thread: ThreadId | null,
    drafts: Drafts,
  ): void {
    if (payload.type === "compaction_installed") {
      if (thread !== null) this.#continuations.replaced(thread);
      return;
    }
    const isEnd = payload.type === "inference_completed" ||
      payload.type === "inference_failed" ||
      payload.type === "inference_cancelled";
    if (!isEnd) return;
    const call = this.#state.inferences.get(payload.inference_call_id)?.call;
    if (call === undefined) return;
    const [draft] = drafts.flatMap(({ draft }) => draft ?? []);
    const items = draft === undefined
      ? 0
      : this.#payloads.countItems(draft, "output_items");
    this.#continuations.ended(call, call.response_id, items);
  }

  /** Whether the log has a turn, and it is of that thread. */
  hasTurn(turn: CodexTurnId, thread: ThreadId): boolean {
    return this.#state.turns.get(turn)?.turn.thread_id === thread ||
      this.#ended.hasTurn(turn, thread);
  }

  #reduce(event: RawTraceEvent, meaning: DecodedLine["meaning"]): void {
    const state = this.#state;
    const { payload } = event;
    const invocation = payload.type === "tool_call_started"
      ? payload.invocation_payload
      : null;
    if (invocation !== null) state.rawPayloads.register([invocation]);
    try {
      applyEvent(state, {
        event,
        payloads: [],
        meaning,
        line: 0,
        lineEnded: true,
      });
    } catch (error) {
      if (payload.type === "tool_call_started") this.#forgetRestart(payload);
      throw error;
    }
    if (!("tool_call_id" in payload)) return;
    // A command and its result may be long, and nothing reads them again.
    const operation = state.tools.get(payload.tool_call_id)?.operation
      ?.operation;
    if (operation === undefined) return;
    operation.request = NO_REQUEST;
    operation.result = null;
  }

  /** A second start is left out of the log, so the ids still name the first call. */
  #forgetRestart(event: EventOf<"tool_call_started">): void {
    const { tools } = this.#state;
    tools.get(event.tool_call_id)?.restartedIn.clear();
    tools.byCallId(event.model_visible_call_id ?? "")?.restartedIn.clear();
  }

  #checkRequest(
    event: EventOf<"inference_started">,
    drafts: Drafts,
  ): Commit | undefined {
    const context = draftUnder(drafts, "warmup_context_payload");
    const sent = draftUnder(drafts, "request_payload");
    const items = (context ?? sent)?.lists.get("input") ?? [];
    const stripped = new Set<number>();
    for (const [at, id] of event.stripped_tool_output_ids) {
      const index = Number(at);
      const shared = items[index];
      const item = shared ? this.#payloads.readItem(shared.text) : null;
      if (item?.isIdlessOutput !== true || stripped.has(index)) {
        throw new TypeError(
          `input[${index}] is not a tool output without an id, which was "${id}"`,
        );
      }
      stripped.add(index);
    }
    const full = context ?? sent;
    if (full === null) return undefined;
    const previous = context === null
      ? full.stringUnder("previous_response_id")
      : undefined;
    if (previous === undefined) {
      const count = this.#payloads.countItems(full, "input");
      return this.#continuations.full(event, count);
    }
    const added = items.flatMap(({ text }) =>
      this.#payloads.readItem(text) ?? []
    );
    return this.#continuations.added(event, previous, added);
  }

  #checkReceipt(
    { item_id }: EventOf<"history_item_accepted">,
    drafts: Drafts,
  ): void {
    for (const { draft } of drafts) {
      if (draft === null) continue;
      const item = this.#payloads.readItemPayload(draft);
      const isReceipt = item !== null &&
        isReceiptKind(this.#schema.reduce, item) &&
        item.responsesId === item_id;
      if (isReceipt) continue;
      throw new TypeError(
        `it is not a message between agents or a tool output with id "${item_id}"`,
      );
    }
  }
}

/** The event without the texts that no rule reads. */
function light(payload: RawTraceEventPayload): RawTraceEventPayload {
  return payload.type === "code_cell_started"
    ? { ...payload, source_js: "" }
    : payload;
}

/** Checks that the runtime of a terminal's call reports a command. */
function requireCommand(
  payload: RawTraceEventPayload,
  source: DraftSource,
): void {
  if (!("runtime_payload" in payload)) return;
  if (describesCommand(source.open(payload.runtime_payload).value)) return;
  throw new TypeError("it does not describe a command");
}

function callKey(thread: ThreadId | null, key: string): string {
  return `${thread}\0${key}`;
}

function draftUnder(drafts: Drafts, key: string): PayloadDraft | null {
  return drafts.find((draft) => draft.key === key)?.draft ?? null;
}

const NO_REQUEST = {
  type: "write_stdin",
  stdin: "",
  yield_time_ms: null,
  max_output_tokens: null,
} as const;
