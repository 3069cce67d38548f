/**
 * Opens a bundle as a command line asks for it: as it is, or with `--redact`.
 *
 * @module
 */

import { isStateFile } from "../../../bundle/state_text.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { isSessionFile } from "../../access/file_kind.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import type { CommandIo } from "../../command.ts";
import type { Config } from "../../config/config.ts";
import { openPlace, type PlaceOptions } from "./open_target.ts";

/** A session, and what its output has to pass before it is written. */
export interface OpenedPlace {
  readonly session: TraceSession;
  /**
   * Scans texts made of the session, and throws a `LeftOverError` if anything is found in them;
   * absent without `--redact`.
   */
  readonly requireClean?: (texts: Iterable<string>) => void;
}

/** Opens the bundle or the state file at a path. */
export type OpenPlace = (place: string) => OpenedPlace;

/**
 * Returns what opens bundles, and reports on standard error what it redacts. The code that redacts
 * is loaded only where it is asked for.
 *
 * @throws {UsageError} If flags or configuration do not fit.
 */
export async function placeOpener(
  flags: ParsedFlags,
  config: Config,
  how: PlaceOptions,
  io: CommandIo,
): Promise<OpenPlace> {
  if (!isRedacted(flags)) {
    return (place) => ({ session: openPlace(place, how) });
  }
  const { openRedacted } = await import(
    "../../../export/redact/open_redacted.ts"
  );
  const { redactOptions } = await import("./redact_options.ts");
  const { summaryLine } = await import("./redact_text.ts");
  const options = redactOptions(flags, config, how.limits ?? {});
  return (place) => {
    if (isStateFile(place)) {
      const isLog = isSessionFile(place);
      throw new UsageError(
        `a ${isLog ? "session log" : "state.json"} cannot be redacted`,
        "name the directory of the bundle",
      );
    }
    const opened = openRedacted(place, { ...how, ...options });
    io.stderrLine(summaryLine(opened.receipt));
    return opened;
  };
}

/** Whether the command can redact, and is to. */
function isRedacted(flags: ParsedFlags): boolean {
  if (!flags.has("redact")) return false;
  if (flags.on("redact")) return true;
  for (const name of ["personal", "keep"]) {
    if (flags.values(name).length > 0) {
      throw new UsageError(`--${name} is for --redact`, "add --redact");
    }
  }
  return false;
}
