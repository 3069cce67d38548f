/**
 * The program: finds the command, runs it, tells how it ended.
 *
 * @module
 */

import { type CommandEntry, type CommandIo, EXIT } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { describeFailure } from "./failure.ts";
import { helpOn, programHelp, unknownWord } from "./help.ts";
import { processIo } from "./process_io.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const HELP_WORDS: readonly string[] = ["help", "--help", "-h"];
const VERSION_WORDS: readonly string[] = ["--version", "-V"];

/** Runs one command line and tells the exit code. Never throws. */
export async function runProgram(
  args: readonly string[],
  io: CommandIo = processIo(),
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  try {
    return await dispatch(args, io, commands);
  } catch (error) {
    // Nobody reads any more: nothing to tell, and nobody to tell it to.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.bundle;
    const { message, hint, usage, exitCode } = describeFailure(error);
    io.remark(`error: ${message}`);
    if (hint !== undefined) io.remark(`hint: ${hint}`);
    if (usage !== undefined) io.remark(usage);
    return exitCode;
  }
}

async function dispatch(
  args: readonly string[],
  io: CommandIo,
  commands: readonly CommandEntry[],
): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined) {
    for (const line of programHelp(commands).split("\n")) io.remark(line);
    return EXIT.usage;
  }
  const entry = commands.find(({ name }) => name === word);
  if (entry !== undefined) return await runCommand(entry, rest, io);
  if (VERSION_WORDS.includes(word)) {
    io.text(`rollout-trace ${VERSION}`);
    return EXIT.ok;
  }
  if (!HELP_WORDS.includes(word)) throw await unknownWord(word, commands);
  io.text(await helpOn(rest[0], commands));
  return EXIT.ok;
}

async function runCommand(
  entry: CommandEntry,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  const command = await entry.load();
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw error.inCommand(command.usage);
  }
}
