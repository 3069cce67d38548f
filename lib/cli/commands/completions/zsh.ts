/**
 * Completion for zsh, with descriptions.
 *
 * @module
 */

import {
  type Flag,
  type FlagValue,
  type Operand,
  requiredValue,
} from "../../args/flag.ts";
import type { Command } from "../../command.ts";

/** The script: a file for `$fpath`, which may be sourced as well. */
export function zshScript(commands: readonly Command[]): string {
  return `#compdef rollout-trace

_rollout-trace() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  commands=(
${
    commands.map(({ name, summary }) =>
      `    ${quoted(`${escaped(name)}:${summary}`)}`
    ).join("\n")
  }
  )
  _arguments -C \\
    '(- *)'{-h,--help}'[Show help]' \\
    '(- *)'{-V,--version}'[Show the version]' \\
    '(- *)--licenses[Show the licenses]' \\
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

function commandCase({ name, flags, operands: [operand] }: Command): string {
  const specs = [...flags.map(flagSpec), quoted(operandSpec(operand))];
  return `    ${name})
      _arguments -S \\
        ${specs.join(" \\\n        ")}
      ;;`;
}

function operandSpec(operand: Operand | undefined): string {
  const choices = operand?.choices;
  return choices === undefined
    ? "*:path:_files"
    : `*:word:(${choices.map(escaped).join(" ")})`;
}

function flagSpec(flag: Flag): string {
  const { name, alias, description } = flag;
  const value = requiredValue(flag);
  const text = `[${escaped(description)}]`;
  const takes = value === undefined
    ? ""
    : `:${escaped(name)}:${actionOf(value)}`;
  const equals = value === undefined ? "" : "=";
  if (alias === undefined) {
    return quoted(`*--${name}${equals}${text}${takes}`);
  }
  return `{-${alias},--${name}${equals}}${quoted(`${text}${takes}`)}`;
}

function actionOf(value: FlagValue): string {
  switch (value.type) {
    case "choice":
      return `(${value.choices.map(escaped).join(" ")})`;
    case "choices":
      return `_sequence compadd - ${value.choices.map(escaped).join(" ")}`;
    case "path":
      return "_files";
    case "text":
    case "size":
    case "integer":
      return "";
  }
}

/** Escapes what would end a description, or the name of a message. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
