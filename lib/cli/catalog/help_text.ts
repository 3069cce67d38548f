/**
 * Help of the program and of each command, from the tables of the catalogue.
 *
 * @module
 */

import { type Flag, requiredValue } from "../args/flag.ts";
import type { Command } from "../command.ts";

const WIDTH = 80;
const INDENT = "  ";
/** Flags that are longer have their description on the next line. */
const MAX_NAME_WIDTH = 22;

const EXIT_MEANINGS: Readonly<Record<0 | 1 | 2 | 3 | 4, string>> = {
  0: "success",
  1: "no result",
  2: "usage or permission error",
  3: "partial result",
  4: "unreadable bundle",
};

/** The help that lists every command. */
export function programHelp(commands: readonly Command[]): string {
  const rows = [
    ...commands.map(({ name, summary }) => [name, summary] as const),
    ["help COMMAND", "Show the help of a command"] as const,
  ];
  return [
    "Record, reduce and explain rollout traces of Codex.",
    "",
    "Usage: rollout-trace COMMAND [ARGUMENTS]",
    "",
    "Commands:",
    ...definitions(rows),
    "",
    "Flags:",
    ...definitions([
      ["-h, --help", "show this help"],
      ["-V, --version", "show the version"],
      ["--licenses", "show the licenses of all that it contains"],
    ]),
  ].join("\n");
}

export function commandHelp(command: Command): string {
  const { name, summary, description, operands, examples, notes = [] } =
    command;
  const rows = operands.map((each) => [each.name, each.description] as const);
  const blocks: readonly string[][] = [
    [`${summary}.`],
    usageLines(command),
    ...examples.length === 0 ? [] : [[
      "Examples:",
      ...definitions(
        examples.map(({ args, description = "" }) =>
          [`rollout-trace ${name} ${args}`, description] as const
        ),
      ),
    ]],
    ...description.map(paragraph),
    ...rows.length === 0 ? [] : [["Arguments:", ...definitions(rows)]],
    ...flagBlocks(command.flags),
    ...notes.map(paragraph),
    [...permissionLines(command), ...exitLines(command)],
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

/** The usage of a command, one line for each form of its arguments. */
export function usageLines(
  { name, operands, flags, forms }: Command,
): string[] {
  const words = operands.map(({ name, optional, repeatable }) => {
    const word = repeatable ? `${name}...` : name;
    return optional ? `[${word}]` : word;
  });
  const own = flags.filter(({ name }) => name !== "help");
  const all = forms ?? [words.join(" ")];
  return all.map((form, at) =>
    [
      at === 0 ? "Usage:" : "      ",
      "rollout-trace",
      name,
      form,
      ...own.length === 0 ? [] : ["[FLAGS]"],
    ].join(" ")
  );
}

/** The flags by group, in the order in which the groups first appear. */
export function flagGroups(
  flags: readonly Flag[],
): ReadonlyMap<string, readonly Flag[]> {
  const groups = new Map<string, Flag[]>();
  for (const flag of flags) {
    const group = flag.group ?? "Flags";
    groups.set(group, [...groups.get(group) ?? [], flag]);
  }
  return groups;
}

function flagBlocks(flags: readonly Flag[]): string[][] {
  return Array.from(flagGroups(flags), ([group, members]) => [
    `${group}:`,
    ...definitions(members.map((flag) => [spelling(flag), flagText(flag)])),
  ]);
}

/** `-o, --output FILE`; without a short form, as wide as with one. */
function spelling(flag: Flag): string {
  return flag.alias === undefined
    ? `    ${flagSpelling(flag)}`
    : flagSpelling(flag);
}

/** `-o, --output FILE`; `--watch [SECONDS]` where the value may be absent. */
export function flagSpelling(flag: Flag): string {
  const { name, alias, value } = flag;
  const short = alias === undefined ? "" : `-${alias}, `;
  if (value === undefined) return `${short}--${name}`;
  const isRequired = requiredValue(flag) !== undefined;
  return `${short}--${name} ${isRequired ? value.name : `[${value.name}]`}`;
}

/** What a flag does, its choices and its default, without a full stop. */
export function flagText(flag: Flag): string {
  const { description, details, value, repeatable } = flag;
  const isChoice = value?.type === "choice" || value?.type === "choices";
  return [
    isChoice ? `${description}: ${value.choices.join(", ")}` : description,
    ...details === undefined ? [] : [details],
    ...value?.type === "choices" ? ["commas between several"] : [],
    ...repeatable ? ["may be repeated"] : [],
  ].join("; ") +
    (flag.default === undefined ? "" : ` (default: ${flag.default})`);
}

function permissionLines({ permissions }: Command): string[] {
  return permissions === undefined ? [] : [`Needs ${permissions}.`];
}

function exitLines(command: Command): string[] {
  return wrap(`${exitText(command)}.`, WIDTH);
}

/** `Exit codes: 0 success, ...`, without a full stop. */
export function exitText({ exits = {} }: Command): string {
  const meanings = ([0, 1, 2, 3, 4] as const).flatMap((code) => {
    const meaning = code in exits ? exits[code] : EXIT_MEANINGS[code];
    return meaning == null ? [] : [`${code} ${meaning}`];
  });
  return `Exit codes: ${meanings.join(", ")}`;
}

/** Terms at the left, what they mean at the right. */
function definitions(rows: readonly (readonly [string, string])[]): string[] {
  const room = WIDTH - INDENT.length;
  const fits = rows.filter(([term, text]) =>
    text === "" || term.length <= MAX_NAME_WIDTH ||
    term.length + 2 + text.length <= room
  );
  const width = Math.max(0, ...fits.map(([term]) => term.length));
  return rows.flatMap(([term, text]) => {
    if (text === "") return [INDENT + term];
    const lines = wrap(text, room - width - 2);
    const isBeside = term.length <= width;
    return [
      ...isBeside ? [] : [INDENT + term],
      ...lines.map((line, at) => {
        const left = isBeside && at === 0 ? term : "";
        return `${INDENT}${left.padEnd(width)}  ${line}`;
      }),
    ];
  });
}

/** A paragraph; one with line breaks is printed unchanged. */
function paragraph(text: string): string[] {
  return text.includes("\n") ? text.split("\n") : wrap(text, WIDTH);
}

/** Plain text in lines of at most `width` characters, broken between words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && longer.length <= width) {
      lines[lines.length - 1] = longer;
    } else lines.push(word);
  }
  return lines;
}
