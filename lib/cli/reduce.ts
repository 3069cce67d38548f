/**
 * `rollout-trace reduce`: a bundle goes in, its `state.json` comes out.
 *
 * @module
 */

import type { Limits } from "../bundle/limits.ts";
import { type OutputMethod, writeOutput } from "../bundle/write/output_file.ts";
import type { DiagnosticSink } from "../diagnostic.ts";
import { STATE_FILE } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { replayBundle, type ReplayCounters } from "../replay.ts";
import { writeStateJson } from "../view/state_json.ts";
import { about } from "./bundle_fault.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { tellAsRemarks, tellInFile } from "./diagnostics_output.ts";
import { type FlagSpec, type ParsedFlags, parseFlags } from "./flags.ts";
import { limitsOf } from "./limit_flags.ts";
import { onlyBundle } from "./only_bundle.ts";
import { isSamePlace, isStandardOutput, keepEvidence } from "./output_place.ts";
import { requireAccess } from "./permissions.ts";
import { rescueHint } from "./rescue.ts";
import { UsageError } from "./usage_error.ts";

const USAGE =
  `Usage: rollout-trace reduce BUNDLE [-o FILE|-] [--tolerant] [--diagnostics FILE] [--verbose]

Replays a trace bundle of Codex and writes the graph it tells of to
BUNDLE/state.json, byte for byte as Codex itself writes it. Prints the path.

  BUNDLE               folder with manifest.json, trace.jsonl and payloads/

Options:
  -o, --output FILE    write to FILE; - stands for standard output
  -t, --tolerant       skip what cannot be reduced, reduce the rest and tell
                       of each skip; without, the first contradiction ends it
  --diagnostics FILE   write what was skipped or is worth knowing to FILE, one
                       JSON object a line; else it goes to standard error
  --limit NAME=VALUE   raise or lower a limit: line, payload, bundle (bytes, such
                       as 200M), events, payloads, edge_payloads, depth; may
                       be repeated
  --verbose            say on standard error what was read
  -h, --help           show this help

Files are complete or absent: each is written beside its place and renamed.
Needs --allow-read=BUNDLE and --allow-write=BUNDLE/state.json (or the FILEs).

Exit codes: 0 written, 1 the bundle or the disk does not allow it,
2 the command line or a permission has to change, 3 written without what
--tolerant skipped.`;

const FLAGS: FlagSpec = {
  switches: ["tolerant", "verbose", "help"],
  values: ["output", "diagnostics"],
  lists: ["limit"],
  short: { o: "output", t: "tolerant", h: "help" },
  paths: ["output", "diagnostics"],
};

/** The command `reduce`. */
export const reduceCommand: Command = { usage: USAGE, flags: FLAGS, run };

/** What is asked for. */
interface Order {
  readonly bundle: string;
  /** Where the graph goes; `undefined` for standard output. */
  readonly output: string | undefined;
  /** Where diagnostics go; `undefined` for standard error. */
  readonly diagnostics: string | undefined;
  readonly tolerant: boolean;
  readonly limits: Partial<Limits>;
  readonly verbose: boolean;
}

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const order = orderOf(flags);
  requireAccess("read", order.bundle);
  for (const path of [order.output, order.diagnostics]) {
    if (path === undefined) continue;
    requireAccess("write", path);
    keepEvidence(order.bundle, path);
  }
  return reduce(order, io);
}

function orderOf(flags: ParsedFlags): Order {
  const bundle = onlyBundle(flags.positionals, "reduce");
  const output = flags.value("output") ?? insideFolder(bundle, STATE_FILE);
  const diagnostics = flags.value("diagnostics");
  if (diagnostics !== undefined && isStandardOutput(diagnostics)) {
    throw new UsageError(
      "diagnostics do not go to standard output",
      "name a file, or leave --diagnostics out: then they go to standard error",
    );
  }
  if (diagnostics !== undefined && isSamePlace(diagnostics, output)) {
    throw new UsageError(
      "the graph and the diagnostics cannot go to one file",
      "name two",
    );
  }
  return {
    bundle,
    output: isStandardOutput(output) ? undefined : output,
    diagnostics,
    tolerant: flags.on("tolerant"),
    limits: limitsOf(flags),
    verbose: flags.on("verbose"),
  };
}

function reduce(order: Order, io: CommandIo): number {
  const { bundle, tolerant, limits, diagnostics } = order;
  let counters: ReplayCounters | undefined;
  const replay = (onDiagnostic: DiagnosticSink) => {
    const onCounters = (told: ReplayCounters) => void (counters = told);
    return about(
      bundle,
      () =>
        replayBundle(bundle, { tolerant, limits, onDiagnostic, onCounters }),
      (error) => tolerant ? undefined : rescueHint(bundle, limits, error),
    );
  };
  // Told before the graph is written: a graph with gaps never stands there without them.
  const { result, losses } = diagnostics === undefined
    ? tellAsRemarks(io, replay)
    : tellInFile(diagnostics, replay);
  if (order.verbose) io.remark(factsOf(result));
  writeGraph(result, order.output, io);
  if (losses === 0) return EXIT.ok;
  if (counters !== undefined) io.remark(partOf(counters, losses, diagnostics));
  return EXIT.partial;
}

function writeGraph(
  trace: RolloutTrace,
  output: string | undefined,
  io: CommandIo,
): void {
  if (output === undefined) return writeStateJson(trace, io.data);
  const method = writeOutput(output, (write) => writeStateJson(trace, write));
  tellPath(output, method, io);
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

/** One line: how much of the bundle the graph holds. */
function partOf(
  { events, skippedEvents }: ReplayCounters,
  losses: number,
  diagnostics: string | undefined,
): string {
  const where = diagnostics === undefined ? "" : `, told in ${diagnostics}`;
  return `partial: ${
    events - skippedEvents
  } of ${events} events reduced, ${losses} ${
    losses === 1 ? "loss" : "losses"
  }${where}`;
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
