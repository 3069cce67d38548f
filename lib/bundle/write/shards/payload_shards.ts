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
import {
  compactJson,
  hasMoreBytes,
  utf8Bytes,
  Utf8Scratch,
} from "../json_text.ts";
import { RecordDraft } from "../payload_draft.ts";
import {
  type PayloadWriter,
  type PayloadWriterContext,
  requireReadable,
} from "../payload_writer.ts";
import { ShardWriter } from "./shard_writer.ts";
import {
  type SharedText,
  SharedTexts,
  type StoredPayload,
  type StringRange,
} from "../shared_texts.ts";

/** A text in the making: its parts, and the fragments around them. */
class Composition {
  /** One more than there are parts. */
  readonly fragments: string[] = [""];
  /** The parts between the fragments. */
  readonly parts: StoredPayload[] = [];

  /** Appends text. */
  add(text: string): void {
    this.fragments[this.parts.length] += text;
  }

  /** Appends the text of a part. */
  addPart(part: StoredPayload): void {
    this.parts.push(part);
    this.fragments.push("");
  }
}

/** Text between parts. */
interface Fragment {
  readonly text: string;
  readonly json: string;
  readonly bytes: number;
}

const COMMA: Fragment = { text: ",", json: '","', bytes: 1 };
const MIN_REPEATED = 1024;

/** Writes payloads to shards. */
export class PayloadShards implements PayloadWriter<RecordDraft> {
  readonly #shards: ShardWriter;
  readonly #maxBytes: number;
  readonly #items = new SharedTexts();
  /** Images, and texts of items that are too long. */
  readonly #values = new SharedTexts();
  /** What was stored and is not written yet. */
  #new: SharedText[] = [];
  /** The last long fragment: the tools of a prompt, which the next one has as well. */
  #repeated = COMMA;
  readonly #utf8 = new Utf8Scratch();
  #ordinal = 0;

  /** Writes to the store of `context`. */
  constructor({ store, budget, maxPayloadBytes }: PayloadWriterContext) {
    this.#shards = new ShardWriter(store, budget);
    this.#maxBytes = maxPayloadBytes;
  }

  /** Returns the text of a record. */
  draft(kind: RawPayloadKindName, value: unknown): RecordDraft {
    return new RecordDraft(kind, value, this.#items);
  }

  /** Writes records, each after its parts, by one write. */
  write(drafts: readonly RecordDraft[]): RawPayloadRef[] {
    try {
      const refs = drafts.map((draft) =>
        this.#store(draft.kind, this.#compose(draft)).ref
      );
      this.#shards.flush();
      return refs;
    } catch (error) {
      // Some of its parts may be written, but it is not known which.
      this.#shards.discard();
      for (const part of this.#new) part.stored = undefined;
      throw error;
    } finally {
      this.#new = [];
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
        this.#addStrings(payload, text, separateStrings(text, this.#maxBytes));
      } else payload.add(text);
    });
    payload.add(content.length === 0 ? "{}" : "}");
    return payload;
  }

  /** Items of prepared prompts are parts, others only when all together are too long. */
  #addItems(
    payload: Composition,
    items: readonly SharedText[],
    isPrompt: boolean,
  ): void {
    const areParts = isPrompt || this.#isTooLong(items);
    items.forEach((item, i) => {
      payload.add(i === 0 ? "[" : ",");
      if (areParts) payload.addPart(this.#part("model_item", item));
      else this.#addItem(payload, item);
    });
    payload.add(items.length === 0 ? "[]" : "]");
  }

  #isTooLong(items: readonly SharedText[]): boolean {
    if (this.#maxBytes === Infinity) return false;
    const list = `[${items.map(({ text }) => text).join(",")}]`;
    return hasMoreBytes(list, this.#maxBytes);
  }

  #part(kind: "model_item" | "content_value", part: SharedText): StoredPayload {
    if (part.stored === undefined) {
      const content = new Composition();
      if (kind === "model_item") this.#addItem(content, part);
      else content.add(part.text);
      part.stored = this.#store(kind, content);
      this.#new.push(part);
    }
    return part.stored;
  }

  #addItem(payload: Composition, item: SharedText): void {
    item.separate ??= separateStrings(item.text, this.#maxBytes);
    this.#addStrings(payload, item.text, item.separate);
  }

  /** Appends a text whose images and long texts are stored apart from it. */
  #addStrings(
    payload: Composition,
    text: string,
    separate: readonly StringRange[],
  ): void {
    let at = 0;
    for (const { start, end } of separate) {
      payload.add(text.slice(at, start));
      const value = this.#values.of(text.slice(start, end));
      payload.addPart(this.#part("content_value", value));
      at = end;
    }
    payload.add(text.slice(at));
  }

  #store(
    type: RawPayloadKindName,
    { fragments, parts }: Composition,
  ): StoredPayload {
    const isComplete = parts.length === 0;
    const pieces = isComplete
      ? []
      : fragments.map((text) => this.#fragment(text));
    const record = this.#utf8.bytesOf(
      isComplete
        ? fragments[0] ?? ""
        : `[${pieces.map(({ json }) => json).join(",")}]`,
    );
    const own = isComplete
      ? record.length
      : pieces.reduce((sum, { bytes }) => sum + bytes, 0);
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

  #fragment(text: string): Fragment {
    if (text === COMMA.text) return COMMA;
    if (text === this.#repeated.text) return this.#repeated;
    const json = compactJson(text);
    const fragment = { text, json, bytes: utf8Bytes(text).length };
    if (text.length >= MIN_REPEATED) this.#repeated = fragment;
    return fragment;
  }
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
