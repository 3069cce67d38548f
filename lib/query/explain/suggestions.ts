/**
 * Commands to run next about an object: its payloads, its neighbours, what the model
 * saw then.
 *
 * @module
 */

import type { Evidence } from "../evidence/links/evidence.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Suggestion } from "../session/suggestion.ts";
import type { Step } from "./explain_answer.ts";
import { requestCapture } from "../evidence/recorded/effective_request.ts";
import { spaced } from "../evidence/excerpt.ts";
import type { ExplainContext } from "./explain_context.ts";

const MAX_PAYLOADS = 2;

/** Questions that lead on, the nearest first. */
export function suggestionsFor(
  context: ExplainContext,
  object: ObjectRef,
  evidence: readonly Evidence[],
  chains: readonly (readonly Step[])[],
): Suggestion[] {
  const near = chains.flatMap((steps) => steps.slice(0, 1))
    .flatMap((step): Suggestion[] =>
      // Of what the graph does not hold, there is nothing to explain.
      step.object === null ||
        !context.session.names.has(step.object.kind, step.object.id)
        ? []
        : [{
          command: "explain",
          args: [step.object.handle],
          reason: step.text,
        }]
    );
  const all = [
    ...near,
    // Without the bundle there are none to be read.
    ...context.session.payloads === null
      ? []
      : payloadsOf(context, object, evidence),
    ...transcriptOf(context, object),
  ];
  const once = new Map(
    all.map((each) => [[each.command, ...each.args].join(" "), each]),
  );
  return [...once.values()];
}

function payloadsOf(
  context: ExplainContext,
  object: ObjectRef,
  evidence: readonly Evidence[],
): Suggestion[] {
  if (object.kind === "payload") {
    const { capture } = context.trace.raw_payloads.get(object.id) ?? {};
    return capture?.status === "omitted"
      ? []
      : [payload(object.handle, "the evidence itself")];
  }
  const payloads = evidence.flatMap((each) => each.payloads)
    .filter(({ capture }) => capture?.status !== "omitted");
  return [...new Map(payloads.map((each) => [each.id, each])).values()]
    .slice(0, MAX_PAYLOADS)
    .map(({ handle, payload_kind: kind }) =>
      payload(handle, kind === null ? "the evidence" : spaced(kind))
    );
}

function payload(handle: string, reason: string): Suggestion {
  return { command: "payload", args: [handle], reason };
}

/** What the model saw when it wrote an item, or when it first received one. */
function transcriptOf(
  context: ExplainContext,
  { kind, id }: ObjectRef,
): Suggestion[] {
  const at = (id: string | undefined, reason: string): Suggestion[] => {
    const call = context.trace.inference_calls.get(id ?? "");
    // Of a request that was not recorded nothing is to be read.
    if (call === undefined || requestCapture(context.session, call) !== null) {
      return [];
    }
    const { inference_call_id: own } = call;
    return [{
      command: "transcript",
      args: ["--at", context.ref("inference_call", own).handle],
      reason,
    }];
  };
  switch (kind) {
    case "inference_call":
      return at(id, "all that the model saw in it");
    case "item": {
      const [response] = context.links.to("item", id, "response_item");
      if (response !== undefined) {
        return at(response.from.id, "what the model saw when it wrote it");
      }
      const { first } = context.links.carriers.requests(id);
      return at(first?.inference_call_id, "the first request that carried it");
    }
    case "tool_call": {
      const [asked] = context.links.to("tool_call", id, "started_tool");
      return at(asked?.from.id, "what the model saw when it asked for it");
    }
    default:
      return [];
  }
}
