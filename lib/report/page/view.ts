/**
 * The properties that every view has in common.
 *
 * @module
 */

import type { Pointer } from "../report_data.ts";
import type { Model } from "./model/model.ts";

/** The filters: the views show only what matches them. */
export interface Filters {
  /** Only what failed, was cancelled or was aborted. */
  readonly failed: boolean;
  /** Only tool calls of a kind. */
  readonly tool: string | null;
  /** Only a thread. */
  readonly thread: string | null;
}

/** Properties of a view. */
export interface ViewProps {
  /** The session. */
  readonly model: Model;
  /** The object that the details show. */
  readonly selection: Pointer | null;
  /** Selects an object: the details show it, the address names it. */
  readonly onSelect: (pointer: Pointer) => void;
  /** The filters that are set. */
  readonly filters: Filters;
  /** Whether the browser has read the complete file, so that long texts are available. */
  readonly ready: boolean;
}
