/**
 * `rollout-trace viewer`: writes the page that opens any bundle.
 *
 * @module
 */

import { writeOutput } from "../../../bundle/output/output_file.ts";
import { loadViewer } from "../../../report/load_page.ts";
import { viewerPage } from "../../../report/html/report_html.ts";
import { isStandardOutput, requireOutput } from "../../access/output_path.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { builtPage } from "./built_page.ts";

/** Runs `viewer`. */
export async function runViewer(
  { flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = flags.value("output");
  if (output === undefined) {
    throw new UsageError(
      "missing flag --output FILE",
      "name the page to write: -o viewer.html",
    );
  }
  const isStdout = isStandardOutput(output);
  if (!isStdout) requireOutput(null, output);
  const page = new TextEncoder().encode(
    viewerPage(await builtPage(loadViewer)),
  );
  if (isStdout) {
    io.writeBytes(page, flags.on("force-raw"));
    return EXIT.ok;
  }
  await writeOutput(output, (write) => write(page), {});
  io.printUntrustedLine(output);
  return EXIT.ok;
}
