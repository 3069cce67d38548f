/**
 * The content of items: text parts, pictures, strange elements, arguments of calls, outputs.
 *
 * @module
 */

import { type Json, json, Obj, obj, Raw, render } from "./json_text.ts";
import type { Session } from "../session.ts";
import { anyJson, anyObject, nearLimit, text } from "./values.ts";

/** A piece of content, and whether it holds a reference to its payload. */
export interface Content {
  /** The value of `content` or `output`; undefined when the key is to be missing. */
  json: Json | undefined;
  /** True when normalising it yields a payload reference. */
  opaque: boolean;
  /** True when that reference carries no hash of the element, in either schema. */
  unhashed: boolean;
}

function plain(value: Json): Content {
  return { json: value, opaque: false, unhashed: false };
}

function textPart(s: Session): Obj {
  const type = s.prng.weighted([[5, "input_text"], [4, "output_text"], [
    1,
    "text",
  ]]);
  const part = obj({ type, text: text(s.prng) });
  return s.prng.chance(0.1) ? part.with("annotations", []) : part;
}

function opaquePart(s: Session): Json {
  const p = s.prng;
  return p.weighted<() => Json>([
    [
      6,
      () =>
        obj({
          type: "input_image",
          image_url: `data:${p.pick(["aa", "bb"])}`,
          detail: new Raw(p.pick(["null", "1e3", '"high"', "2.0", "-0"])),
        }),
    ],
    [1, () => obj({ type: "input_file", file: anyJson(p, 2) })],
    [1, () => obj({ text: "no type" })],
    [1, () => obj({ type: 5 })],
    [1, () => p.pick<Json>([null, 1, "bare", true])],
    [1, () => [obj({ type: "text", text: "nested" })]],
    [1, () => anyObject(p, 2, 3)],
  ])();
}

/** True when an element of a content list becomes a text part, or nothing at all. */
function isTextual(part: Json): boolean {
  const type = part instanceof Obj ? part.get("type") : undefined;
  return type === "input_text" || type === "output_text" || type === "text";
}

/** A list of content parts. */
export function contentList(s: Session): Content {
  const p = s.prng;
  const parts: Json[] = Array.from(
    { length: p.weighted([[12, 1], [4, 2], [1, 3]]) },
    () => textPart(s),
  );
  if (p.chance(s.schema < 3 ? 0.12 : 0.2)) {
    parts.splice(p.int(parts.length + 1), 0, opaquePart(s));
  }
  if (p.chance(0.03)) parts.push(obj({ type: "input_text" }));
  if (p.chance(0.03)) parts.splice(0, parts.length);
  if (p.chance(0.03)) parts.splice(0, parts.length, obj({ type: "text" }));
  const texts = parts.filter((part) =>
    isTextual(part) && part instanceof Obj && part.get("text") !== undefined
  );
  const opaque = parts.some((part) => !isTextual(part));
  // Schema 1 shows a list that renders to nothing as a reference to the payload.
  const empty = s.schema === 1 && texts.length === 0;
  return { json: parts, opaque: opaque || empty, unhashed: false };
}

/** Content of a message. */
export function messageContent(s: Session): Content {
  if (!s.prng.chance(0.06)) return contentList(s);
  const value = s.prng.pick<Json | undefined>([undefined, null, "text", 3]);
  return { json: value, opaque: true, unhashed: true };
}

/** Output of a call. */
export function outputContent(s: Session): Content {
  const p = s.prng;
  return p.weighted<() => Content>([
    [10, () => plain(text(p))],
    [6, () => contentList(s)],
    [2, () => plain(anyObject(p, 2, 3))],
    [1, () => plain(null)],
    [1, () => plain(new Raw(p.pick(["1e3", "-0", "2.50", "true"])))],
    [1, () => plain(longObject(s))],
    [1, () => ({ json: undefined, opaque: true, unhashed: true })],
  ])();
}

/** An object whose summary is about as long as summaries may be. */
export function longObject(s: Session): Obj {
  const wide = s.schema !== 1 ? s.prng.chance(0.6) : s.prng.chance(0.05);
  return obj({ k: nearLimit(s.prng, wide), z: 1 });
}

/** JSON text with white space, escapes and number spellings of its own. */
export function spelled(s: Session, value: Json): string {
  const p = s.prng;
  if (p.chance(0.6)) return render(value);
  return render(value, {
    space: () => p.weighted([[8, ""], [2, " "], [1, "\n"]]),
    quote: (t) =>
      p.chance(0.8) ? JSON.stringify(t) : `"${
        Array.from(
          t,
          (c) =>
            c.length > 1
              ? c
              : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
        ).join("")
      }"`,
  });
}

/** Arguments of a function call; undefined when the key is to be missing. */
export function callArguments(s: Session): Content {
  const p = s.prng;
  return p.weighted<() => Content>([
    [8, () => plain(spelled(s, anyObject(p, 2, p.int(4))))],
    [3, () => plain(spelled(s, json({ cmd: text(p), yield_time_ms: 250 })))],
    [2, () => plain(spelled(s, longObject(s)))],
    [1, () => plain(spelled(s, anyJson(p, 2)))],
    [1, () => plain(p.pick(BAD_JSON))],
    [1, () => plain(anyObject(p, 1, 2))],
    [1, () => plain(p.pick<Json>([null, true, new Raw("1E5"), []]))],
    [1, () => ({ json: undefined, opaque: true, unhashed: true })],
  ])();
}

/** Argument texts that the reference does not take for JSON. */
const BAD_JSON: readonly string[] = [
  "",
  "not json",
  '{"a":1',
  '{"a":1} x',
  "\ufeff{}",
  '{"a":"\\ud800"}',
  '{"a":"\\ud83c\\udf0d"}',
  "[".repeat(130) + "]".repeat(130),
  "[".repeat(127) + "]".repeat(127),
  "[".repeat(128) + "]".repeat(128),
  "{a:1}",
  "01",
  "NaN",
  ' {"a" : 1 } ',
  '{"a":1,}',
  '"just text"',
];
