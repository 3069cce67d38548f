/**
 * Completion for bash, from version 3.2 on: words by a function, paths by readline itself.
 *
 * @module
 */

import type { CommandWords, Completion } from "./words.ts";

/** The script. */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = [...commands.map(({ name }) => name), "--help", "--version"];
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

/** What may stand after each flag that takes a value. */
function valueCases({ name, flags }: CommandWords): string[] {
  return flags.flatMap((flag) => {
    if (flag.value === undefined) return [];
    const spelled = [
      `--${flag.name}`,
      ...(flag.letter === undefined ? [] : [`-${flag.letter}`]),
    ];
    const pattern = spelled.map((each) => quoted(`${name} ${each}`)).join(
      " | ",
    );
    const { value } = flag;
    const several = value.type === "words" && value.several
      ? " several=yes"
      : "";
    return [`    ${pattern}) words=${wordsOf(value)}${several} ;;`];
  });
}

/** What may stand where no value is due. */
function wordCases({ name, flags, operand }: CommandWords): string[] {
  const names = flags.map((flag) => `--${flag.name}`).join(" ");
  return [
    ...(names === ""
      ? []
      : [`      ${quoted(`${name} -`)}*) words=${quoted(names)} ;;`]),
    ...(operand.type === "words"
      ? [`      ${quoted(`${name} `)}*) words=${wordsOf(operand)} ;;`]
      : []),
  ];
}

function wordsOf(completion: Completion): string {
  return completion.type === "words"
    ? quoted(completion.words.join(" "))
    : '""';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
