/**
 * Payloads before they are written: as text, so that nothing of the host is read any more.
 *
 * @module
 */

import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import { type JsonMember, membersOf, splitList } from "./json_members.ts";
import { compactJson, prettyJsonText } from "./json_text.ts";

/** Where payloads hold Responses items. Other payloads have none. */
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
const NO_KEYS: ReadonlySet<string> = new Set();

/** A payload as text. */
export interface PayloadDraft {
  /** What it holds. */
  readonly kind: RawPayloadKindName;
  /** The texts of its Responses items, by the key of their list. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Its text with empty arrays in the place of these lists. */
  readonly rest: string;
  /** A reference in the form of the storage, with an id that no payload has. */
  readonly placeholder: RawPayloadRef;
}

const NO_PAYLOAD = "raw_payload:0";

/** A payload that becomes a file: its text is indented. */
export class FileDraft implements PayloadDraft {
  readonly kind: RawPayloadKindName;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly rest: string;
  readonly placeholder: RawPayloadRef;
  /** The complete text. */
  readonly text: string;

  /**
   * Reads `value`.
   *
   * @throws {TypeError} If it has no JSON.
   */
  constructor(kind: RawPayloadKindName, value: unknown) {
    this.kind = kind;
    this.text = prettyJsonText(value);
    const lists = new Map<string, readonly string[]>();
    let rest = this.text;
    for (const key of ITEM_KEYS.get(kind) ?? NO_KEYS) {
      const split = splitList(rest, key);
      if (split === undefined) continue;
      lists.set(key, split.items);
      rest = split.rest;
    }
    this.lists = lists;
    this.rest = rest;
    const raw_payload_id = NO_PAYLOAD;
    this.placeholder = { raw_payload_id, kind: { type: kind }, path: "" };
  }
}

/** A payload that becomes a record of a shard: its text is compact, its items are apart. */
export class RecordDraft implements PayloadDraft {
  readonly kind: RawPayloadKindName;
  readonly placeholder: RawPayloadRef;
  /** The members with the lists of items taken apart, or the text of what has no items. */
  readonly content: string | readonly JsonMember[];

  /**
   * Reads `value`.
   *
   * @throws {TypeError} If it has no JSON.
   */
  constructor(kind: RawPayloadKindName, value: unknown) {
    this.kind = kind;
    const keys = ITEM_KEYS.get(kind);
    this.content = (keys && membersOf(value, keys)) ?? compactJson(value);
    const raw_payload_id = NO_PAYLOAD;
    this.placeholder = { raw_payload_id, kind: { type: kind }, shard: 1 };
  }

  get lists(): ReadonlyMap<string, readonly string[]> {
    if (typeof this.content === "string") return new Map();
    return new Map(
      this.content.flatMap(({ key, value }) =>
        typeof value === "string" ? [] : [[key, value]]
      ),
    );
  }

  get rest(): string {
    if (typeof this.content === "string") return this.content;
    const members = this.content.map(({ key, value }) =>
      `${compactJson(key)}:${typeof value === "string" ? value : "[]"}`
    );
    return `{${members.join(",")}}`;
  }
}
