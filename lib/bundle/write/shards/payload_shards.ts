/**
 * Writes payloads as records of shards, composed of parts that are stored once. Schema 3.
 *
 * Owns which parts a payload has, and what a limit leaves of it. Splits, cuts and omits as Codex
 * does.
 *
 * @module
 */

import { rawPayloadId } from "../../../format/ids.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../format/payload.ts";
import { separateStrings } from "../json_members.ts";
import { compactJson, hasMoreBytes, utf8Bytes } from "../json_text.ts";
import { RecordDraft } from "../payload_draft.ts";
import {
  type PayloadWriter,
  type PayloadWriterContext,
  requireReadable,
} from "../payload_writer.ts";
import { ShardWriter } from "./shard_writer.ts";
import { SharedParts, type StoredPayload } from "./shared_parts.ts";

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
export class PayloadShards implements PayloadWriter<RecordDraft> {
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

  /** Returns the text of a record. */
  draft(kind: RawPayloadKindName, value: unknown): RecordDraft {
    return new RecordDraft(kind, value);
  }

  /** Writes a record, and its parts before it. */
  write(draft: RecordDraft): RawPayloadRef {
    try {
      const { ref } = this.#store(draft.kind, this.#compose(draft));
      this.#shards.flush();
      return ref;
    } catch (error) {
      // Some of its parts may be written, but it is not known which.
      this.#shards.discard();
      for (const parts of [this.#items, this.#values]) parts.forgetNew();
      throw error;
    } finally {
      for (const parts of [this.#items, this.#values]) parts.keepNew();
    }
  }

  /** Completes every shard. */
  seal(): void {
    this.#shards.seal();
  }

  #compose({ kind, content }: RecordDraft): Composition {
    const payload = new Composition();
    if (typeof content === "string") {
      payload.add(content);
      return payload;
    }
    const isPrompt = kind === "prepared_prompt";
    content.forEach(({ key, value: text }, i) => {
      payload.add(`${i === 0 ? "{" : ","}${compactJson(key)}:`);
      if (typeof text !== "string") this.#addItems(payload, text, isPrompt);
      else if (isPrompt && key === "base_instructions") {
        this.#addStrings(payload, text);
      } else payload.add(text);
    });
    payload.add(content.length === 0 ? "{}" : "}");
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
    const own = isComplete ? record.length : textBytes(fragments);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, own);
    // A payload with parts is stored completely, whatever its length.
    const isCut = isComplete && bytes > this.#maxBytes;
    const readable = parts.reduce((sum, part) => sum + part.readable, own);
    requireReadable(isCut ? this.#maxBytes : readable);
    const id = rawPayloadId(++this.#ordinal);
    const shard = this.#shards.add({
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
    return { ref, bytes, readable: capture === undefined ? readable : 0 };
  }
}

function textBytes(fragments: readonly string[]): number {
  return utf8Bytes(fragments.join("")).length;
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
