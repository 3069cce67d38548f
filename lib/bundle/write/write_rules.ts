/**
 * Every point where the schemas are written differently: one rule each, with a value per schema.
 *
 * The writer and the recorder read these rules and never a version number. The values are part of
 * the schemas in `lib/schema/`.
 *
 * @module
 */

import type { EventType } from "../../format/event.ts";

/** The rules of one schema. */
export interface WriteRules {
  /** Number in the manifest and in every event. */
  readonly schema: number;
  /** Events that the schema has no name for; they are left out. */
  readonly unknownEvents: ReadonlySet<EventType>;
  /** Where payloads are written: each to a file, or as records of shards. */
  readonly payloads: "files" | "shards";
  /**
   * Whether a reference can mark a payload as truncated or omitted. Only then a recording can
   * have limits.
   */
  readonly marksCaptures: boolean;
  /** Key of the thread metadata with the permissions of commands. */
  readonly permissionsKey: "sandbox_policy" | "permissions_profile";
  /**
   * Whether a request has the prompt it was made from, the context of a warm-up, and the ids that
   * were stripped from its tool outputs.
   */
  readonly preparesPrompts: boolean;
  /** Whether the acceptance of a tool output has the output itself. */
  readonly acceptsToolOutputs: boolean;
  /**
   * Whether the start of a tool's runtime names its kind. A patch inside a
   * shell command is otherwise taken for a shell.
   */
  readonly runtimeStartsNameKind: boolean;
  /**
   * Whether the call of `exec` by which a model starts a code cell is a tool call as well.
   * Schema 1 knows it only as the cell.
   */
  readonly cellsAreToolCalls: boolean;
  /**
   * Whether the end of an MCP call repeats its start. Schema 2 writes the result only.
   */
  readonly mcpEndsRepeatStart: boolean;
  /** Whether a turn that ran into an error ends as failed. Schema 1 calls it completed. */
  readonly turnsCanFail: boolean;
}
