/**
 * The documentation for users, and the commands it shows.
 *
 * @module
 */

import { PROJECT } from "./paths.ts";
import { runMain } from "./processes.ts";

/** Every document that shows what commands print. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  "docs/damaged-bundles.md",
  "docs/session-logs.md",
  "docs/what-went-wrong.md",
];

/** A block of the language `console`. */
export interface ShownBlock {
  /** The block, without its fences. */
  readonly block: string;
  /** The arguments of `rollout-trace`. */
  readonly command: string;
  /** What is below the command. */
  readonly output: string;
}

/** The commands that a document shows, with their documented output. */
export function shownBlocks(text: string): ShownBlock[] {
  return blocksOf(text, "console").map((block) => {
    const [, command, output = ""] =
      /^\$ rollout-trace (.*)\n([\s\S]*)$/.exec(block) ?? [];
    if (command === undefined) throw new Error(`no command in ${block}`);
    return { block, command, output };
  });
}

/** Returns what `rollout-trace` prints in the folder of the project. */
export function printedBy(command: string): string {
  const { stdout, stderr } = runMain(
    ["--allow-read=testdata"],
    command.split(" "),
    { cwd: PROJECT },
  );
  return `${stdout}${stderr}`.trim();
}

/** The blocks of a language, without their fences. */
export function blocksOf(text: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}
