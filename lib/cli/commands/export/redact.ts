/**
 * `redact BUNDLE -o DIR`: a copy of a bundle without secrets and personal data.
 *
 * @module
 */

import { withoutSeparators } from "../../../bundle/storage/disk_path.ts";
import { InterruptedError } from "../../../bundle/output/interruption.ts";
import { OutputError } from "../../../bundle/output/output_error.ts";
import { folderOf } from "../../../bundle/output/output_place.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import { quote } from "../../../errors.ts";
import {
  redactBundle,
  type RedactedCopy,
} from "../../../export/redact/redact_bundle.ts";
import { isIncomplete } from "../../../export/redact/receipt.ts";
import type { RedactOptions } from "../../../export/redact/redaction.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import {
  isSamePath,
  isStandardOutput,
  requireOutput,
} from "../../access/output_path.ts";
import { pathHint } from "../../access/path_hint.ts";
import { requireAccess } from "../../access/permissions.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { REDACT_CONTENT } from "../../catalog/choices.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { configOf } from "../../config/read_config.ts";
import { BundleError, withBundleContext } from "../../errors/bundle_error.ts";
import { objectOf } from "../../shared/object_argument.ts";
import { unknownNameLines } from "../../shared/unknown_object.ts";
import { redactOptions } from "../../shared/open/redact_options.ts";
import { foundLines, summaryLines } from "../../shared/open/redact_text.ts";

/** Runs `redact`. */
export async function runRedact(
  { operands: [bundle = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = outputOf(flags);
  const receipt = flags.value("report");
  requireBundlePath(bundle, "bundle");
  if (output !== null) requireCopy(bundle, output);
  if (receipt !== undefined && !isStandardOutput(receipt)) {
    requireOutput(bundle, receipt);
    if (output !== null) requireApart(output, receipt);
  }
  const options = optionsOf(flags, io);
  const onlyThreads = await threadsOf(bundle, flags, options, io);
  if (onlyThreads === null) return EXIT.noResult;
  const redaction = await redacted(bundle, output, {
    ...options,
    ...onlyThreads && { onlyThreads },
  });
  if (output === null) {
    for (const line of foundLines(redaction.found)) {
      io.printUntrustedLine(line);
    }
  }
  for (const line of summaryLines(redaction.receipt)) io.stderrLine(line);
  if (receipt !== undefined) await writeReceipt(receipt, redaction, io);
  const leftOver = redaction.receipt.second_scan?.left_over ?? [];
  if (leftOver.length > 0) {
    io.stderrLine(
      `error: nothing was written: the second scan found values in the copy`,
    );
    return EXIT.partial;
  }
  if (output !== null) io.printUntrustedLine(output);
  return isIncomplete(redaction.receipt) ? EXIT.partial : EXIT.ok;
}

function outputOf(flags: ParsedFlags): string | null {
  const output = flags.value("output");
  if (flags.on("dry-run")) {
    if (output === undefined) return null;
    throw new UsageError(
      "cannot combine --dry-run with --output",
      "a dry run writes no copy",
    );
  }
  if (output !== undefined) return withoutSeparators(output);
  throw new UsageError(
    "missing flag --output DIR",
    "name the directory of the copy: -o copy; or list the findings: --dry-run",
  );
}

/** The copy is written beside its place, which must not be in the bundle. */
function requireCopy(bundle: string, output: string): void {
  requireOutput(bundle, output);
  const folder = folderOf(output);
  requireAccess("read", folder);
  requireAccess("write", folder);
  const inner = `${realPath(folder)}/`;
  if (!inner.startsWith(`${realPath(bundle)}/`)) return;
  throw new UsageError(
    `cannot write ${quote(output)}: it is inside ${quote(bundle)}`,
    "name a directory beside it",
  );
}

/** The receipt is not in place of the copy, or of what the copy will have. */
function requireApart(copy: string, receipt: string): void {
  if (isSamePath(copy, receipt)) {
    throw new UsageError(
      "--output and --report are the same path",
      "name another file for the receipt",
    );
  }
  requireOutput(copy, receipt);
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    // What is wrong with it is reported when it is written.
    return path;
  }
}

function optionsOf(flags: ParsedFlags, io: CommandIo): RedactOptions {
  const config = configOf(flags, (why) => io.stderrLine(`note: ${why}`));
  const limits = { ...config.limits, ...limitsOf(flags) };
  return {
    ...redactOptions(flags, config, limits),
    content: flags.choices("content", REDACT_CONTENT)?.[0] ?? "all",
  };
}

/**
 * The ids of the threads that are named; `undefined` where none is, null where there is no such
 * thread, which is reported.
 */
async function threadsOf(
  bundle: string,
  flags: ParsedFlags,
  { content, limits = {} }: RedactOptions,
  io: CommandIo,
): Promise<readonly string[] | undefined | null> {
  const words = flags.values("only-threads").flatMap((each) => each.split(","));
  if (words.length === 0) return undefined;
  if (content === "none") {
    throw new UsageError(
      "cannot combine --only-threads with --content none",
      "without content, no thread has texts",
    );
  }
  // Without names of threads, no session is opened.
  const { openBundle } = await import(
    "../../../query/session/open_bundle.ts"
  );
  const session = withBundleContext(
    bundle,
    () => openBundle(bundle, { limits }),
    (error) => pathHint(bundle, error),
  );
  const ids: string[] = [];
  for (const word of words) {
    const thread = objectOf(session, word, "thread");
    if (thread === undefined || thread === null) {
      const lines = await unknownNameLines(session, word, ["thread"]);
      io.stderrLine(`error: ${lines[0] ?? ""}`);
      for (const line of lines.slice(1)) io.stderrLine(line);
      return null;
    }
    ids.push(thread.id);
  }
  return ids;
}

async function redacted(
  bundle: string,
  output: string | null,
  options: RedactOptions,
): Promise<RedactedCopy> {
  try {
    return await redactBundle(bundle, output, options);
  } catch (error) {
    if (error instanceof OutputError || error instanceof InterruptedError) {
      throw error;
    }
    throw new BundleError(bundle, error, pathHint(bundle, error));
  }
}

async function writeReceipt(
  path: string,
  { receipt }: RedactedCopy,
  io: CommandIo,
): Promise<void> {
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  const bytes = new TextEncoder().encode(text);
  if (isStandardOutput(path)) io.writeBytes(bytes);
  else await writeOutput(path, (write) => write(bytes));
}
