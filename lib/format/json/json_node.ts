/**
 * A JSON value that lost nothing: keys in source order, numbers as spelled.
 *
 * `JSON.parse` reorders integer-like keys and rounds numbers; summaries and hashes must not.
 *
 * @module
 */

/** A number as it is spelled, with only what the reference's parser normalises. */
export class JsonNumber {
  /** Its spelling: exponents as `e+N` or `e-N`, `-0` as `0`, all else as in the source. */
  readonly text: string;

  /** Takes a spelling that is already normalised. */
  constructor(text: string) {
    this.text = text;
  }
}

/** An exact JSON value. A repeated key keeps its first place and its last value. */
export type JsonNode =
  | null
  | boolean
  | string
  | JsonNumber
  | JsonNode[]
  | Map<string, JsonNode>;
