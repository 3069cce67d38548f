/**
 * Opens what a command line names: the folder of a bundle.
 *
 * @module
 */

import {
  openBundle,
  type OpenOptions,
} from "../../query/session/open_session.ts";
import type { Session } from "../../query/session/session.ts";

/** Opens a bundle for questions. */
export function openPlace(place: string, options: OpenOptions): Session {
  return openBundle(place, options);
}
