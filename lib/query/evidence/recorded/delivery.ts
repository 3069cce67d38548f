/**
 * Whether what passed between agents arrived.
 *
 * @module
 */

import type { InteractionEdge } from "../../../graph/runtime.ts";
import { threadOfAnchor } from "../links/graph_links.ts";
import type { Session } from "../../session/session.ts";
import { hasPartialRequest } from "./effective_request.ts";

/**
 * Whether it is unknown that an edge arrived: none of the requests that were recorded shows it,
 * and one that may show it was not recorded whole.
 */
export function isDeliveryUnknown(
  session: Session,
  { ended_at_unix_ms: ended, target }: InteractionEdge,
): boolean {
  if (ended !== null) return false;
  const thread = threadOfAnchor(session.trace, target);
  return thread !== undefined && hasPartialRequest(session, thread, 0);
}
