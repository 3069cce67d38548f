/**
 * Payloads before they are written: as text, so that nothing of the host is read any more.
 *
 * @module
 */

import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import {
  type JsonMember,
  membersOf,
  SharedJson,
  splitList,
} from "./json_members.ts";
import { compactJson, prettyJsonText } from "./json_text.ts";
import type { SharedText, SharedTexts } from "./shared_texts.ts";

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
  readonly lists: ReadonlyMap<string, readonly SharedText[]>;
  /** Its text with empty arrays in the place of these lists. */
  readonly rest: string;
  /** The payload, if it is a Responses item that lists repeat; `undefined` where none do. */
  readonly item?: SharedText | undefined;
  /** A reference in the form of the storage, with an id that no payload has. */
  readonly placeholder: RawPayloadRef;
  /** The string under a key of the payload; `undefined` if there is none. */
  stringUnder(key: string): string | undefined;
}

const NO_PAYLOAD = "raw_payload:0";

/** A payload that becomes a file: its text is indented. */
export class FileDraft implements PayloadDraft {
  readonly kind: RawPayloadKindName;
  readonly lists: ReadonlyMap<string, readonly SharedText[]>;
  readonly rest: string;
  readonly placeholder: RawPayloadRef;
  /** The complete text. */
  readonly text: string;

  /**
   * Reads `value`.
   *
   * @param shared Texts of items.
   * @throws {TypeError} If it has no JSON.
   */
  constructor(kind: RawPayloadKindName, value: unknown, shared: SharedTexts) {
    this.kind = kind;
    this.text = prettyJsonText(value);
    const lists = new Map<string, readonly SharedText[]>();
    let rest = this.text;
    for (const key of ITEM_KEYS.get(kind) ?? NO_KEYS) {
      const split = splitList(rest, key);
      if (split === undefined) continue;
      lists.set(key, split.items.map((text) => shared.of(text)));
      rest = split.rest;
    }
    this.lists = lists;
    this.rest = rest;
    const raw_payload_id = NO_PAYLOAD;
    this.placeholder = { raw_payload_id, kind: { type: kind }, path: "" };
  }

  stringUnder(key: string): string | undefined {
    // No string has a line feed, so the indentation shows what the keys of the payload are.
    const name = `\n  ${compactJson(key)}: `;
    const start = this.rest.indexOf(name);
    if (start < 0) return undefined;
    const value = start + name.length;
    const line = this.rest.slice(value, this.rest.indexOf("\n", value));
    return parseString(line.endsWith(",") ? line.slice(0, -1) : line);
  }
}

/** A payload that becomes a record of a shard: its text is compact, its items are apart. */
export class RecordDraft implements PayloadDraft {
  readonly kind: RawPayloadKindName;
  readonly lists: ReadonlyMap<string, readonly SharedText[]>;
  readonly rest: string;
  readonly placeholder: RawPayloadRef;
  readonly item: SharedText | undefined;
  /** The members with the lists of items taken apart, or the text of what has no items. */
  readonly content: string | readonly JsonMember[];

  /**
   * Reads `value`.
   *
   * @param shared Texts of items.
   * @throws {TypeError} If it has no JSON.
   */
  constructor(kind: RawPayloadKindName, value: unknown, shared: SharedTexts) {
    this.kind = kind;
    const keys = ITEM_KEYS.get(kind);
    this.item = value instanceof SharedJson ? value.item(shared) : undefined;
    this.content = (keys && membersOf(value, keys, shared)) ??
      this.item?.text ?? compactJson(value);
    const raw_payload_id = NO_PAYLOAD;
    this.placeholder = { raw_payload_id, kind: { type: kind }, shard: 1 };
    const lists = new Map<string, readonly SharedText[]>();
    this.lists = lists;
    if (typeof this.content === "string") {
      this.rest = this.content;
      return;
    }
    let rest = "";
    for (const { key, value } of this.content) {
      rest += `${rest === "" ? "{" : ","}${compactJson(key)}:`;
      if (typeof value === "string") rest += value;
      else {
        rest += "[]";
        lists.set(key, value);
      }
    }
    this.rest = rest === "" ? "{}" : `${rest}}`;
  }

  stringUnder(key: string): string | undefined {
    if (typeof this.content === "string") return undefined;
    const value = this.content.find((member) => member.key === key)?.value;
    return typeof value === "string" ? parseString(value) : undefined;
  }
}

function parseString(json: string): string | undefined {
  return json.startsWith('"') ? JSON.parse(json) : undefined;
}
