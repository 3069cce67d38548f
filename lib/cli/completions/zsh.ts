/**
 * Completion for zsh, with descriptions.
 *
 * @module
 */

import type { CommandWords, Completion, FlagWords } from "./words.ts";

/** The script: a file for `$fpath`, which may be sourced as well. */
export function zshScript(commands: readonly CommandWords[]): string {
  return `#compdef rollout-trace

_rollout-trace() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${
    commands.map(({ name, about }) =>
      `    ${quoted(`${escaped(name)}:${about}`)}`
    ).join("\n")
  }
  )
  _arguments -C \\
    '(- *)'{-h,--help}'[Show help]' \\
    '(- *)'{-V,--version}'[Show the version]' \\
    '1: :->command' \\
    '*:: :->rest'
  case $state in
  command) _describe -t commands 'command' commands ;;
  rest)
    case $words[1] in
${commands.map(commandCase).join("\n")}
    esac
    ;;
  esac
}

if [[ \${funcstack[1]} == _rollout-trace ]]; then
  _rollout-trace "$@"
else
  compdef _rollout-trace rollout-trace
fi`;
}

function commandCase({ name, flags, operand }: CommandWords): string {
  const specs = [
    ...flags.map(flagSpec),
    quoted(
      `*:${operand.type === "path" ? "path" : "word"}:${actionOf(operand)}`,
    ),
  ];
  return `    ${name})
      _arguments -S \\
        ${specs.join(" \\\n        ")}
      ;;`;
}

function flagSpec({ name, letter, about, value }: FlagWords): string {
  const told = `[${escaped(about)}]`;
  const takes = value === undefined
    ? ""
    : `:${escaped(name)}:${actionOf(value)}`;
  const equals = value === undefined ? "" : "=";
  if (letter === undefined) {
    return quoted(`*--${name}${equals}${told}${takes}`);
  }
  return `{-${letter},--${name}${equals}}${quoted(`${told}${takes}`)}`;
}

function actionOf(completion: Completion): string {
  switch (completion.type) {
    case "words": {
      const words = completion.words.map(escaped).join(" ");
      return completion.several ? `_sequence compadd - ${words}` : `(${words})`;
    }
    case "path":
      return "_files";
    case "anything":
      return "";
  }
}

/** Without what ends a description, or the name of a message. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
