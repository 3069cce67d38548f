/**
 * JSON as bundles hold it: events compact and on one line, payloads pretty or compact.
 *
 * Owns the one difference to `JSON.stringify`: text is made well-formed. JavaScript strings may
 * hold halves of surrogate pairs, and strict JSON readers refuse their escapes; a host's
 * truncated string must not make its bundle unreadable.
 *
 * @module
 */

const utf8 = new TextEncoder();

/** Bytes of `value` indented by two spaces, without a final line feed. */
export function prettyJson(value: unknown): Uint8Array {
  return utf8.encode(prettyJsonText(value));
}

/** `value` indented by two spaces. */
export function prettyJsonText(value: unknown): string {
  return jsonText(value, 2);
}

/**
 * `value` on one line.
 *
 * @throws {TypeError} If it has no JSON.
 */
export function compactJson(value: unknown): string {
  return jsonText(value);
}

export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

/** Storage that is kept for the next text. */
const MAX_SCRATCH = 1024 * 1024;

/** Encodes texts into the same storage: to make an array for each takes longer than to fill it. */
export class Utf8Scratch {
  #bytes = new Uint8Array(0);

  /** Bytes of a text. Valid until the next one is encoded. */
  bytesOf(text: string): Uint8Array {
    // A unit of the string has one to three bytes.
    const max = 3 * text.length;
    if (max > MAX_SCRATCH) return utf8.encode(text);
    if (max > this.#bytes.length) this.#bytes = new Uint8Array(2 * max);
    const { written } = utf8.encodeInto(text, this.#bytes);
    return this.#bytes.subarray(0, written);
  }
}

/** Whether a text has more than `max` bytes. */
export function hasMoreBytes(text: string, max: number): boolean {
  // A unit of the string has one to three bytes; mostly it need not be counted.
  if (text.length > max) return true;
  return 3 * text.length > max && utf8.encode(text).length > max;
}

function jsonText(value: unknown, indent?: number): string {
  return wellFormed(jsonOf(value, indent));
}

/**
 * JSON as the runtime writes it.
 *
 * @throws {TypeError} If there is none.
 */
export function jsonOf(value: unknown, indent?: number): string {
  // The declared type leaves out that functions and `undefined` have no JSON.
  const text: string | undefined = JSON.stringify(value, null, indent);
  if (text !== undefined) return text;
  throw new TypeError(`Cannot write JSON: a ${typeof value} has none`);
}

/** `JSON.stringify` escapes exactly the lone surrogates as `\ud…`, in lower case. */
export function wellFormed(json: string): string {
  if (!json.includes("\\ud")) return json;
  // Escaped backslashes are consumed in pairs, so that the text `\ud800` stays a text.
  return json.replace(
    /\\\\|\\ud[89a-f][0-9a-f]{2}/g,
    (match) => match === "\\\\" ? match : "\ufffd",
  );
}
