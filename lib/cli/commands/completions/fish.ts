/**
 * Completion for fish, with descriptions.
 *
 * @module
 */

import { type Flag, type FlagValue, requiredValue } from "../../args/flag.ts";
import type { Command } from "../../command.ts";

export function fishScript(commands: readonly Command[]): string {
  const line = "complete -c rollout-trace";
  return [
    `# fish completion for rollout-trace

function __rollout_trace_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -gt 1; and test $words[2] = $argv[1]
    end
end

# Of several with commas between, the last is completed.
function __rollout_trace_several
    set -l word (string replace -r -- '^--?[^=]*=' '' (commandline -ct))
    set -l before (string match -r -- '.*,' $word)
    for each in $argv
        echo "$before$each"
    end
end
`,
    `${line} -n __rollout_trace_command -f`,
    `${line} -n __rollout_trace_command -s h -l help -d 'Show help'`,
    `${line} -n __rollout_trace_command -s V -l version -d 'Show the version'`,
    `${line} -n __rollout_trace_command -l licenses -d 'Show the licenses'`,
    ...commands.flatMap((command) => commandLines(command, line)),
  ].join("\n");
}

function commandLines(
  { name, summary, flags, operands: [operand] }: Command,
  line: string,
): string[] {
  const inside = `${line} -n ${quoted(`__rollout_trace_command ${name}`)}`;
  const choices = operand?.choices;
  return [
    "",
    `${line} -n __rollout_trace_command -a ${name} -d ${quoted(summary)}`,
    ...choices === undefined
      ? []
      : [`${inside} -f -a ${quoted(choices.join(" "))}`],
    ...flags.map((flag) => `${inside} ${flagWords(flag)}`),
  ];
}

function flagWords(flag: Flag): string {
  const { name, alias, description } = flag;
  const value = requiredValue(flag);
  return [
    ...alias === undefined ? [] : [`-s ${alias}`],
    `-l ${name}`,
    ...value === undefined ? [] : [valueWords(value)],
    `-d ${quoted(description)}`,
  ].join(" ");
}

function valueWords(value: FlagValue): string {
  switch (value.type) {
    case "choice":
      return `-x -a ${quoted(value.choices.join(" "))}`;
    case "choices": {
      const words = value.choices.join(" ");
      return `-x -a ${quoted(`(__rollout_trace_several ${words})`)}`;
    }
    case "path":
      return "-r -F";
    case "text":
    case "size":
    case "integer":
      return "-x";
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
