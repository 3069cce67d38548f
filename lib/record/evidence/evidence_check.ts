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
import { ReplayError } from "../../errors.ts";
import type {
  EventOf,
  RawTraceEvent,
  RawTraceEventPayload,
} from "../../format/event.ts";
import type { DecodedLine } from "../../format/events/event_decoder.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import type { CodexTurnId, ThreadId } from "../../format/ids.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import type {
  JsonValue,
  PayloadDocument,
  PayloadSource,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { isReceiptKind } from "../../reduce/conversation/list_planner.ts";
import { attempt } from "../../bundle/write/store.ts";
import {
  MESSAGE_KEYS,
  messageArguments,
} from "../../reduce/agents/agent_payload.ts";
import { decodeText, valueUnder } from "../../reduce/decode_payload.ts";
import { applyEvent } from "../../reduce/handlers.ts";
import { describesCommand } from "../../reduce/runtime/tool_runtime.ts";
import { ReducerState } from "../../reduce/state/reducer_state.ts";
import type { Schema } from "../../schema/schema.ts";
import { type CallContent, PayloadCheck } from "./payload_check.ts";

/** The payloads of an event as text, by their keys; null for one that is left out. */
export type Drafts = readonly {
  readonly key: string;
  readonly draft: PayloadDraft | null;
}[];

/** Payloads that the reducer does not read here: lists of items, and items. */
const NOT_REDUCED: ReadonlySet<RawPayloadKindName> = new Set([
  "inference_request",
  "warmup_context",
  "inference_response",
  "compaction_checkpoint",
  "protocol_event",
]);

/** Checks the events of one recording, in the order of its log. */
export class EvidenceCheck {
  readonly #schema: Schema;
  readonly #payloads: PayloadCheck;
  readonly #source = new DraftSource();
  /** What each call of the model was, by thread. */
  readonly #calls = new Map<ThreadId | null, Map<string, string>>();
  /** Threads of which an item of the conversation is recorded. */
  readonly #threadsWithItems = new Set<ThreadId | null>();
  readonly #state: ReducerState;

  /** The log is empty. */
  constructor(schema: Schema, manifest: TraceBundleManifest) {
    this.#schema = schema;
    this.#payloads = new PayloadCheck(schema.reduce);
    this.#state = new ReducerState(manifest, schema.reduce, this.#source);
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
    if (payload.type === "inference_started") {
      this.#checkRequest(payload, drafts);
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
      this.#callsOf(event.thread_id).set(key, content);
    }
    this.#noteItems(event.thread_id, drafts);
  }

  #callsOf(thread: ThreadId | null): Map<string, string> {
    const known = this.#calls.get(thread);
    if (known !== undefined) return known;
    const calls = new Map<string, string>();
    this.#calls.set(thread, calls);
    return calls;
  }

  /** Checks that a call id has one content in a thread. */
  #checkCalls(thread: ThreadId | null, calls: readonly CallContent[]): void {
    const known = this.#callsOf(thread);
    const shown = new Map<string, string>();
    for (const { key, content } of calls) {
      if ((known.get(key) ?? shown.get(key) ?? content) !== content) {
        throw new TypeError(`${key} was another call before`);
      }
      shown.set(key, content);
    }
  }

  #noteItems(thread: ThreadId | null, drafts: Drafts): void {
    if (this.#threadsWithItems.has(thread)) return;
    const hasItems = drafts.some(({ draft }) =>
      draft !== null && this.#payloads.hasItems(draft)
    );
    if (hasItems) this.#threadsWithItems.add(thread);
  }

  /** Whether the log has a turn, and it is of that thread. */
  hasTurn(turn: CodexTurnId, thread: ThreadId): boolean {
    return this.#state.turns.get(turn)?.turn.thread_id === thread;
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
    { thread_id, stripped_tool_output_ids }: EventOf<"inference_started">,
    drafts: Drafts,
  ): void {
    const context = draftUnder(drafts, "warmup_context_payload");
    const sent = draftUnder(drafts, "request_payload");
    const items = (context ?? sent)?.lists.get("input") ?? [];
    const stripped = new Set<number>();
    for (const [at, id] of stripped_tool_output_ids) {
      const index = Number(at);
      const text = items[index];
      const item = text === undefined ? null : this.#payloads.readItem(text);
      if (item?.isIdlessOutput !== true || stripped.has(index)) {
        throw new TypeError(
          `input[${index}] is not a tool output without an id, which was "${id}"`,
        );
      }
      stripped.add(index);
    }
    if (context || sent == null) return;
    const request = JSON.parse(sent.rest);
    const previous: unknown = request["previous_response_id"];
    if (typeof previous !== "string") return;
    const responses = this.#state.threads.get(thread_id)?.callByResponseId;
    if (responses?.get(previous)?.first() !== undefined) return;
    // The first request of a thread may continue a warm-up that was not recorded.
    const isFirst = (responses === undefined || responses.size === 0) &&
      !this.#threadsWithItems.has(thread_id);
    if (isFirst) return;
    throw new ReplayError(
      "unknown_response",
      `it adds to response "${previous}", which the log does not have`,
      { response_id: previous, thread_id },
    );
  }

  #checkReceipt(
    { item_id }: EventOf<"history_item_accepted">,
    drafts: Drafts,
  ): void {
    for (const { draft } of drafts) {
      if (draft === null) continue;
      const item = this.#payloads.readItem(draft.rest);
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

function draftUnder(drafts: Drafts, key: string): PayloadDraft | null {
  return drafts.find((draft) => draft.key === key)?.draft ?? null;
}

/** Reads the drafts of the current event, and the invocations that a later event may read. */
class DraftSource implements PayloadSource {
  readonly #current = new Map<string, DraftDocument>();
  /** What later events may read of the invocations of tools that send messages. */
  readonly #invocations = new Map<string, DraftDocument>();
  #count = 0;

  /**
   * Returns an event with references to its drafts; the drafts of the event before are dropped.
   *
   * @param payload Decoded here, so that it may be changed.
   */
  keep(payload: RawTraceEventPayload, drafts: Drafts): void {
    this.#current.clear();
    for (const { key, draft } of drafts) {
      if (draft === null) continue;
      const raw_payload_id = `draft:${++this.#count}`;
      const isOmitted = NOT_REDUCED.has(draft.kind);
      const ref: RawPayloadRef = isOmitted
        ? { ...draft.placeholder, raw_payload_id, capture: OMITTED }
        : { ...draft.placeholder, raw_payload_id };
      Object.assign(payload, { [key]: ref });
      if (isOmitted) continue;
      const document = new DraftDocument(draft.rest);
      this.#current.set(raw_payload_id, document);
      const isNeededLater = payload.type === "tool_call_started" &&
        AGENT_TOOLS.has(payload.kind.type);
      if (isNeededLater) {
        this.#invocations.set(raw_payload_id, messageOf(document));
      }
    }
  }

  register(): void {}

  open({ raw_payload_id }: RawPayloadRef): PayloadDocument {
    return this.#current.get(raw_payload_id) ??
      this.#invocations.get(raw_payload_id) ?? NOTHING;
  }

  openRequest(): never {
    throw new Error("a request is not reduced here");
  }

  closeThread(): void {}

  verifyAll(): void {}
}

/** Tools whose invocation has the text of a message; only their runtime knows it of the others. */
const AGENT_TOOLS: ReadonlySet<string> = new Set([
  "spawn_agent",
  "send_message",
  "assign_agent_task",
  "other",
]);

/** An invocation with a message if this is one, so that its texts need not be kept. */
function messageOf({ value }: DraftDocument): DraftDocument {
  const args = valueUnder(valueUnder(value, "payload"), "arguments");
  if (typeof args !== "string") return NOTHING;
  const isMessage = attempt(() =>
    decodeText(args, MESSAGE_KEYS, messageArguments)
  );
  return isMessage ? A_MESSAGE : NO_MESSAGE;
}

const NO_REQUEST = {
  type: "write_stdin",
  stdin: "",
  yield_time_ms: null,
  max_output_tokens: null,
} as const;

const OMITTED = { status: "omitted", original_bytes: 0 } as const;

/** A draft as a reader sees it. */
class DraftDocument implements PayloadDocument {
  readonly #text: string;
  #value: JsonValue | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get value(): JsonValue {
    return this.#value ??= JSON.parse(this.#text);
  }

  source(): string {
    return this.#text;
  }

  exact(): ReturnType<PayloadDocument["exact"]> {
    return parseExact(this.#text);
  }

  member(key: string): ReturnType<PayloadDocument["member"]> {
    const { value } = this;
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    const member = isObject && Object.hasOwn(value, key)
      ? value[key]
      : undefined;
    if (member === undefined) return undefined;
    return { value: member, source: () => JSON.stringify(member) };
  }

  elements(): undefined {
    return undefined;
  }
}

const NOTHING = new DraftDocument("null");
const A_MESSAGE = new DraftDocument(
  JSON.stringify({ payload: { arguments: '{"message":"text"}' } }),
);
const NO_MESSAGE = new DraftDocument('{"payload":{"arguments":""}}');
