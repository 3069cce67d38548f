/**
 * Texts that one prompt has more than once: each copy is paid for.
 *
 * @module
 */

import { parseExact } from "../../format/json/json_parse.ts";
import { canonicalJson } from "../../format/json/json_print.ts";
import type { RawElement } from "../../format/payload.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import type { PayloadReader, TraceSession } from "../session/session.ts";
import type { RepeatedText } from "./context_answer.ts";
import type { Prompt, PromptElement } from "./prompt.ts";

/** What differs in elements that repeat a text: ids, and the call that they belong to. */
const OWN_KEYS = ["id", "call_id"];

/**
 * The elements of a prompt with the same content as an earlier one of it, those that cost most
 * first. Of a request that continues another, only what it sends is compared.
 */
export function repeatedTexts(
  session: TraceSession,
  payloads: PayloadReader,
  call: InferenceCall,
  prompt: Prompt,
): RepeatedText[] {
  const { ref } = effectiveRequest(session, call);
  if (ref === undefined || ref.capture !== undefined) return [];
  const sources = payloads.open(ref).elements("input") ?? [];
  const copies = new Map<string, number[]>();
  for (const [at, source] of sources.entries()) {
    if (prompt.elements[at]?.isLost !== false) continue;
    const key = contentKey(source);
    copies.set(key, [...copies.get(key) ?? [], at]);
  }
  return [...copies.values()]
    .filter(({ length }) => length > 1)
    .flatMap((places) => repeated(session, call, prompt, places))
    .sort((a, b) => b.repeated_bytes - a.repeated_bytes);
}

function contentKey(element: RawElement): string {
  const node = parseExact(element.source());
  if (node instanceof Map) { for (const key of OWN_KEYS) node.delete(key); }
  return canonicalJson(node);
}

function repeated(
  { names }: TraceSession,
  call: InferenceCall,
  { elements, inherited }: Prompt,
  places: readonly number[],
): RepeatedText[] {
  const found = places.flatMap((at) => elements[at] ?? []);
  const [first, ...others] = found;
  if (first === undefined) return [];
  const itemOf = ({ text, position }: PromptElement) => {
    const id = text === null
      ? call.request_item_ids.at(inherited + position)
      : undefined;
    return id === undefined ? null : names.ref("item", id);
  };
  return [{
    source: first.source,
    name: first.name,
    indexes: places,
    items: found.map(itemOf),
    bytes: first.bytes,
    repeated_bytes: others.reduce((sum, { bytes }) => sum + bytes, 0),
  }];
}
