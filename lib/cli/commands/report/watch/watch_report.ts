/**
 * `rollout-trace report --watch`: writes the page while the session is recorded.
 *
 * @module
 */

import type { Limits } from "../../../../bundle/limits.ts";
import { Interruption } from "../../../../bundle/output/interruption.ts";
import { writeOutput } from "../../../../bundle/output/output_file.ts";
import { openBundle } from "../../../../query/session/open_bundle.ts";
import {
  buildReport,
  type ReportOptions,
} from "../../../../report/build/build_report.ts";
import type { PageAsset } from "../../../../report/page_asset.d.ts";
import {
  reportParts,
  writeReport,
} from "../../../../report/html/report_html.ts";
import { bytesOf, counted, momentOf } from "../../../../text/figures.ts";
import type { CommandIo } from "../../../command.ts";
import { withBundleContext } from "../../../errors/bundle_error.ts";
import { FolderWatch } from "../../timeline/folder_watch.ts";
import { type WatchClock, watchSession } from "./watch_session.ts";

/** What is written again, and how often. */
export interface WatchOptions {
  readonly bundle: string;
  /** The file of the page. */
  readonly output: string;
  /** From one page to the next, at least. */
  readonly seconds: number;
  /** Whether each page is reported although standard error is no terminal. */
  readonly isVerbose: boolean;
}

/** What the pages hold. */
interface PageOptions extends ReportOptions {
  readonly limits: Partial<Limits>;
}

/** Writes the last page, as without `--watch`; `onWritten` is called when it is in its place. */
type Finish = (onWritten: () => void) => Promise<number>;

/**
 * Writes pages while the session is recorded, prints the path after the first, and returns the exit
 * code.
 *
 * @param clock That of the system, with the changes of the folder, unless given.
 */
export async function watchReport(
  watch: WatchOptions,
  options: PageOptions,
  asset: PageAsset,
  io: CommandIo,
  finish: Finish,
  clock?: WatchClock,
): Promise<number> {
  const { bundle, output, seconds, isVerbose } = watch;
  const { limits, hasLocalTimes } = options;
  const isReported = isVerbose || io.stderrTerminal() !== undefined;
  let isPathPrinted = false;
  const printPath = () => {
    if (!isPathPrinted) io.printUntrustedLine(output);
    isPathPrinted = true;
  };
  using interruption = new Interruption();
  using folder = new FolderWatch(bundle);
  return await watchSession({
    bundle,
    limits,
    periodMs: 1000 * seconds,
    writePage: async () => {
      const madeAt = Date.now();
      const { events, bytes } = await writePage(watch, options, asset, madeAt);
      printPath();
      if (isReported) {
        const moment = momentOf(madeAt, hasLocalTimes);
        io.stderrLine(
          `${moment}  ${counted(events, "event")}, ${bytesOf(bytes)}`,
        );
      }
      return events;
    },
    writeLast: () => finish(printPath),
  }, clock ?? systemClock(folder, interruption));
}

function systemClock(
  folder: FolderWatch,
  interruption: Interruption,
): WatchClock {
  return {
    now: () => performance.now(),
    wait: async (ms) => {
      await folder.change(ms);
      interruption.check();
    },
  };
}

/** Writes the page of a session that is still recorded. */
async function writePage(
  { bundle, output, seconds }: WatchOptions,
  options: PageOptions,
  asset: PageAsset,
  madeAt: number,
): Promise<{ events: number; bytes: number }> {
  const { limits } = options;
  const session = withBundleContext(
    bundle,
    () => openBundle(bundle, { limits, mayGrow: true, measuresRequests: true }),
  );
  const report = buildReport(session, options);
  const watch = { made_at_unix_ms: madeAt, seconds };
  const parts = reportParts(report, asset, [], watch);
  let bytes = 0;
  await writeOutput(
    output,
    (write) =>
      writeReport(parts, report, session.payloads, (chunk) => {
        bytes += chunk.length;
        write(chunk);
      }),
    limits,
  );
  return { events: report.data.events, bytes };
}
