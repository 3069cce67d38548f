/**
 * `rollout-trace reduce`: a bundle goes in, its `state.json` comes out.
 *
 * @module
 */

import { type OutputMethod, writeOutput } from "../bundle/output_file.ts";
import { STATE_FILE } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { replayBundle } from "../replay.ts";
import { writeStateJson } from "../view/state_json.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { about } from "./bundle_fault.ts";
import { type FlagSpec, parseFlags } from "./flags.ts";
import { requireAccess } from "./permissions.ts";
import { UsageError } from "./usage_error.ts";

const USAGE = `Usage: rollout-trace reduce BUNDLE [-o FILE|-] [--verbose]

Replays a trace bundle of Codex and writes the graph it tells of to
BUNDLE/state.json, byte for byte as Codex itself writes it. Prints the path.

  BUNDLE             folder with manifest.json, trace.jsonl and payloads/

Options:
  -o, --output FILE  write to FILE; - stands for standard output
      --verbose      say on standard error what was read
  -h, --help         show this help

The file is complete or absent: it is written beside its place and renamed.
Needs --allow-read=BUNDLE and --allow-write=BUNDLE/state.json (or FILE).

Exit codes: 0 written, 1 the bundle or the disk does not allow it,
2 the command line or a permission has to change.`;

const FLAGS: FlagSpec = {
  switches: ["verbose", "help"],
  values: ["output"],
  short: { o: "output", h: "help" },
};

/** Names of standard output: opening them as files would need every permission. */
const STANDARD_OUTPUT: readonly string[] = ["-", "/dev/stdout"];

/** The command `reduce`. */
export const reduceCommand: Command = { usage: USAGE, run };

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const bundle = onlyBundle(flags.positionals);
  const output = flags.value("output") ?? insideFolder(bundle, STATE_FILE);
  const toStdout = STANDARD_OUTPUT.includes(output);
  requireAccess("read", bundle);
  if (!toStdout) requireAccess("write", output);

  const trace = about(bundle, () => replayBundle(bundle));
  if (flags.on("verbose")) io.remark(factsOf(trace));
  if (toStdout) {
    writeStateJson(trace, io.data);
    return EXIT.ok;
  }
  const method = writeOutput(output, (write) => writeStateJson(trace, write));
  tellPath(output, method, io);
  return EXIT.ok;
}

function onlyBundle(positionals: readonly string[]): string {
  const [bundle, extra] = positionals;
  if (bundle === undefined || bundle === "") {
    throw new UsageError(
      "which bundle?",
      "name the folder that holds manifest.json",
    );
  }
  if (extra !== undefined) {
    throw new UsageError(
      "reduce takes one bundle at a time",
      "call it once for each",
    );
  }
  return bundle;
}

/** `file` in `folder`, joined as the user spelled the folder. */
function insideFolder(folder: string, file: string): string {
  const separated = folder.endsWith("/") ||
    (Deno.build.os === "windows" && folder.endsWith("\\"));
  return separated ? folder + file : `${folder}/${file}`;
}

function tellPath(path: string, method: OutputMethod, io: CommandIo): void {
  // What went down a pipe may be standard output under another name: do not add to it.
  if (method === "passed on") io.remark(path);
  else io.line(path);
}

/** One line: the schema read, and how much there is of everything. */
function factsOf(trace: RolloutTrace): string {
  const counts: [number, string][] = [
    [trace.threads.size, "thread"],
    [trace.codex_turns.size, "turn"],
    [trace.conversation_items.size, "conversation item"],
    [trace.inference_calls.size, "inference call"],
    [trace.tool_calls.size, "tool call"],
    [trace.code_cells.size, "code cell"],
    [trace.terminal_operations.size, "terminal operation"],
    [trace.compactions.size, "compaction"],
    [trace.interaction_edges.size, "edge"],
    [trace.raw_payloads.size, "payload"],
  ];
  const told = counts
    .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`)
    .join(", ");
  return `schema ${trace.schema_version}, ${trace.status}: ${told}`;
}
