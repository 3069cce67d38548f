/**
 * Whether two items say the same, as a comparison of two integers.
 *
 * Rule "same item?" of the format: role, channel, kind, agent message, call id and body are
 * equal; JSON parts compare by their summary only, payload references by label and hash where
 * they have one, else by label and payload; reasoning that carries an encoded part is known by
 * its first encoded part alone. Beyond the reference, items with the same identity say the
 * same: see `identity.ts`.
 *
 * @module
 */

import { sha256Hex } from "../../format/json/sha256.ts";
import type { ConversationPart } from "../../graph/conversation.ts";
import type { NormalizedItem } from "./item_record.ts";

/** An item without its class. */
export type UnclassedItem = Omit<NormalizedItem, "contentClass" | "volatile">;

/** Numbers the different contents of one rollout. */
export class ContentClasses {
  /** Call id (or none) → what tells contents apart most → the contents met so far. */
  readonly #known: Map<string | null, Map<string, Candidates>> = new Map();
  /** Call id (or none) → kind and identity → class. */
  readonly #identities: Map<string | null, Map<string, number>> = new Map();
  #count = 0;

  /**
   * Gives an item its class. Texts that are held already are not held twice: an item seen in a
   * response and again in a request shares its parts.
   */
  classify(item: UnclassedItem): NormalizedItem {
    let byKey = this.#known.get(item.callId);
    if (byKey === undefined) this.#known.set(item.callId, byKey = new Map());
    const key = discriminator(item);
    const candidates = byKey.get(key);
    const same = candidates?.find(item);
    if (same !== undefined) return sharing(item, same);
    const fresh: NormalizedItem = {
      ...item,
      contentClass: this.#classOfIdentity(item) ?? ++this.#count,
      volatile: item.identity === null &&
        item.parts.some((part) => isVolatile(part, item.rawPayloadId)),
    };
    if (candidates !== undefined) candidates.add(fresh);
    else byKey.set(key, new Candidates(fresh));
    return fresh;
  }

  /** The class of an item with the same identity; both stay as forms of one content. */
  #classOfIdentity({ callId, kind, identity }: UnclassedItem):
    | number
    | undefined {
    if (identity === null) return undefined;
    let byKey = this.#identities.get(callId);
    if (byKey === undefined) this.#identities.set(callId, byKey = new Map());
    const key = `${kind} ${identity}`;
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, ++this.#count);
    return this.#count;
  }

  /** The same item in another payload: its parts point there, except to parts of the payload. */
  restamp(item: NormalizedItem, rawPayloadId: string): NormalizedItem {
    const parts = item.parts.map((part) =>
      "raw_payload_id" in part && part.raw_payload_id === item.rawPayloadId
        ? { ...part, raw_payload_id: rawPayloadId }
        : part
    );
    return this.classify({ ...unclassed(item), parts, rawPayloadId });
  }
}

/** Up to so many candidates, to compare with each is as fast as a table. */
const FEW = 16;

/** Different contents that begin the same. */
class Candidates {
  readonly #all: NormalizedItem[];
  #byContent: Map<string, NormalizedItem> | undefined;

  constructor(first: NormalizedItem) {
    this.#all = [first];
  }

  /** The one that says the same. */
  find(item: UnclassedItem): NormalizedItem | undefined {
    if (this.#all.length <= FEW) {
      return this.#all.find((known) => saysTheSame(known, item));
    }
    this.#byContent ??= new Map(
      this.#all.map((known) => [contentKey(known), known]),
    );
    return this.#byContent.get(contentKey(item));
  }

  add(item: NormalizedItem): void {
    this.#all.push(item);
    this.#byContent?.set(contentKey(item), item);
  }
}

/** Equal for two items if and only if they say the same. */
function contentKey(item: UnclassedItem): string {
  const { role, channel, kind, callId, agentMessage } = item;
  const encoded = reasoningKey(item);
  const parts = encoded === undefined ? item.parts : [encoded];
  return sha256Hex(JSON.stringify([
    role,
    channel,
    kind,
    callId,
    agentMessage === null
      ? null
      : [agentMessage.author, agentMessage.recipient],
    encoded !== undefined,
    parts.map(partKey),
  ]));
}

