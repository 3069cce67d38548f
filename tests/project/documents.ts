/**
 * The documentation for users, and the commands it shows.
 *
 * @module
 */

/** Every document that shows what commands print. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "docs/damaged-bundles.md",
  "docs/what-went-wrong.md",
];

/** A block of the language `console`. */
export interface ShownBlock {
  /** The block, without its fences. */
  readonly block: string;
  /** The arguments of `deno`. */
  readonly command: string;
  /** What is below the command. */
  readonly output: string;
}

/** The commands that a document shows, with their documented output. */
export function shownBlocks(text: string): ShownBlock[] {
  return blocksOf(text, "console").map((block) => {
    const [, command, output = ""] = /^\$ deno (.*)\n([\s\S]*)$/.exec(block) ??
      [];
    if (command === undefined) throw new Error(`no command in ${block}`);
    return { block, command, output };
  });
}

/** The blocks of a language, without their fences. */
export function blocksOf(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}
