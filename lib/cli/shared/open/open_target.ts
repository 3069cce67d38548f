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
import { openSessionLog } from "../../../query/session/session_log/open_session_log.ts";
import { openStateFile } from "../../../query/session/open_state_file.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { isSessionFile } from "../../access/file_kind.ts";

/** Opens a bundle, a state file or a session log, whichever the path is. */
export function openPlace(place: string, options: OpenOptions): TraceSession {
  if (!isStateFile(place)) return openBundle(place, options);
  return isSessionFile(place)
    ? openSessionLog(place, options)
    : openStateFile(place, options);
}
