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

import type { ModelVisibleCallId, RawPayloadId } from "../../format/ids.ts";
import { sha256Hex } from "../../format/sha256.ts";
import type {
  AgentMessageAddress,
  ConversationChannel,
  ConversationItemKind,
  ConversationPart,
  ConversationRole,
} from "../../graph/conversation.ts";

/** A Responses item in the graph's words, before it is known whether it was seen before. */
export interface NormalizedItem {
  readonly role: ConversationRole;
  readonly channel: ConversationChannel | null;
  readonly kind: ConversationItemKind;
  readonly agentMessage: AgentMessageAddress | null;
  readonly parts: readonly ConversationPart[];
  readonly callId: ModelVisibleCallId | null;
  /**
   * Identifies what it says where the reference has no way to: content that is only a payload
   * reference, or an item that the API repeats without its id. Null where the reference can.
   */
  readonly identity: string | null;
  /** Its Responses id; always null where the schema does not know it. */
  readonly responsesId: string | null;
  /** Two items say the same if and only if these are equal, see `ContentClasses`. */
  readonly contentClass: number;
  /** Whether its content depends on the payload it is in, so that sharing must stop. */
  readonly volatile: boolean;
  /** Whether it is a tool output without any key `id`, which a request may name the id of. */
  readonly isIdlessOutput: boolean;
  /** Id of the payload it was read from. */
  readonly rawPayloadId: RawPayloadId;
  /** Whether it has what may be the marker of a missing part. */
  readonly mayHaveMarkers: boolean;
}

/** An item without its class. */
export type UnclassifiedItem = Omit<
  NormalizedItem,
  "contentClass" | "volatile"
>;

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

  /** The class of an item with the same identity; both stay as forms of one content. */
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

  /** The same item in another payload: its parts point there, except to parts of the payload. */
  withPayloadId(item: NormalizedItem, rawPayloadId: string): NormalizedItem {
    const parts = item.parts.map((part) =>
      "raw_payload_id" in part && part.raw_payload_id === item.rawPayloadId
        ? { ...part, raw_payload_id: rawPayloadId }
        : part
    );
    return this.classify({ ...unclassified(item), parts, rawPayloadId });
  }
}

/** Up to so many candidates, to compare with each is as fast as a table. */
const LINEAR_SCAN_LIMIT = 16;

/** Different contents that begin the same. */
class Candidates {
  readonly #all: NormalizedItem[];
  #byContent: Map<string, NormalizedItem> | undefined;

  constructor(first: NormalizedItem) {
    this.#all = [first];
  }

  /** The one that says the same. */
  find(item: UnclassifiedItem): NormalizedItem | undefined {
    if (this.#all.length <= LINEAR_SCAN_LIMIT) {
      return this.#all.find((known) => isSameContent(known, item));
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
function contentKey(item: UnclassifiedItem): string {
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

function unclassified(item: NormalizedItem): UnclassifiedItem {
  const { contentClass: _class, volatile: _volatile, ...rest } = item;
  return rest;
}

function sharing(item: UnclassifiedItem, same: NormalizedItem): NormalizedItem {
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
function reasoningKey(item: UnclassifiedItem): ConversationPart | undefined {
  if (item.kind !== "reasoning") return undefined;
  return item.parts.find((part) => part.type === "encoded");
}

/** How many characters of each end stand for a long text: to hash all of it would cost more. */
const END_CHARACTERS = 48;

/** What tells contents apart most, and fast; different ones may have the same. */
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
