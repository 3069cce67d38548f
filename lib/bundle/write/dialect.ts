/**
 * Every point where the schemas are written differently, side by side.
 *
 * The writer and the recorder ask these questions and nothing else about the schema; reading has
 * its own table. A third schema is a third answer to each.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";
import type { SchemaVersion } from "../../format/manifest.ts";

/** The answers of one schema. */
export interface Dialect {
  /** Number in the manifest and in every event. */
  readonly schema: SchemaVersion;
  /** Events that the schema has no name for; they are left out. */
  readonly unknownEvents: ReadonlySet<EventType>;
  /**
   * Whether the start of a tool's runtime tells what kind of runtime it is. A patch inside a
   * shell command is otherwise taken for a shell.
   */
  readonly runtimeStartsTellKind: boolean;
  /**
   * Whether the call of `exec` by which a model starts a code cell is a tool call as well.
   * Schema 1 knows it only as the cell.
   */
  readonly cellsAreToolCalls: boolean;
  /**
   * Whether the end of an MCP call repeats what its start said. Schema 2 writes the result alone.
   */
  readonly mcpEndsRepeatStart: boolean;
  /** Whether a turn that ran into an error ends as failed. Schema 1 calls it completed. */
  readonly turnsCanFail: boolean;
}

const SCHEMA_1: Dialect = {
  schema: 1,
  unknownEvents: new Set<EventType>([
    "history_item_accepted",
    "thread_resumed",
    "recording_completed",
  ]),
  runtimeStartsTellKind: false,
  cellsAreToolCalls: false,
  mcpEndsRepeatStart: true,
  turnsCanFail: false,
};

const SCHEMA_2: Dialect = {
  schema: 2,
  unknownEvents: new Set(),
  runtimeStartsTellKind: true,
  cellsAreToolCalls: true,
  mcpEndsRepeatStart: false,
  turnsCanFail: true,
};

/** The answers of schema `version`. */
export function dialectOf(version: SchemaVersion): Dialect {
  return version === 1 ? SCHEMA_1 : SCHEMA_2;
}
