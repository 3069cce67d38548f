/**
 * `rollout-trace completions`: prints a script that completes command lines in a shell.
 *
 * @module
 */

import { type Command, EXIT, type RunCommand } from "../../command.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { powershellScript } from "./powershell.ts";
import { zshScript } from "./zsh.ts";

/** The script of each shell. */
const SCRIPTS: ReadonlyMap<string, (commands: readonly Command[]) => string> =
  new Map([
    ["bash", bashScript],
    ["zsh", zshScript],
    ["fish", fishScript],
    ["powershell", powershellScript],
  ]);

/** Returns what runs `completions` for a catalogue. */
export function runCompletions(catalog: readonly Command[]): RunCommand {
  return ({ operands: [shell = ""] }, io) => {
    const script = SCRIPTS.get(shell);
    if (script === undefined) throw new TypeError(`no script for ${shell}`);
    io.printTrusted(script([...catalog, helpEntry(catalog)]));
    return EXIT.ok;
  };
}

/** `help`, which the program answers itself. */
function helpEntry(catalog: readonly Command[]): Command {
  return {
    name: "help",
    summary: "Show the help of a command",
    description: [],
    operands: [{
      name: "COMMAND",
      description: "the command",
      optional: true,
      choices: catalog.map(({ name }) => name),
    }],
    examples: [],
    flags: [],
    load: () => Promise.reject(new TypeError("help has no code of its own")),
  };
}
