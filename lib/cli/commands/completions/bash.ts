/**
 * Completion for bash, from version 3.2 on: words by a function, paths by readline itself.
 *
 * @module
 */

import { type Flag, type FlagValue, requiredValue } from "../../args/flag.ts";
import type { Command } from "../../command.ts";

export function bashScript(commands: readonly Command[]): string {
  const names = [
    ...commands.map(({ name }) => name),
    "--help",
    "--version",
    "--licenses",
  ];
  return `# bash completion for rollout-trace

_rollout_trace() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  local before="\${COMP_WORDS[COMP_CWORD - 1]}"
  local words="" several=""
  COMPREPLY=()
  # --flag=value is three words to bash.
  if [[ $word == "=" ]]; then
    word=""
  elif [[ $before == "=" ]]; then
    before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  if ((COMP_CWORD == 1)); then
    words=${quoted(names.join(" "))}
  else
    case "\${COMP_WORDS[1]} $before" in
${commands.flatMap(valueCases).join("\n")}
    *)
      case "\${COMP_WORDS[1]} $word" in
${commands.flatMap(wordCases).join("\n")}
      esac
      ;;
    esac
  fi
  # Without words, readline completes paths.
  if [[ -n $words ]]; then
    # Of several with commas between, the last is completed.
    if [[ -n $several && $word == *,* ]]; then
      before="\${word%,*},"
    else
      before=""
    fi
    COMPREPLY=($(compgen -P "$before" -W "$words" -- "\${word#"$before"}"))
  fi
}

complete -o bashdefault -o default -F _rollout_trace rollout-trace`;
}

/** The words that may follow each flag that needs a value. */
function valueCases({ name, flags }: Command): string[] {
  return flags.flatMap((flag) => {
    const value = requiredValue(flag);
    if (value === undefined) return [];
    const pattern = spellings(flag)
      .map((spelling) => quoted(`${name} ${spelling}`)).join(" | ");
    const several = value.type === "choices" ? " several=yes" : "";
    return [`    ${pattern}) words=${wordsOf(value)}${several} ;;`];
  });
}

function spellings({ name, alias }: Flag): string[] {
  return alias === undefined ? [`--${name}`] : [`--${name}`, `-${alias}`];
}

/** The words that may follow where no value is due. */
function wordCases({ name, flags, operands: [operand] }: Command): string[] {
  const names = flags.map((flag) => `--${flag.name}`).join(" ");
  const choices = operand?.choices;
  return [
    ...names === ""
      ? []
      : [`      ${quoted(`${name} -`)}*) words=${quoted(names)} ;;`],
    ...choices === undefined ? [] : [
      `      ${quoted(`${name} `)}*) words=${quoted(choices.join(" "))} ;;`,
    ],
  ];
}

function wordsOf(value: FlagValue): string {
  return value.type === "choice" || value.type === "choices"
    ? quoted(value.choices.join(" "))
    : '""';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
