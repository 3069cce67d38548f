/**
 * The program: finds the command, runs it, reports errors, and returns the exit code.
 *
 * @module
 */

import { suggestion } from "./args/closest_word.ts";
import { parseArgs, type ParsedFlags } from "./args/parse_args.ts";
import { UsageError } from "./args/usage_error.ts";
import { COMMANDS } from "./catalog/catalog.ts";
import { LATEST_FLAG } from "./catalog/common_flags.ts";
import { commandHelp, programHelp, usageLines } from "./catalog/help_text.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import type { Selected } from "./access/session_selector.ts";
import { describeError } from "./errors/describe_error.ts";
import { quote } from "../errors.ts";
import { licenseTexts } from "./about/licenses.ts";
import { processIo } from "./process_io.ts";
import { VERSION } from "./about/version.ts";

const HELP_WORDS: readonly string[] = ["help", "--help", "-h"];
const LICENSES_WORD = "--licenses";
const VERSION_WORDS: readonly string[] = ["--version", "-V"];
/** Words of the program itself that a mistyped one may have meant. */
const PROGRAM_WORDS: readonly string[] = [
  "help",
  "--help",
  "--version",
  LICENSES_WORD,
];

/** Runs one command line and returns the exit code. Never throws. */
export async function runProgram(
  args: readonly string[],
  io: CommandIo = processIo(),
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  try {
    return await dispatch(args, io, commands);
  } catch (error) {
    // The reader closed the pipe.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.pipeClosed;
    const { message, hint, usage, exitCode } = describeError(error);
    io.stderrLine(`error: ${message}`);
    if (hint !== undefined) io.stderrLine(`hint: ${hint}`);
    if (usage !== undefined) io.stderrLine(usage);
    return exitCode;
  }
}

async function dispatch(
  args: readonly string[],
  io: CommandIo,
  commands: readonly Command[],
): Promise<number> {
  const [word, ...rest] = args;
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return await runCommand(command, rest, io);
  if (word === undefined) {
    for (const line of programHelp(commands).split("\n")) io.stderrLine(line);
    return EXIT.usage;
  }
  if (VERSION_WORDS.includes(word)) {
    io.printTrusted(`rollout-trace ${VERSION}`);
    return EXIT.ok;
  }
  if (word === LICENSES_WORD) {
    io.printTrusted(await licenseTexts());
    return EXIT.ok;
  }
  if (!HELP_WORDS.includes(word)) throw await unknownWord(word, commands);
  io.printTrusted(await helpOf(rest[0], commands));
  return EXIT.ok;
}

async function runCommand(
  command: Command,
  args: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    let isPartial = false;
    const parsed = await parseArgs(args, command, async (operands, flags) => {
      const selected = await withSelected(command, operands, flags, io);
      isPartial = selected.unread.length > 0;
      return selected.operands;
    });
    if (parsed.flags.on("help")) {
      io.printTrusted(commandHelp(command));
      return EXIT.ok;
    }
    const exit = await (await command.load())(parsed, io);
    return isPartial && exit === EXIT.ok ? EXIT.partial : exit;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw error.withUsage(usageLines(command)[0] ?? "");
  }
}

/** The operands with the bundles that they select; prints which these are. */
async function withSelected(
  { operands: table, flags: known }: Command,
  operands: readonly string[],
  flags: ParsedFlags,
  io: CommandIo,
): Promise<Pick<Selected, "operands" | "unread">> {
  const isLatest = known.some(({ name }) => name === LATEST_FLAG.name) &&
    flags.on(LATEST_FLAG.name);
  const isPlain = operands.length > 0 &&
    !operands.some((word) => word.includes("@"));
  // What selects is loaded only where it is asked for: `reduce` starts in milliseconds.
  if (!isLatest && isPlain) return { operands, unread: [] };
  const { selectBundles } = await import("./access/session_selector.ts");
  const selected = selectBundles(table, operands, isLatest);
  for (const path of selected.chosen) io.stderrLine(`using ${path}`);
  for (const { path, reason } of selected.unread) {
    io.stderrLine(
      `partial: ${quote(path)} could not be searched for bundles: ${reason}`,
    );
  }
  return selected;
}

/** The help of one command, or of the program. */
async function helpOf(
  topic: string | undefined,
  commands: readonly Command[],
): Promise<string> {
  if (topic === undefined) return programHelp(commands);
  const command = commands.find(({ name }) => name === topic);
  if (command === undefined) throw await unknownWord(topic, commands);
  return commandHelp(command);
}

async function unknownWord(
  word: string,
  commands: readonly Command[],
): Promise<UsageError> {
  const known = [...commands.map(({ name }) => name), ...PROGRAM_WORDS];
  const meant = await suggestion(word, known);
  return new UsageError(
    `unknown ${word.startsWith("-") ? "flag" : "command"} ${
      quote(word)
    }${meant}`,
    meant === "" ? "rollout-trace help lists the commands" : undefined,
  );
}
