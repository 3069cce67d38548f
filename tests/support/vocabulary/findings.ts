/**
 * Finds the words that the project does not use.
 *
 * @module
 */

import { parse as parseJsonc } from "@std/jsonc";
import { type Passage, passagesOf } from "./passages.ts";

/** Words, or phrases of several words, with what to write instead. */
interface BannedWords {
  words: string[];
  write: string;
}

/** A passage that may use a banned word. */
interface Exception {
  text: string;
  /** A file or a folder; everywhere if absent. */
  path?: string;
  reason: string;
}

/** The project's vocabulary: `vocabulary.jsonc`. */
export interface Vocabulary {
  banned: BannedWords[];
  /** Not to be the first word of a name of several words. */
  bannedFirst: BannedWords[];
  exceptions: Exception[];
}

/** A banned word in a file. */
export interface Finding {
  path: string;
  /** From 1; 0 is the path of the file itself. */
  line: number;
  word: string;
  write: string;
}

/** Reads the vocabulary. */
export function readVocabulary(): Vocabulary {
  const text = Deno.readTextFileSync(
    new URL("vocabulary.jsonc", import.meta.url),
  );
  return parseJsonc(text) as unknown as Vocabulary;
}

/** Returns a finding as the line that the test and the task print. */
export function findingText({ path, line, word, write }: Finding): string {
  return `${path}:${line}: "${word}" → ${write}`;
}

/** Finds banned words in files, and counts which exceptions were needed. */
export class VocabularyCheck {
  readonly #first = new Map<string, BannedPhrase[]>();
  readonly #exceptions: readonly Exception[];
  readonly #used = new Set<Exception>();

  constructor(vocabulary: Vocabulary = readVocabulary()) {
    this.#exceptions = vocabulary.exceptions;
    this.#add(vocabulary.banned, false);
    this.#add(vocabulary.bannedFirst, true);
  }

  /** The exceptions that no file needed so far. */
  get unusedExceptions(): readonly Exception[] {
    return this.#exceptions.filter((exception) => !this.#used.has(exception));
  }

  /** Returns the findings of a file, in its order; `path` is relative to the project. */
  findings(path: string, source: string): Finding[] {
    const lines = lineStarts(source);
    const inPath = this.#inPassage(path, {
      kind: "prose",
      start: 0,
      text: path,
    }, path)
      .map((each) => ({ ...each, line: 0 }));
    const inText = passagesOf(path, source).flatMap((passage) =>
      this.#inPassage(path, passage, source)
    ).sort((left, right) => left.offset - right.offset)
      .map((each) => ({ ...each, line: lineAt(lines, each.offset) }));
    return [...inPath, ...inText].map(({ line, word, write }) => ({
      path,
      line,
      word,
      write,
    }));
  }

  #add(banned: readonly BannedWords[], onlyFirst: boolean) {
    for (const { words, write } of banned) {
      for (const phrase of words) {
        const [first = "", ...rest] = phrase.split(" ");
        const phrases = this.#first.get(first) ?? [];
        phrases.push({ rest, write, onlyFirst });
        // The longest phrase first: it has the better advice.
        phrases.sort((left, right) => right.rest.length - left.rest.length);
        this.#first.set(first, phrases);
      }
    }
  }

  #inPassage(path: string, passage: Passage, source: string): FindingAt[] {
    const words = wordsOf(passage);
    const found: FindingAt[] = [];
    for (const [index, word] of words.entries()) {
      const phrase = this.#first.get(word.text)?.find((each) =>
        matches(words, index, each)
      );
      if (phrase === undefined) continue;
      const last = words[index + phrase.rest.length] ?? word;
      const end = last.offset + last.text.length;
      if (this.#isExcepted(path, source, word.offset, end)) continue;
      const text = [word.text, ...phrase.rest].join(" ");
      found.push({ offset: word.offset, word: text, write: phrase.write });
    }
    return found;
  }

  #isExcepted(
    path: string,
    source: string,
    start: number,
    end: number,
  ): boolean {
    const exception = this.#exceptions.find((each) =>
      (each.path === undefined || isIn(path, each.path)) &&
      covers(source, each.text, start, end)
    );
    if (exception !== undefined) this.#used.add(exception);
    return exception !== undefined;
  }
}

interface FindingAt {
  offset: number;
  word: string;
  write: string;
}

interface BannedPhrase {
  /** The words after the first. */
  rest: string[];
  write: string;
  /** Banned only where a name of several words begins with it. */
  onlyFirst: boolean;
}

interface Word {
  /** In lower case. */
  text: string;
  offset: number;
  /** Nothing but blanks and the like is between it and the word before. */
  followsPrevious: boolean;
  /** It starts a name that has more words. */
  startsName: boolean;
}

/** The words of a passage; those of a name are split at camelCase, digits and `_`. */
function wordsOf({ start, text }: Passage): Word[] {
  const words: Word[] = [];
  let previousEnd = 0;
  for (const token of text.matchAll(/[A-Za-z][A-Za-z0-9_]*/g)) {
    const parts = [...token[0].matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)];
    for (const [index, part] of parts.entries()) {
      const offset = token.index + part.index;
      const gap = text.slice(previousEnd, offset);
      words.push({
        text: part[0].toLowerCase(),
        offset: start + offset,
        followsPrevious: /^[\s*_\d-]*$/.test(gap) && !/\n[\s*]*\n/.test(gap),
        startsName: index === 0 && parts.length > 1,
      });
      previousEnd = offset + part[0].length;
    }
  }
  return words;
}

function matches(
  words: readonly Word[],
  index: number,
  phrase: BannedPhrase,
): boolean {
  if (phrase.onlyFirst) return words[index]?.startsName === true;
  return phrase.rest.every((word, at) => {
    const next = words[index + 1 + at];
    return next?.text === word && next.followsPrevious;
  });
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Whether the passage of an exception is in the text around a finding. */
function covers(
  source: string,
  text: string,
  start: number,
  end: number,
): boolean {
  const from = Math.max(0, end - text.length);
  const found = source.slice(from, start + text.length).indexOf(text);
  return found !== -1;
}

/** Offsets where lines start. */
function lineStarts(source: string): number[] {
  const starts = [0];
  for (const match of source.matchAll(/\n/g)) starts.push(match.index + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
