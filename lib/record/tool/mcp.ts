/**
 * The id by which a call to an MCP server can be found again in that server's own trace.
 *
 * @module
 */

import type { ToolCallId } from "../../format/ids.ts";
import { lossKey } from "../losses.ts";
import { NOOP_RECORDER, type Recorder } from "../recorder.ts";
import { NO_CONTEXT } from "../trace_writer.ts";

/** Key of the id in the metadata of an MCP request. */
export const MCP_CALL_ID_META_KEY = "codex_bridge_mcp_call_id";

/** One call to an MCP server. */
export class McpCallTraceContext {
  /** The id, `undefined` when it is not in the trace. */
  readonly mcpCallId: string | undefined;

  private constructor(mcpCallId: string | undefined) {
    this.mcpCallId = mcpCallId;
  }

  /** A context that leaves requests alone. */
  static disabled(): McpCallTraceContext {
    return McpCallTraceContext.start(NOOP_RECORDER, "");
  }

  /**
   * Records that tool call `toolCallId` has a fresh id at the server.
   *
   * @internal
   */
  static start(
    recorder: Recorder,
    toolCallId: ToolCallId,
  ): McpCallTraceContext {
    const id = recorder.newId();
    const recorded = recorder.record(() => ({
      context: NO_CONTEXT,
      event: {
        type: "mcp_tool_call_correlation_assigned",
        tool_call_id: toolCallId,
        mcp_call_id: id,
      },
      needs: [lossKey.tool(toolCallId)],
      gives: [],
    }));
    return new McpCallTraceContext(recorded ? id : undefined);
  }

  /**
   * The metadata of a request with the id in it.
   *
   * @param meta What the request has; `undefined` when it has none. What is no object, and
   * everything when the id is not in the trace, is returned as it is.
   */
  addRequestMeta(meta: unknown): unknown {
    if (this.mcpCallId === undefined) return meta;
    const isObject = typeof meta === "object" && meta !== null &&
      !Array.isArray(meta);
    if (meta !== undefined && !isObject) return meta;
    return { ...meta, [MCP_CALL_ID_META_KEY]: this.mcpCallId };
  }
}
