/**
 * Which spans the reader's filters are after.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import { isFailed } from "../model/names.ts";
import type { Collected } from "./collect.ts";
import type { Matcher } from "./state.ts";

/** A matcher for the spans of a session. A terminal operation is of the kind of its tool call. */
export function matcherOf(model: Model, { scene }: Collected): Matcher {
  return (index, { failed, tool }) => {
    const span = scene.spans[index];
    if (span === undefined) return false;
    if (failed && !isFailed(model, span.pointer)) return false;
    if (tool === null) return true;
    const [kind, id] = span.pointer;
    const call = kind === "terminal_operation"
      ? model.operation(id)?.tool_id ?? ""
      : kind === "tool_call"
      ? id
      : "";
    return model.tool(call)?.kind === tool;
  };
}
