/**
 * Help of the program as a whole, and help for a word it does not know.
 *
 * @module
 */

import { quote } from "../errors.ts";
import type { CommandEntry } from "./command.ts";
import { meantWord, UsageError } from "./usage_error.ts";

/** What can be asked of the program as a whole. */
const GENERAL_WORDS: readonly string[] = ["help", "--help", "--version"];

/** The help that shows every command. */
export function programHelp(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length), 12);
  const list = commands
    .map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
    .join("\n");
  return `Usage: rollout-trace COMMAND [ARGUMENTS]

Records and reduces the rollout traces of Codex.

Commands:
${list}
  ${"help COMMAND".padEnd(width)}  Show how a command is used

Options:
  -h, --help     Show this help
  -V, --version  Show the version`;
}

/** The help on one command, or on the program. */
export async function helpOn(
  topic: string | undefined,
  commands: readonly CommandEntry[],
): Promise<string> {
  if (topic === undefined) return programHelp(commands);
  const entry = commands.find(({ name }) => name === topic);
  if (entry === undefined) throw await unknownWord(topic, commands);
  return (await entry.load()).usage;
}

/** The error for a first word that is no command. */
export async function unknownWord(
  word: string,
  commands: readonly CommandEntry[],
): Promise<UsageError> {
  const known = commands.map(({ name }) => name);
  const meant = await meantWord(word, [...known, ...GENERAL_WORDS]);
  return new UsageError(
    `unknown ${word.startsWith("-") ? "option" : "command"} ${quote(word)}`,
    meant === undefined
      ? "rollout-trace help shows what there is"
      : `did you mean ${meant}?`,
  );
}
