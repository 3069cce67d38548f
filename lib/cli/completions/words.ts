/**
 * What there is to complete: every command with its flags, out of the table of commands and of
 * their help.
 *
 * @module
 */

import type { Command, CommandEntry } from "../command.ts";
import type { FlagSpec } from "../flags.ts";

/** What stands after a flag or a command. */
export type Completion =
  | {
    readonly type: "words";
    readonly words: readonly string[];
    /** Whether several may stand there, with commas between. */
    readonly several: boolean;
  }
  | { readonly type: "path" }
  /** Something that only the user knows. */
  | { readonly type: "anything" };

/** A flag, as a shell completes it. */
export interface FlagWords {
  /** Its name, without dashes. */
  readonly name: string;
  /** Its letter, if it has one. */
  readonly letter: string | undefined;
  /** What it does, in a few words. */
  readonly about: string;
  /** What its value is; a switch has none. */
  readonly value: Completion | undefined;
}

/** A command, as a shell completes it. */
export interface CommandWords {
  /** The word on the command line. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly about: string;
  /** Its flags, in the order of the alphabet. */
  readonly flags: readonly FlagWords[];
  /** What stands after it. */
  readonly operand: Completion;
}

/** Everything there is to complete. */
export async function completionWords(
  commands: readonly CommandEntry[],
): Promise<CommandWords[]> {
  const words: CommandWords[] = [];
  for (const { name, summary, load } of commands) {
    const command = await load();
    words.push({
      name,
      about: summary,
      flags: flagsOf(command),
      operand: command.words === undefined
        ? { type: "path" }
        : { type: "words", words: command.words, several: false },
    });
  }
  words.push({
    name: "help",
    about: "Show how a command is used",
    flags: [],
    operand: {
      type: "words",
      words: commands.map(({ name }) => name),
      several: false,
    },
  });
  return words;
}

function flagsOf({ flags, usage }: Command): FlagWords[] {
  const abouts = flagHelp(usage);
  const letters = new Map(
    Object.entries(flags.short).map(([letter, name]) => [name, letter]),
  );
  const names = [...flags.switches, ...flags.values, ...flags.lists ?? []];
  return [...new Set(names)].sort().map((name) => ({
    name,
    letter: letters.get(name),
    about: abouts.get(name) ?? "",
    value: flags.switches.includes(name) ? undefined : valueOf(name, flags),
  }));
}

function valueOf(
  name: string,
  { choices, several = [], paths }: FlagSpec,
): Completion {
  const words = choices?.[name];
  if (words !== undefined) {
    return { type: "words", words, several: several.includes(name) };
  }
  return { type: paths?.includes(name) ? "path" : "anything" };
}

/** `  -o, --output FILE  what it does`; what it does may begin on the next line. */
const FLAG_LINE =
  /^ {2,6}(?:-\w, )?--([a-z-]+)(?: [A-Z][^a-z\s]*(?: +|$)| {2,})(\S.*)?$/;

/** What a help says of each flag, cut where it goes into detail. */
export function flagHelp(usage: string): Map<string, string> {
  const abouts = new Map<string, string>();
  let name: string | undefined;
  for (const line of usage.split("\n")) {
    const [, flag, text = ""] = FLAG_LINE.exec(line) ?? [];
    if (flag !== undefined) {
      name = flag;
      abouts.set(flag, text);
    } else if (name !== undefined && /^ {12,}\S/.test(line)) {
      abouts.set(name, `${abouts.get(name) ?? ""} ${line.trim()}`);
    } else name = undefined;
  }
  for (const [flag, text] of abouts) abouts.set(flag, inBrief(text));
  return abouts;
}

function inBrief(text: string): string {
  const [brief = ""] = text.split(/[;:.](?:\s|$)|, such as|, several/, 1);
  return brief.trim();
}
