/**
 * Items whose encrypted content an error names by its ends: `gAAA...CwHs`.
 *
 * @module
 */

import { endsIn, hasEnds } from "../../../text/abbreviated.ts";
import { recordedError } from "../../failures/request_failures.ts";
import type { ExplainContext } from "../explain_context.ts";
import type { Link } from "../link.ts";

/** The items of the thread of a failed request that its error is about. */
export function encryptedItems(
  context: ExplainContext,
  kind: "inference_call" | "compaction_request",
  id: string,
  thread: string,
): Link[] {
  const { session: { log }, trace } = context;
  const named = (log?.about(kind, id) ?? []).flatMap(({ event }) =>
    endsIn(recordedError(event.payload) ?? "")
  );
  if (named.length === 0) return [];
  return [...trace.conversation_items.values()]
    .filter(({ thread_id, body }) =>
      thread_id === thread &&
      body.parts.some((part) =>
        part.type === "encoded" &&
        named.some((ends) => hasEnds(part.value, ends))
      )
    )
    .map(({ item_id }): Link => ({
      ...context.link("error_names", { kind: "item", id: item_id }, [
        kind,
        id,
        "end",
      ]),
      beganBefore: true,
      leaf: true,
    }));
}
