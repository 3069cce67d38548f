/**
 * Indents JSON without parsing it, so that numbers and keys stay as they were written.
 *
 * @module
 */

/** Longer texts are shown unchanged. */
const MAX_CHARACTERS = 2_000_000;

/** A text that is a JSON object or array, indented; undefined for any other text. */
export function prettyJson(text: string): string | undefined {
  const first = text.trimStart().charAt(0);
  if ((first !== "{" && first !== "[") || text.length > MAX_CHARACTERS) {
    return undefined;
  }
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return indented(text);
}

/** Strings, and the tokens between them. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Indents valid JSON token by token; parsing would change numbers and duplicate keys. */
function indented(text: string): string {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  let opened = false;
  const newLine = () => {
    lines.push(line);
    line = "  ".repeat(depth);
  };
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "}" || token === "]") {
      depth--;
      if (!opened) newLine();
      line += token;
      opened = false;
      continue;
    }
    if (opened) newLine();
    opened = token === "{" || token === "[";
    if (opened) depth++;
    line += token === ":" ? ": " : token;
    if (token === ",") newLine();
  }
  lines.push(line);
  return lines.join("\n");
}
