/**
 * Names of objects on a terminal.
 *
 * @module
 */

import type { ObjectRef } from "../../query/session/names/object_kind.ts";
import { oneLine } from "../text/fit.ts";

/** Longer names are ids of objects that the graph does not hold. */
const MAX_COLUMNS = 40;

/** The handle of an object, escaped and short: what is not in the graph has only its id. */
export function refText({ handle }: ObjectRef): string {
  return oneLine(handle, MAX_COLUMNS);
}
