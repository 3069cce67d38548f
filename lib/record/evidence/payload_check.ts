/**
 * What readers require of a payload, whatever its event: its nesting, and its Responses items.
 *
 * @module
 */

import type { PayloadDraft } from "../../bundle/write/payload_draft.ts";
import type {
  CallContent,
  ItemMeaning,
  SharedText,
} from "../../bundle/write/shared_texts.ts";
import { MAX_DEPTH } from "../../format/json/json_parse.ts";
import { nestsDeeper } from "../../format/json/json_strict.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadKindName,
} from "../../format/payload.ts";
import type { ConversationPart } from "../../graph/conversation.ts";
import type { UnclassifiedItem } from "../../reduce/items/content_class.ts";
import { normalizeItem } from "../../reduce/items/normalize_item.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import type { ReduceRules } from "../../reduce/rules.ts";
import { hashOf } from "./hashed_texts.ts";

/** The lists of items that a reader requires, by the kind of the payload. */
const REQUIRED_LISTS: ReadonlyMap<RawPayloadKindName, readonly string[]> =
  new Map([
    ["inference_request", ["input"]],
    ["warmup_context", ["input"]],
    ["inference_response", ["output_items"]],
    ["compaction_checkpoint", ["input_history", "replacement_history"]],
  ]);

/** No part of a payload is missing before it is written. */
const NO_MARKERS = new PartMarkers({
  raw_payload_id: "",
  kind: { type: "model_item" },
  shard: null,
});

/** The levels of an item: around it are a payload and a list. */
const MAX_ITEM_DEPTH = MAX_DEPTH - 2;

/** What a checked payload has. */
interface Found {
  readonly calls: CallContent[];
  /** Number of items of the conversation, by list. */
  readonly items: Map<string, number>;
}

/** Checks the payloads of one bundle. An item that was sent before is not checked again. */
export class PayloadCheck {
  readonly #found = new WeakMap<PayloadDraft, Found>();
  readonly #rules: ReduceRules;
  /** What the last payload of each kind had besides lists of items: requests repeat it. */
  readonly #shallow = new Map<RawPayloadKindName, string>();

  /** Checks what `rules` read. */
  constructor(rules: ReduceRules) {
    // Nothing is compared, so no content needs a hash.
    this.#rules = {
      ...rules,
      contentHashes: false,
      identifiesByContent: new Set(),
    };
  }

  /**
   * Checks a payload.
   *
   * @throws {Error} If readers refuse it.
   */
  check(draft: PayloadDraft): void {
    const { kind, lists, rest } = draft;
    if (this.#shallow.get(kind) !== rest) requireDepth(rest, MAX_DEPTH);
    if (lists.size > 0) this.#shallow.set(kind, rest);
    if (lists.size === 0 && !REQUIRED_LISTS.has(kind)) return;
    const required = REQUIRED_LISTS.get(kind);
    for (const key of required ?? []) {
      if (lists.has(key)) continue;
      throw new TypeError(`it has no list "${key}"`);
    }
    const found: Found = { calls: [], items: new Map() };
    for (const [key, items] of lists) {
      if (required !== undefined) this.#checkItems(key, items, found);
      else {
        for (const item of items) {
          if (item.meaning === undefined) requireItemDepth(item.text);
        }
      }
    }
    if (required !== undefined) this.#found.set(draft, found);
  }

  /**
   * Returns the item that a text is, `null` when it is not part of the conversation.
   *
   * @throws {ReplayError} If it is no item.
   */
  readItem(text: string): UnclassifiedItem | null {
    return this.#normalize(JSON.parse(text), text);
  }

  /** {@linkcode PayloadCheck.readItem} of a payload that is one. */
  readItemPayload({ rest, item }: PayloadDraft): UnclassifiedItem | null {
    const value: JsonValue = JSON.parse(rest);
    const read = this.#normalize(value, rest);
    const isShared = item !== undefined && !nestsDeeper(rest, MAX_ITEM_DEPTH);
    if (isShared) setMeaning(item, read, value);
    return read;
  }

  #normalize(value: JsonValue, text: string): UnclassifiedItem | null {
    const element = { value, source: () => text };
    return normalizeItem(element, "", this.#rules, NO_MARKERS, false);
  }

  /** The calls in a checked payload. */
  callsOf(draft: PayloadDraft): readonly CallContent[] {
    return this.#found.get(draft)?.calls ?? [];
  }

  /** Number of items of the conversation in a list of a checked payload. */
  countItems(draft: PayloadDraft, key: string): number {
    return this.#found.get(draft)?.items.get(key) ?? 0;
  }

  #checkItems(
    key: string,
    list: readonly SharedText[],
    found: Found,
  ): void {
    const added: SharedText[] = [];
    let items = 0;
    const count = (meaning: ItemMeaning) => {
      if (meaning !== "ignored") items++;
      if (typeof meaning === "object") found.calls.push(meaning);
    };
    for (const item of list) {
      if (item.meaning === undefined) added.push(item);
      else count(item.meaning);
    }
    for (const { text } of added) requireItemDepth(text);
    // One text is parsed faster than many.
    const values: readonly JsonValue[] = JSON.parse(
      `[${added.map(({ text }) => text).join(",")}]`,
    );
    added.forEach((shared, i) => {
      const value = values[i] ?? null;
      try {
        const item = this.#normalize(value, shared.text);
        count(setMeaning(shared, item, value));
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const at = `${key}[${list.indexOf(shared)}]`;
        throw new TypeError(`${at} is not readable: ${why}`);
      }
    });
    found.items.set(key, items);
  }
}

/** Keeps what an item is, so that it is not read again. */
function setMeaning(
  shared: SharedText,
  item: UnclassifiedItem | null,
  value: JsonValue,
): ItemMeaning {
  const meaning = item === null
    ? "ignored"
    : callContent(item, value) ?? "item";
  shared.meaning = meaning;
  return meaning;
}

/** Only calls whose body is one key: the API changes other keys when an item is sent again. */
function callContent(
  { kind, callId, parts }: UnclassifiedItem,
  value: JsonValue,
): CallContent | null {
  if (callId === null || !isJsonObject(value)) return null;
  const { type, input } = value;
  const isCall = type === "function_call" ||
    (type === "custom_tool_call" && typeof input === "string");
  return isCall
    ? { key: `${kind} ${callId}`, content: hashOfParts(parts) }
    : null;
}

/** A body has one part, and its text may be long. */
function hashOfParts(parts: readonly ConversationPart[]): number {
  const [part] = parts;
  const text = part?.type === "text"
    ? part.text
    : part?.type === "code"
    ? part.source
    : undefined;
  if (part === undefined || text === undefined || parts.length > 1) {
    return hashOf(JSON.stringify(parts));
  }
  return (hashOf(part.type) + hashOf(text)) % Number.MAX_SAFE_INTEGER;
}

function requireItemDepth(text: string): void {
  requireDepth(text, MAX_ITEM_DEPTH);
}

function requireDepth(text: string, max: number): void {
  if (!nestsDeeper(text, max)) return;
  throw new RangeError(
    `it nests deeper than ${MAX_DEPTH}, which no reader takes`,
  );
}
