/**
 * JSON as text with nothing lost: numbers keep their spelling, objects their key order and
 * their repeated keys. `JSON.stringify` could not write what a hostile or unusual bundle holds.
 *
 * @module
 */

/** Source text written as it is: an oddly spelled number, or something that is no JSON at all. */
export class Raw {
  /** Takes the text that will be in the file. */
  constructor(readonly text: string) {}
}

/** An object as the list of its members, repeated keys included. */
export class Obj {
  /** Takes the members in order. */
  constructor(readonly entries: [key: string, value: Json][]) {}

  /** The last value of `key`, which is the one that counts. */
  get(key: string): Json | undefined {
    return this.entries.findLast(([name]) => name === key)?.[1];
  }

  /** The same object with `key` set in its place, or added at the end. */
  with(key: string, value: Json): Obj {
    const at = this.entries.findIndex(([name]) => name === key);
    const entries = this.entries.slice();
    if (at < 0) entries.push([key, value]);
    else entries[at] = [key, value];
    return new Obj(entries);
  }

  /** The same object without `key`. */
  without(key: string): Obj {
    return new Obj(this.entries.filter(([name]) => name !== key));
  }
}

/** A JSON value that can be written in any spelling. */
export type Json = null | boolean | number | string | Raw | Obj | Json[];

/** What {@linkcode json} turns into {@linkcode Json}: members that are undefined are left out. */
export type JsonLike =
  | Json
  | JsonLike[]
  | { readonly [key: string]: JsonLike | undefined };

/** Builds a value from plain objects, deeply. */
export function json(value: JsonLike): Json {
  if (Array.isArray(value)) return value.map(json);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Raw || value instanceof Obj) return value;
  return obj(value);
}

/** Builds an object from a plain one, deeply. */
export function obj(
  record: { readonly [key: string]: JsonLike | undefined },
): Obj {
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (value !== undefined) entries.push([key, json(value)]);
  }
  return new Obj(entries);
}

/** How text is laid out: white space between tokens, spelling of strings. */
export interface JsonStyle {
  /** White space put wherever JSON allows it. */
  space(): string;
  /** A string as JSON source, quotes included. */
  quote(text: string): string;
}

const COMPACT: JsonStyle = { space: () => "", quote: (t) => JSON.stringify(t) };

/** The text of a value; without a style, compact. */
export function render(value: Json, style: JsonStyle = COMPACT): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return JSON.stringify(value);
  if (typeof value === "string") return style.quote(value);
  if (value instanceof Raw) return value.text;
  const s = style.space;
  if (Array.isArray(value)) {
    const elements = value.map((e) => s() + render(e, style) + s());
    return elements.length === 0 ? `[${s()}]` : `[${elements.join(",")}]`;
  }
  const members = value.entries.map(([key, member]) =>
    `${s()}${style.quote(key)}${s()}:${s()}${render(member, style)}${s()}`
  );
  return members.length === 0 ? `{${s()}}` : `{${members.join(",")}}`;
}

/** The text of a value as Codex writes payload files: indented by two spaces. */
export function renderPretty(value: Json, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const elements = value.map((e) => inner + renderPretty(e, inner));
    return `[\n${elements.join(",\n")}\n${indent}]`;
  }
  if (value instanceof Obj) {
    if (value.entries.length === 0) return "{}";
    const members = value.entries.map(([key, member]) =>
      `${inner}${JSON.stringify(key)}: ${renderPretty(member, inner)}`
    );
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  return render(value);
}

const TOKEN =
  /[ \t\n\r]*(?:("(?:[^"\\]|\\.)*")|([-+0-9.eE]+)|(true|false|null)|([[\]{},:]))/suy;

class Parser {
  readonly #text: string;
  readonly #token = new RegExp(TOKEN);
  #peeked: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  #next(): string {
    if (this.#peeked !== undefined) {
      const token = this.#peeked;
      this.#peeked = undefined;
      return token;
    }
    const match = this.#token.exec(this.#text);
    if (match === null) throw new SyntaxError("Cannot read JSON: bad token");
    return match[0].trim();
  }

  #peek(): string {
    this.#peeked ??= this.#next();
    return this.#peeked;
  }

  value(): Json {
    const token = this.#next();
    if (token === "[") return this.#list("]", () => this.value());
    if (token === "{") {
      return new Obj(this.#list("}", () => {
        const key: string = JSON.parse(this.#next());
        this.#next();
        return [key, this.value()];
      }));
    }
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === "true" || token === "false" || token === "null") {
      return JSON.parse(token);
    }
    const number: number = JSON.parse(token);
    return JSON.stringify(number) === token ? number : new Raw(token);
  }

  #list<T>(close: string, element: () => T): T[] {
    const elements: T[] = [];
    if (this.#peek() === close) {
      this.#next();
      return elements;
    }
    do elements.push(element()); while (this.#next() === ",");
    return elements;
  }

  atEnd(): boolean {
    return this.#peeked === undefined &&
      this.#text.slice(this.#token.lastIndex).trim() === "";
  }
}

/** Reads JSON text without losing spellings; throws a SyntaxError where it is none. */
export function parseJson(text: string): Json {
  JSON.parse(text);
  const parser = new Parser(text);
  const value = parser.value();
  if (!parser.atEnd()) throw new SyntaxError("Cannot read JSON: text after it");
  return value;
}
