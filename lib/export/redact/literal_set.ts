/**
 * Finds any of many literals in a text, in one pass.
 *
 * A table of the first two characters decides about most positions, so that a text without a
 * literal is read at the speed of a loop.
 *
 * @module
 */

/** A literal, and what belongs to it. */
export interface Literal<T> {
  /** The characters. */
  readonly text: string;
  /** Whether upper and lower case are the same; `text` is in lower case then. */
  readonly ignoresCase: boolean;
  /** What belongs to it. */
  readonly value: T;
}

const TABLE_SIZE = 1 << 14;

/** Literals that are searched for together. */
export class LiteralSet<T> {
  readonly #mayStart = new Uint8Array(TABLE_SIZE);
  readonly #buckets = new Map<number, Literal<T>[]>();

  /** Each literal has two characters or more. */
  constructor(literals: Iterable<Literal<T>>) {
    const longestFirst = [...literals]
      .sort((a, b) => b.text.length - a.text.length);
    for (const literal of longestFirst) {
      for (const pair of pairsOf(literal)) {
        this.#mayStart[pair] = 1;
        const bucket = this.#buckets.get(pair);
        if (bucket === undefined) this.#buckets.set(pair, [literal]);
        else if (!bucket.includes(literal)) bucket.push(literal);
      }
    }
  }

  /**
   * Calls `onMatch` with every literal at every offset, the longest first, until it returns where
   * to continue.
   */
  search(
    text: string,
    onMatch: (literal: Literal<T>, at: number) => number | undefined,
  ): void {
    const mayStart = this.#mayStart;
    const last = text.length - 1;
    let before = text.charCodeAt(0) & 0x7f;
    for (let at = 0; at < last;) {
      const next = text.charCodeAt(at + 1) & 0x7f;
      const pair = before << 7 | next;
      if (mayStart[pair] === 1) {
        const end = this.#matchAt(text, at, pair, onMatch);
        if (end !== undefined && end > at) {
          at = end;
          before = text.charCodeAt(at) & 0x7f;
          continue;
        }
      }
      before = next;
      at++;
    }
  }

  #matchAt(
    text: string,
    at: number,
    pair: number,
    onMatch: (literal: Literal<T>, at: number) => number | undefined,
  ): number | undefined {
    for (const literal of this.#buckets.get(pair) ?? []) {
      if (!isAt(text, at, literal)) continue;
      const end = onMatch(literal, at);
      if (end !== undefined) return end;
    }
    return undefined;
  }
}

function isAt<T>(text: string, at: number, literal: Literal<T>): boolean {
  const { text: wanted, ignoresCase } = literal;
  if (!ignoresCase) return text.startsWith(wanted, at);
  return text.slice(at, at + wanted.length).toLowerCase() === wanted;
}

/** The entries of the table for the first two characters. */
function pairsOf<T>({ text, ignoresCase }: Literal<T>): Set<number> {
  const [a = "", b = ""] = [text.charAt(0), text.charAt(1)];
  const spellings = (char: string) =>
    ignoresCase ? [char.toLowerCase(), char.toUpperCase()] : [char];
  return new Set(
    spellings(a).flatMap((first) =>
      spellings(b).map((second) =>
        (first.charCodeAt(0) & 0x7f) << 7 | second.charCodeAt(0) & 0x7f
      )
    ),
  );
}
