/**
 * What is known about objects of each kind: the table of facts.
 *
 * @module
 */

import type { ObjectKind, ObjectRef } from "../../session/names/object_kind.ts";
import type { Fact } from "../explain_answer.ts";
import type { ExplainContext } from "../explain_context.ts";
import { edgeFacts, threadFacts, turnFacts } from "./agent_facts.ts";
import { itemFacts, payloadFacts } from "./conversation_facts.ts";
import {
  compactionFacts,
  requestFacts,
  summaryFacts,
} from "./request_facts.ts";
import {
  cellFacts,
  operationFacts,
  processFacts,
  toolFacts,
} from "./running_facts.ts";

const FACTS: Readonly<
  Record<ObjectKind, (context: ExplainContext, id: string) => Fact[]>
> = {
  thread: threadFacts,
  turn: turnFacts,
  item: itemFacts,
  inference_call: requestFacts,
  tool_call: toolFacts,
  code_cell: cellFacts,
  terminal_session: processFacts,
  terminal_operation: operationFacts,
  compaction: compactionFacts,
  compaction_request: summaryFacts,
  edge: edgeFacts,
  payload: payloadFacts,
};

/** What is known about an object. */
export function factsOf(
  context: ExplainContext,
  { kind, id }: ObjectRef,
): Fact[] {
  return FACTS[kind](context, id);
}
