/**
 * The payloads of an event that is not written yet, as readers see them.
 *
 * @module
 */

import { attempt } from "../../bundle/write/store.ts";
import type { PayloadDraft } from "../../bundle/write/payload_draft.ts";
import type { RawTraceEventPayload } from "../../format/event.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import type {
  JsonValue,
  PayloadDocument,
  PayloadSource,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import {
  MESSAGE_KEYS,
  messageArguments,
} from "../../reduce/agents/agent_payload.ts";
import { decodeText, valueUnder } from "../../reduce/decode_payload.ts";

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

/** Reads the drafts of the current event, and the invocations that a later event may read. */
export class DraftSource implements PayloadSource {
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

  /** Drops what was kept of an invocation. */
  forget(raw_payload_id: string): void {
    this.#invocations.delete(raw_payload_id);
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
