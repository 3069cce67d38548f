/**
 * Content classes: two items have the same content if their classes, two integers, are equal.
 *
 * The rule of the format: role, channel, kind, agent message, call id and body are equal. JSON parts
 * are compared by their summary; payload references by label and hash, or by label and payload if
 * there is no hash; reasoning with an encoded part by the first encoded part only. In addition to
 * the reference reducer, items with the same identity have the same content: see
 * `normalize_item.ts`.
 *
 * @module
 */

import type { ModelVisibleCallId, RawPayloadId } from "../../format/ids.ts";
import { sha256Hex } from "../../format/sha256.ts";
import type {
  AgentMessageAddress,
  ConversationChannel,
  ConversationItemKind,
  ConversationPart,
  ConversationRole,
} from "../../graph/conversation.ts";

/** A Responses item in the terms of the graph, before it is matched with known items. */
export interface NormalizedItem {
  readonly role: ConversationRole;
  readonly channel: ConversationChannel | null;
  readonly kind: ConversationItemKind;
  readonly agentMessage: AgentMessageAddress | null;
  readonly parts: readonly ConversationPart[];
  readonly callId: ModelVisibleCallId | null;
  /**
   * Identifies the content where the reference reducer cannot: content that is only a payload
   * reference, or an item that the API repeats without its id. Null where the reference can.
   */
  readonly identity: string | null;
  /** Its Responses id; always null if the schema does not use it. */
  readonly responsesId: string | null;
  /** Equal for two items if and only if they have the same content, see `ContentClasses`. */
  readonly contentClass: number;
  /** Whether its content depends on its payload, so that the next request must not share it. */
  readonly volatile: boolean;
  /** Whether it is a tool output without the key `id`, so that an event may name its id. */
  readonly isIdlessOutput: boolean;
  /** Id of the payload it was read from. */
  readonly rawPayloadId: RawPayloadId;
  /** Whether it has a value that may be the marker of a missing part. */
  readonly mayHaveMarkers: boolean;
}

/** An item without its content class. */
export type UnclassifiedItem = Omit<
  NormalizedItem,
  "contentClass" | "volatile"
>;

/** The content classes of one rollout. */
export class ContentClasses {
  /** Call id (or none) → discriminator → the known contents. */
  readonly #known: Map<string | null, Map<string, Candidates>> = new Map();
  /** Call id (or none) → kind and identity → content class. */
  readonly #identities: Map<string | null, Map<string, number>> = new Map();
  #count = 0;

  /**
   * Returns an item with its content class. Equal items share their parts, so an item that is in a
   * response and again in a request is in memory once.
   */
  classify(item: UnclassifiedItem): NormalizedItem {
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

  /** Returns the class of an item with the same identity; both are forms of one content. */
  #classOfIdentity({ callId, kind, identity }: UnclassifiedItem):
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

  /** Returns the item with references to another payload instead of its own. */
  withPayloadId(item: NormalizedItem, rawPayloadId: string): NormalizedItem {
    const parts = item.parts.map((part) =>
      "raw_payload_id" in part && part.raw_payload_id === item.rawPayloadId
        ? { ...part, raw_payload_id: rawPayloadId }
        : part
    );
    return this.classify({ ...unclassified(item), parts, rawPayloadId });
  }
}

/** Maximum number of candidates for which comparing with each is as fast as a map. */
const LINEAR_SCAN_LIMIT = 16;

/** Different contents with the same discriminator. */
class Candidates {
  readonly #all: NormalizedItem[];
  #byContent: Map<string, NormalizedItem> | undefined;
  /** The key that was searched for last. */
  #key = "";

  constructor(first: NormalizedItem) {
    this.#all = [first];
  }

  /** Returns the candidate with the same content. */
  find(item: UnclassifiedItem): NormalizedItem | undefined {
    if (this.#all.length <= LINEAR_SCAN_LIMIT) {
      return this.#all.find((known) => isSameContent(known, item));
    }
    this.#byContent ??= new Map(
      this.#all.map((known) => [contentKey(known), known]),
    );
    this.#key = contentKey(item);
    return this.#byContent.get(this.#key);
  }

  /** Adds an item that {@linkcode find} has just not found. */
  add(item: NormalizedItem): void {
    this.#all.push(item);
    this.#byContent?.set(this.#key, item);
  }
}

/** Maximum length of a content that is its own key: hashing takes more time than it saves memory. */
const MAX_PLAIN_KEY = 512;

/** Returns a key that is equal for two items if and only if they have the same content. */
function contentKey(item: UnclassifiedItem): string {
  const { role, channel, kind, callId, agentMessage } = item;
  const encoded = reasoningKey(item);
  const parts = encoded === undefined ? item.parts : [encoded];
  const content = JSON.stringify([
    role,
    channel,
    kind,
    callId,
    agentMessage === null
      ? null
      : [agentMessage.author, agentMessage.recipient],
    encoded !== undefined,
    parts.map(partKey),
  ]);
  // A content begins with a bracket, and a hash does not.
  return content.length > MAX_PLAIN_KEY ? sha256Hex(content) : content;
}

/** Returns the values that {@linkcode samePart} compares. */
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

function unclassified(item: NormalizedItem): UnclassifiedItem {
  const { contentClass: _class, volatile: _volatile, ...rest } = item;
  return rest;
}

function sharing(item: UnclassifiedItem, same: NormalizedItem): NormalizedItem {
  // JSON parts refer to the payload they are in, and reasoning may differ in its readable parts.
  // Such items keep their own parts.
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

/** Returns the first encoded part of a reasoning item, which identifies it. */
function reasoningKey(item: UnclassifiedItem): ConversationPart | undefined {
  if (item.kind !== "reasoning") return undefined;
  return item.parts.find((part) => part.type === "encoded");
}

/** Number of characters of each end that represent a long text: hashing it would be slower. */
const END_CHARACTERS = 48;

/** Returns a short key that differs for most contents, and is fast to compute. */
function discriminator(item: UnclassifiedItem): string {
  const text = distinctiveText(item);
  return text.length <= 2 * END_CHARACTERS
    ? text
    : `${text.slice(0, END_CHARACTERS)}${text.length}${
      text.slice(-END_CHARACTERS)
    }`;
}

function distinctiveText(item: UnclassifiedItem): string {
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

function isSameContent(a: UnclassifiedItem, b: UnclassifiedItem): boolean {
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

/** Returns whether two bodies have the same parts. */
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
