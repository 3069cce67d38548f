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

/** Bytes of a text. */
export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text);
}

/** Whether a text has more than `max` bytes. */
export function hasMoreBytes(text: string, max: number): boolean {
  // A unit of the string has one to three bytes; mostly it need not be counted.
  if (text.length > max) return true;
  return 3 * text.length > max && utf8.encode(text).length > max;
}

function jsonText(value: unknown, indent?: number): string {
  // The declared type leaves out that functions and `undefined` have no JSON.
  const text: string | undefined = JSON.stringify(value, null, indent);
  if (text === undefined) {
    throw new TypeError(`Cannot write JSON: a ${typeof value} has none`);
  }
  return wellFormed(text);
}

/** `JSON.stringify` escapes exactly the lone surrogates as `\ud…`, in lower case. */
function wellFormed(json: string): string {
  if (!json.includes("\\ud")) return json;
  // Escaped backslashes are consumed in pairs, so that the text `\ud800` stays a text.
  return json.replace(
    /\\\\|\\ud[89a-f][0-9a-f]{2}/g,
    (match) => match === "\\\\" ? match : "\ufffd",
  );
}
