/**
 * `rollout-trace completions`: what a shell needs to complete command lines.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  type Command,
  type CommandEntry,
  type CommandIo,
  EXIT,
} from "../command.ts";
import { type FlagSpec, parseFlags } from "../flags.ts";
import { UsageError } from "../usage_error.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { type CommandWords, completionWords } from "./words.ts";
import { zshScript } from "./zsh.ts";

const USAGE = `Usage: rollout-trace completions SHELL

Prints a script by which a shell completes commands, flags, their values, and
paths of bundles.

  bash  in ~/.bashrc:  eval "$(rollout-trace completions bash)"
  zsh   in a folder of $fpath, before compinit runs:
        rollout-trace completions zsh > ~/.zsh/completions/_rollout-trace
  fish  rollout-trace completions fish \\
          > ~/.config/fish/completions/rollout-trace.fish

Options:
  -h, --help  show this help

Exit codes: 0 printed, 2 the command line has to change.`;

const SCRIPTS: ReadonlyMap<
  string,
  (commands: readonly CommandWords[]) => string
> = new Map([["bash", bashScript], ["zsh", zshScript], ["fish", fishScript]]);

const FLAGS: FlagSpec = {
  switches: ["help"],
  values: [],
  short: { h: "help" },
};

/** The command `completions`, for a table of commands that it may stand in itself. */
export function completionsCommand(commands: readonly CommandEntry[]): Command {
  return {
    usage: USAGE,
    flags: FLAGS,
    words: [...SCRIPTS.keys()],
    run: (args, io) => run(commands, args, io),
  };
}

async function run(
  commands: readonly CommandEntry[],
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const [shell, extra] = flags.positionals;
  const script = SCRIPTS.get(shell ?? "");
  if (script === undefined || extra !== undefined) {
    throw new UsageError(
      shell === undefined
        ? "completions for which shell?"
        : `there are no completions for ${
          quote(extra === undefined ? shell : flags.positionals.join(" "))
        }`,
      `one of ${[...SCRIPTS.keys()].join(", ")}`,
    );
  }
  io.text(script(await completionWords(commands)));
  return EXIT.ok;
}
