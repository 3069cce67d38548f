/**
 * JSON as bundles hold it: events compact and on one line, files pretty.
 *
 * Owns the one difference to `JSON.stringify`: text is made well-formed. JavaScript strings may
 * hold halves of surrogate pairs, and strict JSON readers refuse their escapes; a host's
 * truncated string must not make its bundle unreadable.
 *
 * @module
 */

const utf8 = new TextEncoder();

/** Bytes of `value` on one line, with the line feed. */
export function jsonLine(value: unknown): Uint8Array {
  return utf8.encode(`${wellFormed(stringify(value))}\n`);
}

/** Bytes of `value` indented by two spaces, without a final line feed. */
export function prettyJson(value: unknown): Uint8Array {
  return utf8.encode(wellFormed(stringify(value, 2)));
}

function stringify(value: unknown, indent?: number): string {
  // The declared type leaves out that functions and `undefined` have no JSON.
  const text: string | undefined = JSON.stringify(value, null, indent);
  if (text === undefined) {
    throw new TypeError(`Cannot write JSON: a ${typeof value} has none`);
  }
  return text;
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
