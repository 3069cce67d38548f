/**
 * Patches as the model writes them, and differences as Git prints them, by file.
 *
 * @module
 */

import { countOf } from "../figures.ts";

export interface PatchLine {
  readonly type: "added" | "removed" | "context" | "position" | "note";
  /** The line without its sign. */
  readonly text: string;
}

/** What a patch does to a file. */
export interface PatchFile {
  readonly path: string;
  /** Null where the text does not state it. */
  readonly change: "add" | "update" | "delete" | "move" | null;
  readonly movedTo: string | null;
  readonly lines: readonly PatchLine[];
}

/** Numbers of lines that a patch adds and removes. */
export interface PatchSize {
  readonly added: number;
  /** Null where a file is deleted: the patch does not have its lines. */
  readonly removed: number | null;
}

/** Longer texts are shown as they were recorded. */
const MAX_CHARACTERS = 2_000_000;
/** What a difference begins with; the rest of another text is not read. */
const DIFF = /^(?:diff --git |--- .*\r?\n\+\+\+ .*\r?\n@@)/;
const BEGIN = "*** Begin Patch";
const END = "*** End Patch";
const HEADER = /^\*\*\* (Add|Update|Delete) File: (.+?)\s*$/;
const MOVE = /^\*\*\* Move to: (.+?)\s*$/;

/** A file that is being read. */
interface OpenFile {
  readonly path: string;
  change: PatchFile["change"];
  movedTo: string | null;
  readonly lines: PatchLine[];
}

/** The files of a patch in the format of `apply_patch`; null where a text has none. */
export function patchFilesIn(text: string): readonly PatchFile[] | null {
  const start = text.indexOf(BEGIN);
  if (start === -1 || text.length > MAX_CHARACTERS) return null;
  const files: OpenFile[] = [];
  for (const line of linesOf(text.slice(start + BEGIN.length))) {
    if (line.startsWith(END)) break;
    const [, change, path] = HEADER.exec(line) ?? [];
    const [, movedTo] = MOVE.exec(line) ?? [];
    const file = files.at(-1);
    if (change !== undefined && path !== undefined) {
      files.push({ path, change: changeOf(change), movedTo: null, lines: [] });
    } else if (file !== undefined && movedTo !== undefined) {
      file.change = "move";
      file.movedTo = movedTo;
    } else if (file !== undefined) file.lines.push(patchLine(line));
  }
  return files.length === 0 ? null : files;
}

function changeOf(word: string): PatchFile["change"] {
  switch (word) {
    case "Add":
      return "add";
    case "Delete":
      return "delete";
    default:
      return "update";
  }
}

/** The files of a difference as `git diff` and `diff -u` print it; null where a text is none. */
export function diffFilesIn(text: string): readonly PatchFile[] | null {
  if (!DIFF.test(text) || text.length > MAX_CHARACTERS) return null;
  const lines = linesOf(text.trimEnd());
  const files: OpenFile[] = [];
  let isInHunk = false;
  lines.forEach((line, i) => {
    const isNext = line.startsWith("diff --git ") ||
      (!isInHunk || lines[i + 2]?.startsWith("@@") === true) &&
        line.startsWith("--- ") && lines[i + 1]?.startsWith("+++ ") === true;
    if (line.startsWith("diff --git ")) {
      files.push(newFile(/ b\/(.*)$/.exec(line)?.[1] ?? line));
      isInHunk = false;
    } else if (isNext && (isInHunk || files.length === 0)) {
      files.push(newFile(pathIn(lines[i + 1] ?? "")));
      isInHunk = false;
    }
    const file = files.at(-1);
    if (file === undefined) return;
    if (line.startsWith("@@")) isInHunk = true;
    file.lines.push(
      isInHunk ? patchLine(line) : { type: "note", text: line },
    );
    if (!isInHunk && line.startsWith("new file")) file.change = "add";
    if (!isInHunk && line.startsWith("deleted file")) file.change = "delete";
  });
  return files;
}

function newFile(path: string): OpenFile {
  return { path, change: null, movedTo: null, lines: [] };
}

/** The path in `+++ b/path`, without what follows a tab. */
function pathIn(line: string): string {
  return line.replace(/^\+\+\+ (?:b\/)?/, "").replace(/\t.*$/, "");
}

function patchLine(line: string): PatchLine {
  const text = line.slice(1);
  switch (line.charAt(0)) {
    case "+":
      return { type: "added", text };
    case "-":
      return { type: "removed", text };
    case " ":
      return { type: "context", text };
    case "@":
      return { type: "position", text: line };
    case "":
      return { type: "context", text: "" };
    default:
      return { type: "note", text: line };
  }
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.slice(lines[0] === "" ? 1 : 0);
}

/** The lines that files add and remove. */
export function patchSize(files: readonly PatchFile[]): PatchSize {
  const count = (type: PatchLine["type"]) =>
    files.reduce(
      (sum, { lines }) =>
        sum + lines.filter((each) => each.type === type).length,
      0,
    );
  const isUnknown = files.some(({ change, lines }) =>
    change === "delete" && lines.length === 0
  );
  return {
    added: count("added"),
    removed: isUnknown ? null : count("removed"),
  };
}

/** A size in a few characters: `+14 −3`, `+1 −?`. */
export function patchSizeText({ added, removed }: PatchSize): string {
  return `+${countOf(added)} −${removed === null ? "?" : countOf(removed)}`;
}
