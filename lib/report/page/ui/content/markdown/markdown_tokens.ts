/**
 * Markdown as tokens, at a bounded cost: a text that would take long, or nests deeply, is none.
 *
 * @module
 */

import { Lexer, type Token } from "marked";

/** Longer texts are shown as they were written. */
const MAX_CHARACTERS = 60_000;
/** Longer paragraphs have no emphasis, links or code: to find them takes the square of a length. */
const MAX_INLINE_CHARACTERS = 4000;
/** Signs of lists and quotes at the start of a line, of which each is a level. */
const DEEP_LINE = /^[ \t]*(?:(?:[>*+-]|\d{1,9}[.)])[ \t]*){12}/m;
const DEEP_INDENT = /^[ \t]{40,}(?:[>*+-]|\d{1,9}[.)])[ \t]/m;
/** Blocks that are plain text, also to a reader who knows no Markdown. */
const PLAIN = new Set(["paragraph", "space", "text", "html"]);
const PLAIN_INLINE = new Set(["text", "escape", "br", "html"]);

/** The blocks of a text; null where it has no Markdown in it, or is not safe to read as such. */
export function markdownTokens(text: string): readonly Token[] | null {
  if (text.length > MAX_CHARACTERS) return null;
  if (DEEP_LINE.test(text) || DEEP_INDENT.test(text)) return null;
  const lexer = new Lexer({ gfm: true });
  try {
    lexer.blockTokens(text.replaceAll("\r\n", "\n"), lexer.tokens);
    for (const { src, tokens } of lexer.inlineQueue) {
      if (src.length <= MAX_INLINE_CHARACTERS) lexer.inlineTokens(src, tokens);
      else tokens.push({ type: "text", raw: src, text: src, escaped: false });
    }
  } catch {
    // Too deep for the parser; the text itself can be shown.
    return null;
  }
  return lexer.tokens.every(isPlain) ? null : lexer.tokens;
}

function isPlain(token: Token): boolean {
  const inner = "tokens" in token ? token.tokens ?? [] : [];
  return PLAIN.has(token.type) &&
    inner.every(({ type }) => PLAIN_INLINE.has(type));
}
