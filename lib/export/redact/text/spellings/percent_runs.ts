/**
 * URL-encoded parts of texts: finds, decodes and encodes them again.
 *
 * @module
 */

/** A part of a text with escapes such as `%3D`. */
export interface PercentRun {
  readonly start: number;
  readonly end: number;
  /** What it encodes. */
  readonly decoded: string;
  /** The same in a form, where a space is a plus. */
  readonly form: string;
}

/** What ends a component of a URL; quotes and parentheses are not encoded in one. */
const DELIMITER = /[\s"`<>&=?#/,;[\]{}\\]/;
const MAX_RUN = 64 * 1024;

/** Yields the components that have escapes. */
export function* percentRuns(text: string): Generator<PercentRun> {
  let from = 0;
  for (let at = text.indexOf("%"); at >= 0;) {
    if (!ESCAPE.test(text.slice(at, at + 3))) {
      at = text.indexOf("%", at + 1);
      continue;
    }
    let start = at;
    while (start > from && !DELIMITER.test(text.charAt(start - 1))) start--;
    let end = at + 1;
    while (
      end < text.length && end - at < MAX_RUN &&
      !DELIMITER.test(text.charAt(end))
    ) end++;
    const run = text.slice(start, end);
    const decoded = decodedPercent(run);
    if (decoded !== undefined) {
      const form = run.includes("+")
        ? decodedPercent(run.replaceAll("+", " ")) ?? decoded
        : decoded;
      yield { start, end, decoded, form };
    }
    from = end;
    at = text.indexOf("%", end);
  }
}

const ESCAPE = /^%[0-9A-Fa-f]{2}$/;

const ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g;

/** A text without its escapes; `undefined` where it has none. */
function decodedPercent(text: string): string | undefined {
  const decoded = text.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  return decoded === text ? undefined : decoded;
}
