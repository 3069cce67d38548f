/**
 * `list ROOT`: the bundles below a folder.
 *
 * @module
 */

import { bundleFolders } from "../../../bundle/folder_listing.ts";
import { quote } from "../../../errors.ts";
import type { Limits } from "../../../bundle/limits.ts";
import type {
  ListedBundle,
  UnreadFolder,
} from "../../../query/list/list_answer.ts";
import { listBundle, newestFirst } from "../../../query/list/list_bundles.ts";
import { isNewerSchema, NEWEST_SCHEMA } from "../../../schema/registry.ts";
import { counted } from "../../../text/figures.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { LIST_COLUMNS } from "../../config/config.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { requireBundlePath } from "../../access/bundle_path.ts";
import { Progress } from "../../text/progress.ts";
import { printDocument, printLines } from "../../shared/print.ts";
import { renderSettings } from "../../shared/query_command.ts";
import { listLines } from "./list_text.ts";

/** Runs `list`. */
export async function runList(
  { operands: [root = ""], flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const { render, config, limits } = renderSettings(flags, io);
  const columns = flags.choices("columns", LIST_COLUMNS) ?? config.listColumns;
  requireBundlePath(root, "root");
  const unread: UnreadFolder[] = [];
  const folders = bundleFolders(
    root,
    (path, reason) => unread.push({ path, reason }),
  );
  const found = await listed([...folders], limits, io);
  const answer = { root, bundles: newestFirst(found), unread };
  if (flags.on("json")) {
    printDocument(io, "list", {
      bundle: root,
      source: "bundle",
      partial: null,
      answer,
    });
  } else printLines(io, listLines(answer, columns, Date.now(), render));
  if (found.length === 0) {
    io.stderrLine(`error: no bundle below ${quote(root)}`);
  }
  for (const { path, reason } of unread) {
    io.stderrLine(`error: ${JSON.stringify(path)}: ${reason}`);
  }
  const exit = exitOf(found, io);
  return unread.length > 0 && exit === EXIT.ok ? EXIT.partial : exit;
}

async function listed(
  folders: readonly string[],
  limits: Partial<Limits>,
  io: CommandIo,
): Promise<ListedBundle[]> {
  const progress = new Progress(io, folders.length, "bundles read");
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
    io.stderrLine(`error: ${JSON.stringify(bundle)}: ${error}`);
  }
  const newer = found.filter(({ schema_version: schema }) =>
    schema !== null && isNewerSchema(schema)
  );
  if (newer.length > 0) {
    io.stderrLine(
      `partial: ${counted(newer.length, "bundle")} of a schema newer than ` +
        `this program (newest known: ${NEWEST_SCHEMA.version})`,
    );
  }
  if (found.length === 0) return EXIT.noResult;
  if (found.length === unread.length) return EXIT.failed;
  return unread.length + newer.length > 0 ? EXIT.partial : EXIT.ok;
}