/** What {@linkcode samePart} compares. */
function partKey(part: ConversationPart): readonly (string | undefined)[] {
  switch (part.type) {
    case "text":
    case "summary":
      return [part.type, part.text];
    case "encoded":
      return [part.type, part.label, part.value];
    case "json":
      return [part.type, part.summary];
    case "code":
      return [part.type, part.language, part.source];
    case "payload_ref": {
      const { type, label, content_sha256 } = part;
      return content_sha256 === undefined
        ? [type, label, "payload", part.raw_payload_id]
        : [type, label, "hash", content_sha256];
    }
  }
}

function unclassed(item: NormalizedItem): UnclassedItem {
  const { contentClass: _class, volatile: _volatile, ...rest } = item;
  return rest;
}

function sharing(item: UnclassedItem, same: NormalizedItem): NormalizedItem {
  // JSON parts point to the payload they stand in, and reasoning may differ in its readable
  // parts: both keep their own.
  const keepsParts = item.kind === "reasoning" ||
    item.parts.some((part) =>
      part.type === "json" || part.type === "payload_ref"
    );
  return {
    ...item,
    parts: keepsParts ? item.parts : same.parts,
    contentClass: same.contentClass,
    volatile: same.volatile,
  };
}

function isVolatile(part: ConversationPart, rawPayloadId: string): boolean {
  return part.type === "payload_ref" && part.content_sha256 === undefined &&
    part.raw_payload_id === rawPayloadId;
}

/** The first encoded part of a reasoning item, which identifies it. */
function reasoningKey(item: UnclassedItem): ConversationPart | undefined {
  if (item.kind !== "reasoning") return undefined;
  return item.parts.find((part) => part.type === "encoded");
}

/** How many characters of each end stand for a long text: to hash all of it would cost more. */
const END_CHARACTERS = 48;

/** What tells contents apart most, and fast; different ones may have the same. */
function discriminator(item: UnclassedItem): string {
  const text = tellingText(item);
  return text.length <= 2 * END_CHARACTERS
    ? text
    : `${text.slice(0, END_CHARACTERS)}${text.length}${
      text.slice(-END_CHARACTERS)
    }`;
}

function tellingText(item: UnclassedItem): string {
  const part = reasoningKey(item) ?? item.parts[0];
  if (part === undefined) return "";
  switch (part.type) {
    case "text":
    case "summary":
      return part.text;
    case "encoded":
      return part.value;
    case "json":
      return part.summary;
    case "code":
      return part.source;
    case "payload_ref":
      return part.content_sha256 ?? part.raw_payload_id;
  }
}

function saysTheSame(a: UnclassedItem, b: UnclassedItem): boolean {
  if (
    a.role !== b.role || a.channel !== b.channel || a.kind !== b.kind ||
    a.callId !== b.callId ||
    a.agentMessage?.author !== b.agentMessage?.author ||
    a.agentMessage?.recipient !== b.agentMessage?.recipient ||
    (a.agentMessage === null) !== (b.agentMessage === null)
  ) return false;
  const encodedA = reasoningKey(a);
  const encodedB = reasoningKey(b);
  if (encodedA !== undefined && encodedB !== undefined) {
    return samePart(encodedA, encodedB);
  }
  return areSameParts(a.parts, b.parts);
}

/** Whether two bodies are the same part by part. */
export function areSameParts(
  a: readonly ConversationPart[],
  b: readonly ConversationPart[],
): boolean {
  return a.length === b.length && a.every((part, i) => {
    const other = b[i];
    return other !== undefined && samePart(part, other);
  });
}

function samePart(a: ConversationPart, b: ConversationPart): boolean {
  switch (a.type) {
    case "text":
    case "summary":
      return b.type === a.type && b.text === a.text;
    case "encoded":
      return b.type === a.type && b.label === a.label && b.value === a.value;
    case "json":
      return b.type === a.type && b.summary === a.summary;
    case "code":
      return b.type === a.type && b.language === a.language &&
        b.source === a.source;
    case "payload_ref":
      return b.type === a.type && b.label === a.label &&
        b.content_sha256 === a.content_sha256 &&
        (a.content_sha256 !== undefined ||
          b.raw_payload_id === a.raw_payload_id);
  }
}
