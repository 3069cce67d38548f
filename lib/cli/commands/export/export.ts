/**
 * `export BUNDLE… -o FILE --format FORMAT`: sessions as spans, for tools that show spans.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import {
  SPAN_FORMAT_NAMES,
  SPAN_FORMATS,
} from "../../../export/spans/span_formats.ts";
import { isStandardOutput, requireOutput } from "../../access/output_path.ts";
import { pathHint } from "../../access/path_hint.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { withBundleContext } from "../../errors/bundle_error.ts";
import { placesOf } from "../../shared/bundle_arguments.ts";
import { Losses } from "../../shared/bundle_losses.ts";
import { openPlace } from "../../shared/open_target.ts";
import { exitOf, visitBundles } from "../../shared/visit_bundles.ts";
import { VERSION } from "../../version.ts";

/** Runs `export`. */
export async function runExport(
  { operands, flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = flags.value("output");
  const [name] = flags.choices("format", SPAN_FORMAT_NAMES) ?? [];
  if (output === undefined || name === undefined) {
    throw new UsageError(
      `missing flag --${
        output === undefined ? "output FILE" : "format FORMAT"
      }`,
      "write -o trace.json --format chrome",
    );
  }
  const { bundles, hasUnread } = placesOf(operands, io);
  if (bundles.length === 0) return EXIT.noResult;
  if (!isStandardOutput(output)) {
    for (const place of [...operands, ...bundles]) requireOutput(place, output);
  }
  const format = SPAN_FORMATS[name];
  const limits = limitsOf(flags);
  io.limitOutput(limits);
  const losses = new Losses();
  const pieces: string[] = [];
  let count = 0;
  const visited = await visitBundles(bundles, io, {
    visit: (bundle) => {
      const session = withBundleContext(
        bundle,
        () => openPlace(bundle, { limits }),
        (error) => pathHint(bundle, error),
      );
      losses.add(session);
      pieces.push(...format.pieces(session, ++count, VERSION));
    },
    skip: () => {},
  });
  losses.report(io);
  const exit = exitOf(visited, losses.any || hasUnread);
  if (exit === EXIT.failed) return exit;
  await write([format.start, ...pieces, format.end], output, limits, io);
  return exit;
}

async function write(
  pieces: readonly string[],
  output: string,
  limits: Partial<Limits>,
  io: CommandIo,
): Promise<void> {
  const encoder = new TextEncoder();
  if (isStandardOutput(output)) {
    for (const piece of pieces) io.writeBytes(encoder.encode(piece));
    return;
  }
  await writeOutput(output, (chunk) => {
    for (const piece of pieces) chunk(encoder.encode(piece));
  }, limits);
  io.printUntrustedLine(output);
}
