/**
 * The passages of a file that people read: names, comments, texts and prose.
 *
 * @module
 */

import ts from "typescript";

/** One name, comment, text or paragraph. */
export interface Passage {
  kind: "name" | "comment" | "text" | "prose";
  /** Offset in the file. */
  start: number;
  /** As in the file, but escape sequences are blanks: offsets stay those of the file. */
  text: string;
}

/** The passages of the file of that path; empty for a kind of file that is not read. */
export function passagesOf(path: string, source: string): Passage[] {
  if (/\.(?:[cm]?[jt]s|[jt]sx)$/.test(path)) {
    return scriptPassages(path, source);
  }
  if (path.endsWith(".md")) return markdownPassages(source);
  if (/(?:^|\/)deno\.json$/.test(path)) return taskPassages(source);
  if (/\.(?:css|sh|zsh|yml)$|^\.ci\/run$/.test(path)) {
    return [{ kind: "prose", start: 0, text: source }];
  }
  return [];
}

/** Names, comments and texts of TypeScript and JavaScript, JSX included. */
function scriptPassages(path: string, source: string): Passage[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false);
  const passages: Passage[] = [];
  const comments = new Set<number>();
  const add = (kind: Passage["kind"], start: number, end: number) =>
    passages.push({
      kind,
      start,
      text: withoutEscapes(source.slice(start, end)),
    });
  const addComments = (position: number) => {
    const ranges = [
      ...ts.getLeadingCommentRanges(source, position) ?? [],
      ...ts.getTrailingCommentRanges(source, position) ?? [],
    ];
    for (const { pos, end } of ranges) {
      if (comments.has(pos)) continue;
      comments.add(pos);
      add("comment", pos, end);
    }
  };
  const visit = (node: ts.Node) => {
    if (ts.isJSDoc(node)) return;
    const kind = kindOf(node);
    if (kind !== undefined) add(kind, node.getStart(file), node.end);
    const children = node.getChildren(file);
    // The blanks before a JSX text belong to it: what looks like a comment there is shown.
    if (children.length === 0 && !ts.isJsxText(node)) addComments(node.pos);
    children.forEach(visit);
  };
  visit(file);
  return passages;
}

function kindOf(node: ts.Node): "name" | "text" | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return "name";
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ||
    ts.isJsxText(node) ||
    ts.isRegularExpressionLiteral(node);
  return isText ? "text" : undefined;
}

function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|[bdfnrstvwBDSW])/g,
    (escape) => " ".repeat(escape.length),
  );
}

/** Prose, and the examples in TypeScript; other fenced blocks hold output and data. */
function markdownPassages(source: string): Passage[] {
  const passages: Passage[] = [];
  const fences = /^( *)(`{3,}|~{3,})([^\n]*)\n([\s\S]*?)^ *\2 *$/gm;
  let proseStart = 0;
  for (const match of source.matchAll(fences)) {
    const code = match[4] ?? "";
    const start = match.index + match[0].indexOf("\n") + 1;
    passages.push({
      kind: "prose",
      start: proseStart,
      text: source.slice(proseStart, match.index),
    });
    proseStart = match.index + match[0].length;
    if (!/^\s*(?:ts|tsx|js|typescript)\b/.test(match[3] ?? "")) continue;
    for (const each of scriptPassages("example.ts", code)) {
      passages.push({ ...each, start: start + each.start });
    }
  }
  passages.push({
    kind: "prose",
    start: proseStart,
    text: source.slice(proseStart),
  });
  return passages;
}

/** The descriptions of the tasks. */
function taskPassages(source: string): Passage[] {
  return [...source.matchAll(/"description": *"([^"]*)"/g)].map((match) => ({
    kind: "prose",
    start: match.index + match[0].length - 1 - (match[1] ?? "").length,
    text: match[1] ?? "",
  }));
}
