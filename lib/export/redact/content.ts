/**
 * Replaces every text of a session by a placeholder with its length, and keeps names and figures.
 *
 * The same text has the same placeholder: two messages are one item of the graph where their texts
 * are equal. A text that is a document of JSON keeps its structure, because the arguments of a call
 * are interpreted.
 *
 * @module
 */

import { ownText } from "./detect/code_at.ts";
import { JsonStrings, StringPlace } from "./text/json_strings.ts";
import { decodedString, encodedString } from "./text/text_walker.ts";

/** Names of values that are kept: ids, names, and words of the format. */
const KEPT =
  /^(?:id|ids|.*_ids?|type|.*_type|role|.*_role|kind|status|.*_status|name|.*_name|nickname|model|.*_model|tool|server|namespace|author|recipient|agent_path|.*_agent_path|phase|channel|language|effort|.*_effort|source|session_source|subagent|requester|label|path|raw_event_log|payloads_dir|originator|cli_version|.*_policy|permissions_profile|service_tier|verbosity|format|strict|detail|mode|.*_mode|reason_code|code)$/;

/**
 * A text that is replaced already. The end of a truncated payload may be inside one: then spaces
 * follow, or the bytes of half a character.
 */
const REPLACED =
  /^(?:\[text:\d+:\d+\]|\[(?:t(?:e(?:x(?:t(?::(?:\d+(?::\d*)?)?)?)?)?)?)?)?[\x80-\xff]{0,3} *$/;

/** Whether a string is a text that is replaced: no name, no id, no figure. */
export function isContent(place: StringPlace, text: string): boolean {
  // The key of a truncated object is no text.
  const isKey = place.name === "" && place.parent !== undefined;
  return text !== "" && !isKey && !REPLACED.test(text) && !isKept(place);
}

function isKept(place: StringPlace): boolean {
  for (
    let at: StringPlace | undefined = place;
    at !== undefined;
    at = at.parent
  ) {
    if (at.name !== "[]") return KEPT.test(at.name);
  }
  return false;
}

/** Adds a text, and those inside it if it is a value of JSON. */
export function addTexts(texts: Set<string>, text: string): void {
  if (texts.has(text)) return;
  texts.add(ownText(text));
  if (!/^\s*[{["]/.test(text) || !isJson(text)) return;
  new JsonStrings(new StringPlace(""), ({ raw, isKey }) => {
    const inner = decodedString(raw);
    if (!isKey && inner !== undefined) addTexts(texts, inner);
    return raw;
  }).feed(text);
}

/** Whether a text is a value of JSON, whose strings are texts of their own. */
export function isJson(text: string): boolean {
  try {
    // The reducer reads no JSON in which half a character is escaped.
    return !HALF_CHARACTER.test(JSON.stringify(JSON.parse(text)));
  } catch {
    return false;
  }
}

const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** Which texts a copy has, if it has not all of them. */
export interface TextRule {
  /** The threads whose texts stay. */
  readonly threads: ReadonlySet<string>;
  /** Texts that stay, whatever has them: those of these threads. */
  readonly kept: Set<string>;
}

/** Whether all texts of a document stay. */
export function keepsTexts(
  { threads: kept }: TextRule,
  { threads }: { readonly threads: ReadonlySet<string> },
): boolean {
  for (const thread of threads) if (kept.has(thread)) return true;
  return false;
}

/** Names the documents whose texts stay, or do not, where that differs between documents. */
export function groupOf(
  rule: TextRule | undefined,
  document: { readonly threads: ReadonlySet<string> },
): string {
  return rule !== undefined && keepsTexts(rule, document) ? "kept" : "";
}

/** The texts of a bundle, by number. */
export class ContentTable {
  readonly #numbers = new Map<string, number>();
  readonly #kept: ReadonlySet<string>;

  /** @param kept Texts that stay, whatever has them. */
  constructor(kept: ReadonlySet<string>) {
    this.#kept = kept;
  }

  /** Returns what replaces a string; `undefined` where it is kept. */
  replace(place: StringPlace, text: string): string | undefined {
    if (this.#kept.has(text) || !isContent(place, text)) return undefined;
    return isJson(text) ? this.#inside(text) : this.replaceText(text);
  }

  /** Returns what replaces a text. */
  replaceText(text: string): string {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(ownText(text), number);
    }
    return `[text:${number}:${text.length}]`;
  }

  #inside(text: string): string {
    return new JsonStrings(new StringPlace(""), ({ raw, place, isKey }) => {
      const inner = decodedString(raw);
      if (isKey || inner === undefined) return raw;
      const replaced = this.replace(place, inner);
      return replaced === undefined ? raw : encodedString(replaced);
    }).feed(text);
  }
}
