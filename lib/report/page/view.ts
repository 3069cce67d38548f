/**
 * What the shell hands to every view.
 *
 * @module
 */

import type { Pointer } from "../report_data.ts";
import type { Model } from "./model/model.ts";

/** What the reader wants to see only. */
export interface Filters {
  /** Only what failed, was cancelled or was aborted. */
  readonly failed: boolean;
  /** Only tool calls of a kind. */
  readonly tool: string | null;
  /** Only a thread. */
  readonly thread: string | null;
}

/** What a view gets. */
export interface ViewProps {
  /** The session. */
  readonly model: Model;
  /** The object that the details show. */
  readonly selection: Pointer | null;
  /** Selects an object: the details show it, the address names it. */
  readonly onSelect: (pointer: Pointer) => void;
  /** What the reader wants to see only. */
  readonly filters: Filters;
  /** Whether the whole page is there, so that long texts can be read. */
  readonly ready: boolean;
}
