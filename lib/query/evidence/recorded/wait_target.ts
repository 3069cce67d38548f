/**
 * The code cells that tool calls waited for.
 *
 * Since schema 3 an event names the cell by the id of the runtime. The graph links the call to the
 * cell only if the cell was known by then; the id identifies it in any case.
 *
 * @module
 */

import { runtimeCellKey } from "../../../format/events/event_description.ts";
import type { CodeCellId, ToolCallId } from "../../../format/ids.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";

/** Looks up the cells that calls waited for. */
export class WaitTargets {
  readonly #session: Pick<TraceSession, "trace" | "names">;
  readonly #linked: Map<ToolCallId, CodeCellId> = new Map();

  /** Reads the links of the graph. */
  constructor(session: Pick<TraceSession, "trace" | "names">) {
    this.#session = session;
    for (const cell of session.trace.code_cells.values()) {
      for (const tool of cell.wait_tool_call_ids) {
        this.#linked.set(tool, cell.code_cell_id);
      }
    }
  }

  /** The cell that a call waited for; null where it waited for none, or for an unknown one. */
  of(tool: ToolCall): ObjectRef | null {
    const { names } = this.#session;
    const id = this.#linked.get(tool.tool_call_id) ?? resolved(names, tool);
    return id === undefined ? null : names.ref("code_cell", id);
  }
}

/** The cell of the thread that had the id of the runtime last, while the call ran. */
function resolved(
  names: TraceSession["names"],
  { resolved_wait_runtime_cell_id: id, thread_id: thread, execution }: ToolCall,
): CodeCellId | undefined {
  if (id === undefined) return undefined;
  const { started_seq, ended_seq } = execution;
  return names.ofEvents.cell(
    runtimeCellKey(thread, id),
    ended_seq ?? started_seq,
  )?.code_cell_id;
}
