/**
 * Completion for fish, with descriptions.
 *
 * @module
 */

import type { CommandWords, Completion, FlagWords } from "./words.ts";

/** The script. */
export function fishScript(commands: readonly CommandWords[]): string {
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
    ...commands.flatMap((command) => commandLines(command, line)),
  ].join("\n");
}

function commandLines(
  { name, about, flags, operand }: CommandWords,
  line: string,
): string[] {
  const inside = `${line} -n ${quoted(`__rollout_trace_command ${name}`)}`;
  return [
    "",
    `${line} -n __rollout_trace_command -a ${name} -d ${quoted(about)}`,
    ...(operand.type === "words"
      ? [`${inside} -f -a ${quoted(operand.words.join(" "))}`]
      : []),
    ...flags.map((flag) => `${inside} ${flagWords(flag)}`),
  ];
}

function flagWords({ name, letter, about, value }: FlagWords): string {
  return [
    ...(letter === undefined ? [] : [`-s ${letter}`]),
    `-l ${name}`,
    ...(value === undefined ? [] : [valueWords(value)]),
    ...(about === "" ? [] : [`-d ${quoted(about)}`]),
  ].join(" ");
}

function valueWords(value: Completion): string {
  switch (value.type) {
    case "words": {
      const words = value.words.join(" ");
      return `-x -a ${
        quoted(value.several ? `(__rollout_trace_several ${words})` : words)
      }`;
    }
    case "path":
      return "-r -F";
    case "anything":
      return "-x";
  }
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
