/**
 * The receipt of a redaction: what was replaced, and what was not looked into.
 *
 * It has no value that was found, and no part of one.
 *
 * @module
 */

import { counted } from "../../text/figures.ts";
import type { Level, RuleSet } from "./finding.ts";

/** Values of one kind. */
export interface KindCount {
  /** The kind, such as `github-token`. */
  readonly kind: string;
  /** Why it is replaced. */
  readonly level: Level;
  /** How many different values there are. */
  readonly values: number;
  /** How many times they were replaced. */
  readonly replacements: number;
}

/** Replacements of one kind at one place. */
export interface PlaceCount {
  /** The kind. */
  readonly kind: string;
  /** The kind of the documents: that of the payloads, `event` or `manifest`. */
  readonly document: string;
  /** The place in them, such as `input[].content[].text`. */
  readonly place: string;
  /** The file of the first replacement, relative to the bundle. */
  readonly file: string;
  /** How many there are. */
  readonly replacements: number;
}

/** What was not looked into. */
export type NotCoveredKind =
  | "encrypted content"
  | "image"
  | "audio"
  | "compressed data"
  | "binary data"
  | "nested too deep"
  | "not UTF-8";

/** Data that was not looked into. */
export interface NotCovered {
  /** What it is. */
  readonly what: NotCoveredKind;
  /** How many there are; those that are repeated count once. */
  readonly count: number;
  /** Their bytes; null where they were not counted. */
  readonly bytes: number | null;
  /** The file of the first one, relative to the bundle; empty where it is a name of a file. */
  readonly file: string;
  /** The place of the first one in it; empty where it is not in a string of JSON. */
  readonly place: string;
}

/** A value that the second scan found in the copy. */
export interface LeftOver {
  /** The kind. */
  readonly kind: string;
  /** The file, relative to the copy. */
  readonly file: string;
  /** The place in it. */
  readonly place: string;
}

/** A scan found values in what was to be shared. */
export class LeftOverError extends Error {
  /** Name of the class. */
  override readonly name = "LeftOverError";
  /** What was found, and where. */
  readonly leftOver: readonly LeftOver[];

  /** The message lists what was found. */
  constructor(leftOver: readonly LeftOver[]) {
    const found = leftOver.map(({ kind, file, place }) =>
      `${kind} in ${`${file} ${place}`.trim()}`
    );
    super(`the second scan found values: ${found.join("; ")}`);
    this.leftOver = leftOver;
  }
}

/** Spellings that are not read, in which a value stays in a copy unless all of it is elsewhere, too. */
export const NOT_READ: readonly string[] = [
  "bytes in a hex dump, in a list of numbers, or with separators between them",
  "values that are broken over several lines, but keys; and those that a program or a shell joins from several strings",
  "values that were changed: reversed, in letters of another case or similar ones, with spaces, hyphens or markup in them, or encoded in any way other than JSON, base64, hexadecimal digits, URLs, HTML, mails and escapes of code",
  "escapes of CSS, those with a large X (\\X41) or four octal digits, entities without a semicolon, and values with a NUL in them",
  "names and addresses in base64 of less than 16 digits",
  "tokens with a letter or a digit directly before or after them",
  "values in chunks of a stream or elements of an array that have them in such a spelling, private keys in short ones, and names of users that are nowhere in one piece",
  "text beside other bytes in base64, which is counted as binary data from 256 bytes on; and lines of base64 with other text between them than a mark or a number before each",
];

/** What was done, for a person who decides whether the copy may leave. */
export interface RedactionReceipt {
  /** Name of this format. */
  readonly format: "rollout-trace.redaction.1";
  /** Version of the schema of the bundle. */
  readonly schema_version: number;
  /** What was searched for. */
  readonly level: "secrets" | "personal";
  /** Whether the copy has texts. */
  readonly content: "all" | "none";
  /** Ids of the threads whose texts alone were kept; null for all. */
  readonly only_threads: readonly string[] | null;
  /** Kinds that were kept by request. */
  readonly kept: readonly string[];
  /** The rules. */
  readonly rules: readonly RuleSet[];
  /** Bytes that were read of the bundle, once; those of shards decompressed. */
  readonly bytes: number;
  /** By kind, the most frequent first. */
  readonly kinds: readonly KindCount[];
  /** By kind and place, the most frequent first. */
  readonly places: readonly PlaceCount[];
  /** What was not looked into. */
  readonly not_covered: readonly NotCovered[];
  /** Spellings that are not read: the same in each receipt. */
  readonly not_read: readonly string[];
  /** Files that are not in the copy. */
  readonly not_copied: readonly {
    readonly file: string;
    readonly reason: string;
  }[];
  /** What the second scan found in the copy; null for a dry run, which makes none. */
  readonly second_scan: { readonly left_over: readonly LeftOver[] } | null;
}

/** Why a file is not copied that no reader of the copy needs. */
export const NO_PART = {
  /** Nothing of it can be looked into. */
  unnamed: "no event names it, and it is not UTF-8",
  irregular: "it is no regular file",
  temporary: "it is a temporary file",
  other: "it is no part of a bundle",
} as const;

const NO_PARTS: ReadonlySet<string> = new Set(Object.values(NO_PART));

/** Whether a copy is without a file that its readers may need: it could not be read. */
export function isIncomplete(
  { not_copied }: Pick<RedactionReceipt, "not_copied">,
): boolean {
  return not_copied.some(({ reason }) => !NO_PARTS.has(reason));
}

/** A value, as a dry run lists it. */
export interface FoundValue {
  /** The kind. */
  readonly kind: string;
  /** Its placeholder. */
  readonly placeholder: string;
  /** Its first characters, if it is long, and its length. */
  readonly excerpt: string;
  /** How many times it was found. */
  readonly replacements: number;
  /** The file of the first one. */
  readonly file: string;
  /** The place of the first one, in a document of that kind. */
  readonly place: string;
}

const MIN_SHOWN = 12;
const SHOWN = 4;

/** A value with nearly everything masked. */
export function maskedExcerpt(value: string): string {
  const start = value.length >= MIN_SHOWN && /^[\x21-\x7e]{4}/.test(value)
    ? value.slice(0, SHOWN)
    : "";
  return `${start}… (${counted(value.length, "character")})`;
}
