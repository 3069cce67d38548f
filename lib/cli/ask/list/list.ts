/**
 * `list ROOT`: the bundles below a folder.
 *
 * @module
 */

import { bundleFolders } from "../../../bundle/bundle_folders.ts";
import { FolderListing } from "../../../bundle/folder_listing.ts";
import type { Limits } from "../../../bundle/limits.ts";
import type { ListedBundle } from "../../../query/list/list_answer.ts";
import { listBundle, newestFirst } from "../../../query/list/list_bundles.ts";
import { isNewerSchema, NEWEST_SCHEMA } from "../../../schema/registry.ts";
import { counted } from "../../../text/figures.ts";
import { type Command, type CommandIo, EXIT } from "../../command.ts";
import { LIST_COLUMNS } from "../../config/config.ts";
import { parseFlags } from "../../flags.ts";
import { requireAccess } from "../../permissions.ts";
import { Progress } from "../../text/progress.ts";
import { UsageError } from "../../usage_error.ts";
import { chosenColumns } from "../many/columns_flag.ts";
import { printDocument, printLines } from "../print.ts";
import { COMMON_FLAGS_HELP, settingOf, withCommonFlags } from "../question.ts";
import { listLines } from "./list_text.ts";

const USAGE = `Usage: rollout-trace list ROOT [OPTION]...

Lists the bundles below a folder, the newest first: how each ended, how old and
how large it is, what the user asked first, and what came of it. Nothing is
reduced, so that hundreds of bundles take a moment. Symbolic links are not
followed.

      --columns A,B       these columns, in this order:
                          ${LIST_COLUMNS.slice(0, 6).join(", ")},
                          ${LIST_COLUMNS.slice(6).join(", ")}
${COMMON_FLAGS_HELP}

Needs --allow-read=ROOT.

Exit codes: 0 found, 1 no bundle, 2 the command line or a permission has to
change, 3 a bundle could not be read, or has a newer schema.

Example:
  rollout-trace list ~/traces`;

const FLAGS = withCommonFlags({
  switches: [],
  values: ["columns"],
  short: {},
  choices: { columns: LIST_COLUMNS },
  several: ["columns"],
});

/** The command. */
export const listCommand: Command = { usage: USAGE, flags: FLAGS, run };

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = await parseFlags(args, FLAGS);
  if (flags.on("help")) {
    io.text(USAGE);
    return EXIT.ok;
  }
  const { paper, config, limits } = settingOf(flags, io);
  const columns = chosenColumns(flags, LIST_COLUMNS) ?? config.listColumns;
  const [root, extra] = flags.positionals;
  if (root === undefined || root === "" || extra !== undefined) {
    throw new UsageError("list takes one folder", "name one above the bundles");
  }
  requireAccess("read", root);
  const found = await listed([...bundleFolders(root)], limits, io);
  const answer = { root, bundles: newestFirst(found) };
  if (flags.on("json")) {
    printDocument(io, "list", {
      bundle: root,
      source: "bundle",
      partial: null,
      answer,
    });
  } else printLines(io, listLines(answer, columns, Date.now(), paper));
  if (found.length === 0) {
    io.remark(
      new FolderListing(root).type() === "missing"
        ? `${root} does not exist`
        : `no bundle lies below ${root}`,
    );
  }
  return exitOf(found, io);
}

async function listed(
  folders: readonly string[],
  limits: Partial<Limits>,
  io: CommandIo,
): Promise<ListedBundle[]> {
  const progress = new Progress(io, folders.length, "bundles looked at");
  const found: ListedBundle[] = [];
  for (const folder of folders) {
    found.push(listBundle(folder, { limits }));
    await progress.step();
  }
  progress.end();
  return found;
}

function exitOf(found: readonly ListedBundle[], io: CommandIo): number {
  const unread = found.filter(({ error }) => error !== null);
  for (const { bundle, error } of unread) {
    io.remark(`error: ${JSON.stringify(bundle)}: ${error}`);
  }
  const newer = found.filter(({ schema_version: schema }) =>
    schema !== null && isNewerSchema(schema)
  );
  if (newer.length > 0) {
    io.remark(
      `partial: ${counted(newer.length, "bundle")} of a schema newer than ` +
        `this program (newest known: ${NEWEST_SCHEMA.version})`,
    );
  }
  if (found.length === unread.length) return EXIT.nothing;
  return unread.length + newer.length > 0 ? EXIT.partial : EXIT.ok;
}
