/**
 * Opens what a command line names: the folder of a bundle, or a `state.json`.
 *
 * @module
 */

import { isStateFile } from "../../../bundle/state_text.ts";
import {
  openBundle,
  type OpenOptions,
} from "../../../query/session/open_bundle.ts";
import { openStateFile } from "../../../query/session/open_state_file.ts";
import type { TraceSession } from "../../../query/session/session.ts";

/** Opens a bundle or a state file, whichever the path is. */
export function openPlace(place: string, options: OpenOptions): TraceSession {
  return isStateFile(place)
    ? openStateFile(place, options)
    : openBundle(place, options);
}
