/**
 * The lines of a file of a patch as tokens of its language, which its name has.
 *
 * @module
 */

import type { PatchFile, PatchLine } from "../patch_text.ts";
import {
  type CodeLanguage,
  type CodeToken,
  codeTokens,
  languageNamed,
  MAX_CHARACTERS,
} from "./code_tokens.ts";

export type LineTokens = readonly CodeToken[];

/**
 * Returns the tokens of each line; null where a line is no code, the name of the file is that of no
 * language, or to find them might take long.
 *
 * What is removed is read with the lines around it, and so is what is added: a comment of several
 * lines has its color in both.
 */
export function patchTokens(
  { path, movedTo, lines }: PatchFile,
): (LineTokens | null)[] {
  const tokens: (LineTokens | null)[] = lines.map(() => null);
  const language = languageOfFile(movedTo ?? path);
  const length = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
  if (language === null || length > MAX_CHARACTERS) return tokens;
  for (const hunk of hunksIn(lines)) {
    for (const other of ["added", "removed"] as const) {
      const own = hunk.filter((at) => lines[at]?.type !== other);
      const texts = own.map((at) => lines[at]?.text ?? "");
      tokensByLine(texts, language)?.forEach((each, i) => {
        const at = own[i];
        if (at !== undefined) tokens[at] = each;
      });
    }
  }
  return tokens;
}

function languageOfFile(path: string): CodeLanguage | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? null : languageNamed(name.slice(dot + 1));
}

/** The lines of code between other lines, by their places. */
function hunksIn(lines: readonly PatchLine[]): number[][] {
  const hunks: number[][] = [[]];
  lines.forEach(({ type }, at) => {
    if (type === "position" || type === "note") hunks.push([]);
    else hunks.at(-1)?.push(at);
  });
  return hunks;
}

function tokensByLine(
  texts: readonly string[],
  language: CodeLanguage,
): LineTokens[] | null {
  const tokens = codeTokens(texts.join("\n"), language);
  if (tokens === null) return null;
  const lines: CodeToken[][] = [[]];
  for (const { text, style } of tokens) {
    text.split("\n").forEach((part, i) => {
      if (i > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: part, style });
    });
  }
  return lines;
}
