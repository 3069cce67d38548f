/**
 * Code with light colors: text nodes in elements with classes.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import { escapeText } from "../../escape.ts";
import {
  type CodeLanguage,
  type CodeToken,
  codeTokens,
} from "./code_tokens.ts";

/** Properties of code. */
export interface CodeTextProps {
  readonly text: string;
  readonly language: CodeLanguage;
}

/** Code; without colors where it is long. */
export function CodeText({ text, language }: CodeTextProps) {
  const tokens = useMemo(
    () => codeTokens(text.replaceAll("\r\n", "\n"), language),
    [text, language],
  );
  return tokens === null
    ? <>{escapeText(text)}</>
    : <TokenText tokens={tokens} />;
}

/** Tokens in their colors. */
export function TokenText({ tokens }: { tokens: readonly CodeToken[] }) {
  return (
    <>
      {tokens.map(({ text, style }, i) =>
        style === null
          ? escapeText(text)
          : <span key={i} class={`code-${style}`}>{escapeText(text)}</span>
      )}
    </>
  );
}
