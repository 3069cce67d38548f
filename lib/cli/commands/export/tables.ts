/**
 * `tables ROOT -o DIR`: all sessions below a directory as files of tables.
 *
 * @module
 */

import { bundleFolders } from "../../../bundle/storage/find_bundles.ts";
import {
  isBundleFault,
  type Shard,
  type TableBundle,
  tableBundle,
  TableFolder,
  TableFolderError,
  type TableFolderOptions,
} from "../../../export/tables/table_folder.ts";
import {
  CONTENT_LEVELS,
  TABLE_FORMATS,
} from "../../../export/tables/table_files.ts";
import { quote } from "../../../errors.ts";
import type { Session } from "../../../query/session/session.ts";
import { counted } from "../../../text/figures.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { requireAccess } from "../../access/permissions.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { BundleError } from "../../errors/bundle_error.ts";
import { describeError } from "../../errors/describe_error.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { openPlace } from "../../shared/open_target.ts";
import { Progress } from "../../text/progress.ts";

/** Runs `tables`. */
export async function runTables(
  { operands: [root = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = flags.value("output");
  if (output === undefined) {
    throw new UsageError(
      "missing flag --output DIR",
      "name the directory of the tables: -o tables",
    );
  }
  const options = optionsOf(flags);
  requireBundlePath(root, "root");
  requireAccess("read", output);
  requireAccess("write", output);
  requireApart(root, output);
  const folder = openFolder(output, options);
  const faults: string[] = [];
  const paths = [
    ...bundleFolders(
      root,
      (path, reason) => faults.push(`${quote(path)}: ${reason}`),
    ),
  ];
  const bundles = described(paths, options.shard, faults);
  const losses = new Losses();
  const failed = new Set<string>();
  const limits = limitsOf(flags);
  const progress = new Progress(io, bundles.length, "bundles read");
  const run = await folder.update(bundles, (bundle) => {
    const session = opened(
      bundle,
      (path) => openPlace(path, { limits }),
      faults,
    );
    if (session === null) failed.add(bundle.path);
    else losses.add(session);
    return session;
  }, () => progress.step());
  progress.end();
  for (const fault of faults) io.stderrLine(`error: ${fault}`);
  const before = run.unreadable.filter((path) => !failed.has(path));
  for (const path of before) {
    io.stderrLine(`error: ${quote(path)}: could not be read before, unchanged`);
  }
  losses.report(io);
  io.stderrLine(
    `${counted(run.bundles, "session")}: ${run.read} read, ${
      counted(run.days, "day")
    } written`,
  );
  io.printUntrustedLine(output);
  if (paths.length === 0) return EXIT.noResult;
  return faults.length + before.length > 0 || losses.any
    ? EXIT.partial
    : EXIT.ok;
}

function optionsOf(flags: ParsedFlags): TableFolderOptions {
  const [format = "parquet"] = flags.choices("format", TABLE_FORMATS) ?? [];
  const [content = "none"] = flags.choices("content", CONTENT_LEVELS) ?? [];
  return { format, content, shard: shardOf(flags.value("shard")) };
}

function shardOf(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, index = "", count = ""] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (shard.index >= 1 && shard.index <= shard.count) return shard;
  throw new UsageError(
    `invalid value ${quote(text)} for --shard`,
    "I/N is the number of this part, from 1, and how many there are: 2/8",
  );
}

/** Tables inside a root would be searched for bundles, and a bundle is no place for tables. */
function requireApart(root: string, output: string): void {
  const inner = `${output.replace(/\/+$/, "")}/`;
  const outer = `${root.replace(/\/+$/, "")}/`;
  if (!inner.startsWith(outer)) return;
  throw new UsageError(
    `cannot write tables to ${quote(output)}: it is inside ${quote(root)}`,
    "name a directory beside it",
  );
}

function openFolder(output: string, options: TableFolderOptions): TableFolder {
  try {
    return new TableFolder(output, options);
  } catch (error) {
    if (!(error instanceof TableFolderError)) throw error;
    throw new UsageError(error.message, "name another directory with -o");
  }
}

function described(
  paths: readonly string[],
  shard: Shard | null,
  faults: string[],
): TableBundle[] {
  return paths.flatMap((path) => {
    try {
      return tableBundle(path, shard) ?? [];
    } catch (error) {
      faults.push(faultText(path, error));
      return [];
    }
  });
}

function opened(
  { path }: TableBundle,
  open: (path: string) => Session,
  faults: string[],
): Session | null {
  try {
    return open(path);
  } catch (error) {
    faults.push(faultText(path, error));
    return null;
  }
}

function faultText(path: string, error: unknown): string {
  if (!isBundleFault(error)) throw error;
  return describeError(new BundleError(path, error)).message;
}
