/**
 * Opens what a command line names: the folder of a bundle, a `state.json`, or a session log.
 *
 * @module
 */

import { isStateFile } from "../../../bundle/state_text.ts";
import {
  openBundle,
  type OpenOptions,
} from "../../../query/session/open_bundle.ts";
import { openLoggedSession } from "../../../query/session/session_log/joined/open_logged_session.ts";
import { openSessionLog } from "../../../query/session/session_log/open_session_log.ts";
import { openStateFile } from "../../../query/session/open_state_file.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { isSessionFile } from "../../access/file_kind.ts";

/** How a place is opened. */
export interface PlaceOptions extends OpenOptions {
  /**
   * Whether it is one of several: of a session log, then, the logs of its agents are not read. Default
   * `false`.
   */
  readonly isOneOfMany?: boolean;
}

/** Opens a bundle, a state file or a session log, whichever the path is. */
export function openPlace(
  place: string,
  { isOneOfMany = false, ...options }: PlaceOptions,
): TraceSession {
  if (!isStateFile(place)) return openBundle(place, options);
  if (!isSessionFile(place)) return openStateFile(place, options);
  return isOneOfMany
    ? openSessionLog(place, options)
    : openLoggedSession(place, options);
}
