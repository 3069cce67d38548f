/**
 * References to payloads: what all of their written forms share, and the way from a reference to
 * its parts.
 *
 * How a reference is written depends on the schema. The fields of an event only say that there is
 * one: the decoder of the log knows the form.
 *
 * @module
 */

import {
  asObject,
  at,
  DecodeError,
  kindOf,
  member,
  refuseRepeated,
} from "../decode/decode.ts";
import type { DecodeContext, Decoder } from "../decode/decode.ts";
import { tagName } from "../decode/record_decoder.ts";
import { word } from "../decode/vocabulary_decoders.ts";
import type { DecodedEvent } from "../event.ts";
import type { RawPayloadKindName, RawPayloadRef } from "../payload.ts";

/** A reference in the form of the log, which the context keeps. */
export function payloadRef(
  value: unknown,
  context: DecodeContext,
): RawPayloadRef {
  if (context.payloadRef === undefined) {
    throw new TypeError("cannot decode a payload reference: its form is unset");
  }
  const reference = context.payloadRef(value, context);
  // Its parts are not references of the event itself.
  context.payloads.push(reference);
  return reference;
}

/**
 * Makes a decoder of the kind of a payload: one of `kinds`, in the order of the format, since the
 * array form may give its index. The kind may carry a `value`, as long as that is null.
 */
export function payloadKind(
  kinds: readonly RawPayloadKindName[],
): Decoder<{ type: RawPayloadKindName }> {
  const name = word(kinds);
  return (value, context) => {
    const [tag, content] = Array.isArray(value)
      ? ofArray(value, kinds)
      : ofObject(value, context);
    if (tag === undefined) throw new DecodeError("key is missing", "type");
    if (content !== null) {
      throw new DecodeError(`expected null, found ${kindOf(content)}`, "value");
    }
    return { type: at("type", tag, name, context) };
  };
}

type KindParts = readonly [tag: unknown, content: unknown];

function ofArray(
  array: readonly unknown[],
  kinds: readonly RawPayloadKindName[],
): KindParts {
  if (array.length !== 2) throw new DecodeError("expected two elements");
  return [tagName(array[0], kinds), array[1]];
}

function ofObject(value: unknown, context: DecodeContext): KindParts {
  const object = asObject(value);
  if (object === undefined) {
    throw new DecodeError(`expected an object, found ${kindOf(value)}`);
  }
  refuseRepeated(object, "type", context);
  refuseRepeated(object, "value", context);
  return [member(object, "type"), member(object, "value") ?? null];
}

/** The payload references of an event, each with the key that holds it, in order of the keys. */
export function* payloadsByKey(
  { event, payloads, meaning }: DecodedEvent,
): Generator<readonly [key: string, ref: RawPayloadRef], void> {
  const members: Readonly<Record<string, unknown>> = { ...event.payload };
  let next = 0;
  for (const key of Object.keys(meaning.payloadKinds)) {
    const value = members[key];
    const count = Array.isArray(value) ? value.length : value === null ? 0 : 1;
    for (const ref of payloads.slice(next, next += count)) yield [key, ref];
  }
}

/**
 * A reference and, recursively, its parts: the reference first, then its parts from the last to
 * the first, each with its own parts behind it. This is the order in which the reference reducer
 * registers them.
 */
export function* allRefs(ref: RawPayloadRef): Generator<RawPayloadRef, void> {
  const pending = [ref];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    for (const part of next.parts ?? []) pending.push(part);
  }
}
