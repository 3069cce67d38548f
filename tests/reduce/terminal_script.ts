/**
 * Terminals in scripts: commands, writes, and what became of them.
 *
 * @module
 */

import type { TerminalOperation } from "../../lib/graph/runtime.ts";
import { at, type Script } from "../support/bundles/script.ts";

/** Kind of a command. */
export const COMMAND = { type: "exec_command" };
/** Kind of a write. */
export const WRITE = { type: "write_stdin" };
/** The first operation. */
export const FIRST = "terminal_operation:1";
/** The second operation. */
export const SECOND = "terminal_operation:2";

/** Starts a command, whose process is known when its id is given. */
export function command(
  script: Script,
  tool: string,
  process_id?: string,
): Script {
  const begin = { command: ["make", "-j 2"], cwd: "/work", process_id };
  return script.tool(tool, { kind: COMMAND }).begin(tool, begin, COMMAND);
}

/** Starts a write by its invocation. */
export function write(script: Script, tool: string, args: string): Script {
  const invocation = {
    tool_name: "write_stdin",
    payload: { type: "function", arguments: args },
  };
  return script.tool(tool, { kind: WRITE, invocation });
}

/** An operation of the reduced script. */
export function operation(script: Script, id = FIRST): TerminalOperation {
  return at(script.reduce().terminal_operations, id);
}

/** The sessions of the reduced script and their operations, by number. */
export function sessions(script: Script): [string, readonly string[]][] {
  const { terminal_sessions } = script.reduce();
  return [...terminal_sessions].map(([id, { operation_ids }]) => [
    id.replace("terminal_session:terminal_operation:", ""),
    operation_ids.map((id) => id.replace("terminal_operation:", "")),
  ]);
}
