/**
 * The tokens of JSON: a cursor over a text that reads one token, or skips one value.
 *
 * `JSON.parse` does not report the order of keys, repeated keys, or the spelling of numbers. Where
 * those matter, the parsers of this folder use this cursor. It parses each string with
 * `JSON.parse`.
 *
 * @module
 */

/** A text is not JSON; the error has the position of the fault. */
export class JsonSyntaxError extends SyntaxError {
  /** Name of the class. */
  override readonly name = "JsonSyntaxError";
  /** Line in the text, counted from 1. */
  readonly line: number;
  /** Column in the line, counted from 1 in UTF-16 units. */
  readonly column: number;

  /** Finds line and column of `offset` in `text`. */
  constructor(reason: string, text: string, offset: number) {
    const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
    let line = 1;
    for (
      let i = text.indexOf("\n");
      i >= 0 && i < lineStart;
      i = text.indexOf("\n", i + 1)
    ) line++;
    const column = offset - lineStart + 1;
    super(`${reason} at line ${line} column ${column}`);
    this.line = line;
    this.column = column;
  }
}

/** Whether JSON allows `char` between tokens. */
function isSpace(char: string | undefined): boolean {
  return char === " " || char === "\n" || char === "\r" || char === "\t";
}

/** Whether `char` is a decimal digit. */
function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

/** A cursor over one JSON text. Every method skips white space first and throws where it must. */
export class JsonScanner {
  readonly #text: string;
  #pos = 0;

  /** Starts before the first token of `text`. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The first character of the next token, `undefined` at the end of the text. */
  peek(): string | undefined {
    while (isSpace(this.#text[this.#pos])) this.#pos++;
    return this.#text[this.#pos];
  }

  /** Takes `char` if it is next; returns whether it was. */
  take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.#pos++;
    return true;
  }

  /** Takes `char`, which must be next. */
  expect(char: string): void {
    if (!this.take(char)) this.fail(`expected "${char}"`);
  }

  /** Takes the separator after an element: true for a comma, false for `close`. */
  more(close: "]" | "}"): boolean {
    if (this.take(close)) return false;
    if (!this.take(",")) this.fail(`expected "," or "${close}"`);
    return true;
  }

  /** Takes a string. It may hold unpaired surrogates, if escapes spell them. */
  string(): string {
    if (this.peek() !== '"') this.fail("expected a string");
    const start = this.#pos;
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end)) {
      end = this.#text.indexOf('"', end + 1);
    }
    if (end < 0) this.fail("text ends inside the string that starts");
    try {
      const value: string = JSON.parse(this.#text.slice(start, end + 1));
      this.#pos = end + 1;
      return value;
    } catch {
      return this.fail("bad escape or control character in the string");
    }
  }

  /** Takes a string without unpaired surrogates. */
  wellFormedString(): string {
    this.peek();
    const start = this.#pos;
    const value = this.string();
    if (!value.isWellFormed()) {
      this.#pos = start;
      this.fail("unpaired surrogate in the string");
    }
    return value;
  }

  /** Takes a number and returns its spelling. */
  number(): string {
    this.peek();
    const start = this.#pos;
    if (this.#text[this.#pos] === "-") this.#pos++;
    if (this.#text[this.#pos] === "0") this.#pos++;
    else this.#digits();
    if (this.#text[this.#pos] === ".") {
      this.#pos++;
      this.#digits();
    }
    const e = this.#text[this.#pos];
    if (e === "e" || e === "E") {
      const sign = this.#text[++this.#pos];
      if (sign === "+" || sign === "-") this.#pos++;
      this.#digits();
    }
    return this.#text.slice(start, this.#pos);
  }

  /** Takes `true`, `false` or `null`. */
  literal(): true | false | null {
    this.peek();
    if (this.#word("true")) return true;
    if (this.#word("false")) return false;
    if (this.#word("null")) return null;
    return this.fail("expected a value");
  }

  /** Takes a value of any depth and checks no more than its grammar. */
  skipValue(): void {
    const closers: ("]" | "}")[] = [];
    while (true) {
      if (this.#opens(closers)) continue;
      // A value is complete: so may be the containers around it.
      let close = closers.at(-1);
      while (close !== undefined && !this.more(close)) {
        closers.pop();
        close = closers.at(-1);
      }
      if (close === undefined) return;
      if (close === "}") this.#key();
    }
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    if (this.peek() !== undefined) this.fail("unexpected text after the value");
  }

  /** Throws a {@linkcode JsonSyntaxError} at the cursor. */
  fail(reason: string): never {
    throw new JsonSyntaxError(
      this.#pos < this.#text.length ? reason : "text ends too early",
      this.#text,
      this.#pos,
    );
  }

  /** Takes the start of a value; returns false if the value is complete. */
  #opens(closers: ("]" | "}")[]): boolean {
    const char = this.peek();
    if (char === '"') this.string();
    else if (char === "-" || isDigit(char)) this.number();
    else if (char !== "[" && char !== "{") this.literal();
    else {
      this.#pos++;
      const close = char === "[" ? "]" : "}";
      if (this.take(close)) return false;
      closers.push(close);
      if (close === "}") this.#key();
      return true;
    }
    return false;
  }

  #key(): void {
    this.string();
    this.expect(":");
  }

  #digits(): void {
    if (!isDigit(this.#text[this.#pos])) this.fail("expected a digit");
    while (isDigit(this.#text[this.#pos])) this.#pos++;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#pos)) return false;
    this.#pos += word.length;
    return true;
  }

  #isEscaped(index: number): boolean {
    let first = index;
    while (this.#text[first - 1] === "\\") first--;
    return (index - first) % 2 === 1;
  }
}
