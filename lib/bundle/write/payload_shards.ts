/**
 * Writes payloads as records of shards, composed of parts that are stored once. Schema 3.
 *
 * Owns which parts a payload has, and what a limit leaves of it. Splits, cuts and omits as Codex
 * does.
 *
 * @module
 */

import { rawPayloadId } from "../../format/ids.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { membersOf, separateStrings } from "./json_members.ts";
import { compactJson, hasMoreBytes, utf8Bytes } from "./json_text.ts";
import type { PayloadWriter, PayloadWriterContext } from "./payload_writer.ts";
import { ShardWriter } from "./shard_writer.ts";
import { SharedParts, type StoredPayload } from "./shared_parts.ts";

/** Where payloads hold Responses items. Other payloads have no parts. */
const ITEM_KEYS: ReadonlyMap<RawPayloadKindName, ReadonlySet<string>> = new Map(
  [
    ["inference_request", new Set(["input"])],
    ["prepared_prompt", new Set(["input"])],
    ["warmup_context", new Set(["input"])],
    ["inference_response", new Set(["output_items"])],
    [
      "compaction_checkpoint",
      new Set(["input_history", "replacement_history"]),
    ],
  ],
);

/** A text in the making: its parts, and the fragments around them. */
class Composition {
  /** One more than there are parts. */
  readonly fragments: string[] = [""];
  /** The parts between the fragments. */
  readonly parts: StoredPayload[] = [];

  /** Appends text. */
  add(text: string): void {
    this.fragments.push((this.fragments.pop() ?? "") + text);
  }

  /** Appends the text of a part. */
  addPart(part: StoredPayload): void {
    this.parts.push(part);
    this.fragments.push("");
  }
}

/** Writes payloads to shards. */
export class PayloadShards implements PayloadWriter {
  readonly #shards: ShardWriter;
  readonly #maxBytes: number;
  readonly #items = new SharedParts();
  readonly #values = new SharedParts();
  #ordinal = 0;

  /** Writes to the store of `context`. */
  constructor({ store, budget, maxPayloadBytes }: PayloadWriterContext) {
    this.#shards = new ShardWriter(store, budget);
    this.#maxBytes = maxPayloadBytes;
  }

  /** Writes a record, and its parts before it. */
  write(kind: RawPayloadKindName, value: unknown): RawPayloadRef {
    return this.#store(kind, this.#compose(kind, value)).ref;
  }

  /** Completes every shard. */
  seal(): void {
    this.#shards.seal();
  }

  #compose(kind: RawPayloadKindName, value: unknown): Composition {
    const payload = new Composition();
    const itemKeys = ITEM_KEYS.get(kind);
    const members = itemKeys && membersOf(value, itemKeys);
    if (members === undefined) {
      payload.add(compactJson(value));
      return payload;
    }
    const isPrompt = kind === "prepared_prompt";
    members.forEach(({ key, value: text }, i) => {
      payload.add(`${i === 0 ? "{" : ","}${compactJson(key)}:`);
      if (typeof text !== "string") this.#addItems(payload, text, isPrompt);
      else if (isPrompt && key === "base_instructions") {
        this.#addStrings(payload, text);
      } else payload.add(text);
    });
    payload.add(members.length === 0 ? "{}" : "}");
    return payload;
  }

  /** Items of prepared prompts are parts, others only when all together are too long. */
  #addItems(
    payload: Composition,
    items: readonly string[],
    isPrompt: boolean,
  ): void {
    const areParts = isPrompt || this.#isTooLong(items);
    items.forEach((item, i) => {
      payload.add(i === 0 ? "[" : ",");
      if (areParts) payload.addPart(this.#item(item));
      else this.#addStrings(payload, item);
    });
    payload.add(items.length === 0 ? "[]" : "]");
  }

  #isTooLong(items: readonly string[]): boolean {
    return this.#maxBytes !== Infinity &&
      hasMoreBytes(`[${items.join(",")}]`, this.#maxBytes);
  }

  #item(text: string): StoredPayload {
    return this.#items.get(text, () => {
      const item = new Composition();
      this.#addStrings(item, text);
      return this.#store("model_item", item);
    });
  }

  /** Appends a text whose images and long texts are stored apart from it. */
  #addStrings(payload: Composition, text: string): void {
    let at = 0;
    for (const { start, end } of separateStrings(text, this.#maxBytes)) {
      payload.add(text.slice(at, start));
      payload.addPart(this.#contentValue(text.slice(start, end)));
      at = end;
    }
    payload.add(text.slice(at));
  }

  #contentValue(text: string): StoredPayload {
    return this.#values.get(text, () => {
      const value = new Composition();
      value.add(text);
      return this.#store("content_value", value);
    });
  }

  #store(
    type: RawPayloadKindName,
    { fragments, parts }: Composition,
  ): StoredPayload {
    const [text = ""] = fragments;
    const isComplete = parts.length === 0;
    const record = utf8Bytes(isComplete ? text : compactJson(fragments));
    const bytes = isComplete ? record.length : textBytes(fragments, parts);
    // A payload with parts is stored completely, whatever its length.
    const isCut = isComplete && bytes > this.#maxBytes;
    const id = rawPayloadId(++this.#ordinal);
    const shard = this.#shards.append({
      id,
      data: isCut ? record.subarray(0, this.#maxBytes) : record,
      isContentValue: type === "content_value",
    });
    const capture = captureOf(shard, bytes, isCut ? this.#maxBytes : bytes);
    const ref: RawPayloadRef = {
      raw_payload_id: id,
      kind: { type },
      shard: shard ?? null,
      ...capture === undefined ? {} : { capture },
      ...isComplete ? {} : { parts: parts.map((part) => part.ref) },
    };
    return { ref, bytes };
  }
}

function textBytes(
  fragments: readonly string[],
  parts: readonly StoredPayload[],
): number {
  const own = utf8Bytes(fragments.join("")).length;
  return parts.reduce((sum, part) => sum + part.bytes, own);
}

function captureOf(
  shard: number | undefined,
  original_bytes: number,
  retained_bytes: number,
): PayloadCapture | undefined {
  if (shard === undefined) return { status: "omitted", original_bytes };
  return retained_bytes < original_bytes
    ? { status: "truncated", original_bytes, retained_bytes }
    : undefined;
}
