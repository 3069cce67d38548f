/**
 * What readers require of a payload, whatever its event: its nesting, and its Responses items.
 *
 * @module
 */

import type { PayloadDraft } from "../../bundle/write/payload_draft.ts";
import { MAX_DEPTH } from "../../format/json/json_parse.ts";
import { nestsDeeper } from "../../format/json/json_strict.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadKindName,
} from "../../format/payload.ts";
import type { UnclassifiedItem } from "../../reduce/items/content_class.ts";
import { normalizeItem } from "../../reduce/items/normalize_item.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import type { ReduceRules } from "../../reduce/rules.ts";

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

/** Levels of a payload around an item: the payload, and the list. */
const LEVELS_AROUND_ITEM = 2;
/** Text units of items that are known to be readable; then they are forgotten. */
const MAX_KNOWN_LENGTH = 16 * 1024 * 1024;

/** A call of the model in a payload: the item under a call id, and its content. */
export interface CallContent {
  /** The type of the item, and its call id. */
  readonly key: string;
  /** The same for the same content. */
  readonly content: string;
}

/** Checks the payloads of one bundle. An item that was sent before is not checked again. */
export class PayloadCheck {
  readonly #calls = new WeakMap<PayloadDraft, CallContent[]>();
  readonly #rules: ReduceRules;
  readonly #known = new Set<string>();
  #knownLength = 0;

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
   * @throws {Error} If our reader or the reference refuses it.
   */
  check(draft: PayloadDraft): void {
    requireDepth(draft.rest, MAX_DEPTH);
    const required = REQUIRED_LISTS.get(draft.kind);
    for (const key of required ?? []) {
      if (draft.lists.has(key)) continue;
      throw new TypeError(`it has no list "${key}"`);
    }
    for (const [key, items] of draft.lists) {
      if (required !== undefined) this.#checkItems(draft, key, items);
      else {
        for (const text of items) {
          if (!this.#known.has(text)) requireItemDepth(text);
        }
      }
    }
  }

  /**
   * Returns the item that is a complete payload.
   *
   * @throws {Error} If readers refuse it.
   */
  readReceipt({ rest }: PayloadDraft): UnclassifiedItem | null {
    const value: JsonValue = JSON.parse(rest);
    const item = this.#normalize(value, rest);
    requireDefined(item, value);
    return item;
  }

  /** Returns the item that a text is, `null` when it is not part of the conversation. */
  readItem(text: string): UnclassifiedItem | null {
    return this.#normalize(JSON.parse(text), text);
  }

  #normalize(value: JsonValue, text: string): UnclassifiedItem | null {
    const element = { value, source: () => text };
    return normalizeItem(element, "", this.#rules, NO_MARKERS, false);
  }

  /** The calls in a checked payload that were not in a payload before. */
  callsOf(draft: PayloadDraft): readonly CallContent[] {
    return this.#calls.get(draft) ?? [];
  }

  #checkItems(
    draft: PayloadDraft,
    key: string,
    items: readonly string[],
  ): void {
    const calls: CallContent[] = [];
    this.#calls.set(draft, calls);
    const added = items.filter((text) => !this.#known.has(text));
    for (const text of added) requireItemDepth(text);
    // One text is parsed faster than many.
    const values: readonly JsonValue[] = JSON.parse(`[${added.join(",")}]`);
    added.forEach((text, i) => {
      const value = values[i] ?? null;
      try {
        const item = this.#normalize(value, text);
        requireDefined(item, value);
        const call = item && callContent(item, value);
        if (call !== null) calls.push(call);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        const at = `${key}[${items.indexOf(text)}]`;
        throw new TypeError(`${at} is not readable: ${why}`);
      }
    });
    for (const text of added) this.#remember(text);
  }

  #remember(text: string): void {
    this.#knownLength += text.length;
    if (this.#knownLength > MAX_KNOWN_LENGTH) {
      this.#known.clear();
      this.#knownLength = text.length;
    }
    this.#known.add(text);
  }
}

/**
 * Checks an item for what the reference refuses, and our reducer does not: items that the format
 * does not define, which alone have an identity here, and numbers that the reference cannot buffer.
 */
function requireDefined(
  item: UnclassifiedItem | null,
  value: JsonValue,
): void {
  if (item === null) return;
  if (item.agentMessage !== null && hasHugeInteger(value)) {
    throw new TypeError(
      "a message between agents with an integer beyond 64 bits",
    );
  }
  if (item.identity === null) return;
  throw new TypeError(
    item.kind === "reasoning"
      ? "reasoning without content, summary or encrypted content"
      : "the format does not define its type or role",
  );
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
    ? { key: `${kind} ${callId}`, content: JSON.stringify(parts) }
    : null;
}

/** JavaScript spells larger numbers with an exponent, which makes them floats. */
const MAX_PLAIN = 1e21;

function hasHugeInteger(value: unknown): boolean {
  if (typeof value === "number") {
    const size = Math.abs(value);
    return size < MAX_PLAIN && (value < 0 ? size > 2 ** 63 : size >= 2 ** 64);
  }
  return typeof value === "object" && value !== null &&
    Object.values(value).some(hasHugeInteger);
}

function requireItemDepth(text: string): void {
  requireDepth(text, MAX_DEPTH - LEVELS_AROUND_ITEM);
}

function requireDepth(text: string, max: number): void {
  if (!nestsDeeper(text, max)) return;
  throw new RangeError(
    `it nests deeper than ${MAX_DEPTH}, which no reader takes`,
  );
}
