/**
 * `rollout-trace reduce`: reduces a bundle to `state.json`.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import {
  OutputBudget,
  requireSpace,
} from "../../../bundle/output/output_budget.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import type { DiagnosticSink } from "../../../errors.ts";
import { STATE_FILE } from "../../../format/manifest.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { replayBundle, type ReplayCounters } from "../../../replay.ts";
import { writeStateJson } from "../../../graph/view/state_json.ts";
import { minStateBytes } from "../../../graph/view/state_size.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { reportInFile, reportOnStderr } from "./diagnostics_output.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import {
  isSamePath,
  isStandardOutput,
  requireOutput,
} from "../../access/output_path.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { tolerantHint } from "./tolerant_hint.ts";
import { UsageError } from "../../args/usage_error.ts";

/** What the command line requests. */
interface ReduceOptions {
  readonly bundle: string;
  /** Path of the graph; `undefined` for standard output. */
  readonly output: string | undefined;
  /** Path of the diagnostics; `undefined` for standard error. */
  readonly diagnostics: string | undefined;
  readonly tolerant: boolean;
  readonly limits: Partial<Limits>;
  readonly verbose: boolean;
  readonly forceRaw: boolean;
}

/** Runs `reduce`. */
export async function runReduce(
  args: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const options = optionsOf(args);
  requireBundlePath(options.bundle, "bundle");
  for (const path of [options.output, options.diagnostics]) {
    if (path === undefined) continue;
    requireOutput(options.bundle, path);
  }
  return await reduce(options, io);
}

function optionsOf(
  { operands: [bundle = ""], flags }: ParsedArgs,
): ReduceOptions {
  const output = flags.value("output") ?? pathIn(bundle, STATE_FILE);
  const diagnostics = flags.value("diagnostics");
  if (diagnostics !== undefined && isStandardOutput(diagnostics)) {
    throw new UsageError(
      "--diagnostics cannot be standard output",
      "name a file, or omit the flag: then diagnostics are printed on standard error",
    );
  }
  if (diagnostics !== undefined && isSamePath(diagnostics, output)) {
    throw new UsageError(
      "--output and --diagnostics are the same file",
      "name two files",
    );
  }
  return {
    bundle,
    output: isStandardOutput(output) ? undefined : output,
    diagnostics,
    tolerant: flags.on("tolerant"),
    limits: limitsOf(flags),
    verbose: flags.on("verbose"),
    forceRaw: flags.on("force-raw"),
  };
}

async function reduce(
  options: ReduceOptions,
  io: CommandIo,
): Promise<number> {
  const { bundle, tolerant, limits, diagnostics } = options;
  let counters: ReplayCounters | undefined;
  const replay = (onDiagnostic: DiagnosticSink) => {
    const onCounters = (totals: ReplayCounters) => void (counters = totals);
    return withBundleContext(
      bundle,
      () =>
        replayBundle(bundle, { tolerant, limits, onDiagnostic, onCounters }),
      (error) => tolerant ? undefined : tolerantHint(bundle, limits, error),
    );
  };
  // Reported before the graph is written: no graph with gaps exists without its diagnostics.
  const { result, losses } = diagnostics === undefined
    ? reportOnStderr(io, replay)
    : await reportInFile(diagnostics, limits, replay);
  if (options.verbose) io.stderrLine(countsLine(result));
  await writeGraph(result, options, io);
  if (losses === 0) return EXIT.ok;
  if (counters !== undefined) {
    io.stderrLine(partialLine(counters, losses, diagnostics));
  }
  return EXIT.partial;
}

async function writeGraph(
  trace: RolloutTrace,
  { output, limits, forceRaw }: ReduceOptions,
  io: CommandIo,
): Promise<void> {
  const minBytes = minStateBytes(trace);
  const budget = new OutputBudget(output ?? "standard output", limits);
  budget.check(minBytes);
  if (output === undefined) {
    // What was printed cannot be taken back, so it is counted first.
    const count = budget.counting(() => {});
    writeStateJson(trace, count, undefined, Infinity);
    io.limitOutput(limits);
    const print = (chunk: Uint8Array) => io.writeBytes(chunk, forceRaw);
    return writeStateJson(trace, print, undefined, Infinity);
  }
  requireSpace(output, minBytes);
  await writeOutput(
    output,
    (write) => writeStateJson(trace, write, undefined, Infinity),
    limits,
  );
  io.printUntrustedLine(output);
}

/** The path of `file` in `directory`, whose spelling is kept. */
function pathIn(directory: string, file: string): string {
  const isSeparated = directory.endsWith("/") ||
    (Deno.build.os === "windows" && directory.endsWith("\\"));
  return isSeparated ? directory + file : `${directory}/${file}`;
}

/** The summary of a partial graph: how much of the bundle it holds. */
function partialLine(
  { events, skippedEvents }: ReplayCounters,
  losses: number,
  diagnostics: string | undefined,
): string {
  const where = diagnostics === undefined ? "" : `, reported in ${diagnostics}`;
  return `partial: ${
    events - skippedEvents
  } of ${events} events reduced, ${losses} ${
    losses === 1 ? "loss" : "losses"
  }${where}`;
}

/** The schema, and how many objects of each kind the graph has. */
function countsLine(trace: RolloutTrace): string {
  const counts: [number, string][] = [
    [trace.threads.size, "thread"],
    [trace.codex_turns.size, "turn"],
    [trace.conversation_items.size, "conversation item"],
    [trace.inference_calls.size, "LLM request"],
    [trace.tool_calls.size, "tool call"],
    [trace.code_cells.size, "code cell"],
    [trace.terminal_operations.size, "terminal operation"],
    [trace.compactions.size, "compaction"],
    [trace.interaction_edges.size, "edge"],
    [trace.raw_payloads.size, "payload"],
  ];
  const texts = counts
    .map(([count, what]) => `${count} ${what}${count === 1 ? "" : "s"}`)
    .join(", ");
  return `schema ${trace.schema_version}, ${trace.status}: ${texts}`;
}
