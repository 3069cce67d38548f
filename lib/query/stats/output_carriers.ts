/**
 * The requests that carried the outputs of tool calls to the model first: what these cost is the
 * price of the calls.
 *
 * @module
 */

import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import { GraphLinks } from "../evidence/links/graph_links.ts";
import type { TraceSession } from "../session/session.ts";

/** Finds the request of each tool call of a session. */
export class OutputCarriers {
  readonly #session: TraceSession;
  readonly #links: GraphLinks;

  /** Reads the graph when it is first asked. */
  constructor(session: TraceSession) {
    this.#session = session;
    this.#links = new GraphLinks(session.trace);
  }

  /** The request that first carried an output of a call; null where none is known to. */
  of({ model_visible_output_item_ids: ids }: ToolCall): InferenceCall | null {
    for (const id of ids) {
      const { first } = this.#links.carriers.requests(id);
      if (first !== null) return first;
    }
    return null;
  }

  /** Whether a call only waits: for a cell, for an agent, or for more output of a process. */
  isWaiting({ kind, terminal_operation_id: id }: ToolCall): boolean {
    switch (kind.type) {
      case "wait_agent":
        return true;
      case "other":
        return kind.name === "wait";
      case "write_stdin": {
        const { terminal_operations: operations } = this.#session.trace;
        const request = operations.get(id ?? "")?.request;
        return request?.type === "write_stdin" && request.stdin === "";
      }
      default:
        return false;
    }
  }
}
