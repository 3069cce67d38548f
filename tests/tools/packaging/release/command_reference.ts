/**
 * The reference of all commands as Markdown, from the tables of the catalogue: `docs/commands.md`
 * and the manual page have the same text.
 *
 * @module
 */

import type { Flag, Operand } from "../../../../lib/cli/args/flag.ts";
import {
  exitText,
  flagGroups,
  flagSpelling,
  flagText,
  usageLines,
} from "../../../../lib/cli/catalog/help_text.ts";
import { COMMANDS } from "../../../../lib/cli/catalog/catalog.ts";
import type { Command } from "../../../../lib/cli/command.ts";

/** Where the reference is, below the project. */
export const REFERENCE_FILE = "docs/commands.md";

/** The text of {@linkcode REFERENCE_FILE}. */
export function referenceText(): string {
  const contents = COMMANDS.map(({ name, summary }) =>
    `- [${name}](#${name}): ${escaped(summary)}`
  );
  return [
    "<!-- deno-fmt-ignore-file -->",
    "<!-- Made by `deno task docs` from the tables of the commands: lib/cli/catalog/. -->",
    "# Commands",
    "What `rollout-trace help COMMAND` prints, for every command.",
    contents.join("\n"),
    ...COMMANDS.map((command) => commandSection(command, 2)),
  ].join("\n\n") + "\n";
}

/** The section of a command, which begins with a heading of the depth. */
export function commandSection(command: Command, depth: 2 | 3): string {
  const { name, summary, description, operands, examples, notes = [] } =
    command;
  return [
    `${"#".repeat(depth)} ${name}`,
    `${escaped(summary)}.`,
    fenced(usageLines(command).map((line) => line.slice("Usage: ".length))),
    ...description.map(paragraph),
    ...titled(
      "Arguments:",
      operands.map(({ name, description }: Operand) =>
        item(name, `${description}.`)
      ),
    ),
    ...Array.from(
      flagGroups(command.flags),
      ([group, flags]) =>
        titled(`${escaped(group)}:`, flags.map(flagItem)).join("\n\n"),
    ),
    ...notes.map(paragraph),
    ...titled(
      "Examples:",
      examples.length === 0 ? [] : [
        fenced(
          examples.map(({ args }) => `rollout-trace ${name} ${args}`.trim()),
        ),
      ],
    ),
    ...command.permissions === undefined
      ? []
      : [escaped(`Needs ${command.permissions}.`)],
    escaped(`${exitText(command)}.`),
  ].join("\n\n");
}

function titled(title: string, blocks: readonly string[]): string[] {
  return blocks.length === 0 ? [] : [title, blocks.join("\n")];
}

function flagItem(flag: Flag): string {
  return item(flagSpelling(flag), `${flagText(flag)}.`);
}

function item(term: string, text: string): string {
  return `- \`${term}\`: ${escaped(text)}`;
}

/** A paragraph; one with line breaks is printed unchanged, as in the help. */
function paragraph(text: string): string {
  return text.includes("\n") ? fenced(text.split("\n")) : escaped(text);
}

function fenced(lines: readonly string[]): string {
  return ["```text", ...lines, "```"].join("\n");
}

/** Text in which no character is markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&");
}
