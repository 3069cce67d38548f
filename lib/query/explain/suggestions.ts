/**
 * What to ask next about an object: the evidence itself, what stands next to it, what the model
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

const MOST_PAYLOADS = 2;

/** Questions that lead on, the nearest first. */
export function suggestionsFor(
  scene: ExplainContext,
  object: ObjectRef,
  evidence: readonly Evidence[],
  chains: readonly (readonly Step[])[],
): Suggestion[] {
  const near = chains.flatMap((steps) => steps.slice(0, 1))
    .flatMap((step): Suggestion[] =>
      // Of what the graph does not hold, there is nothing to explain.
      step.object === null ||
        !scene.session.names.has(step.object.kind, step.object.id)
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
    ...scene.session.payloads === null
      ? []
      : payloadsOf(scene, object, evidence),
    ...transcriptOf(scene, object),
  ];
  const once = new Map(
    all.map((each) => [[each.command, ...each.args].join(" "), each]),
  );
  return [...once.values()];
}

function payloadsOf(
  scene: ExplainContext,
  object: ObjectRef,
  evidence: readonly Evidence[],
): Suggestion[] {
  if (object.kind === "payload") {
    const { capture } = scene.trace.raw_payloads.get(object.id) ?? {};
    return capture?.status === "omitted"
      ? []
      : [payload(object.handle, "the evidence itself")];
  }
  const payloads = evidence.flatMap((each) => each.payloads)
    .filter(({ capture }) => capture?.status !== "omitted");
  return [...new Map(payloads.map((each) => [each.id, each])).values()]
    .slice(0, MOST_PAYLOADS)
    .map(({ handle, payload_kind: kind }) =>
      payload(handle, kind === null ? "the evidence" : spaced(kind))
    );
}

function payload(handle: string, reason: string): Suggestion {
  return { command: "payload", args: [handle], reason };
}

/** What the model saw when it said an item, or when it first was shown one. */
function transcriptOf(
  scene: ExplainContext,
  { kind, id }: ObjectRef,
): Suggestion[] {
  const at = (id: string | undefined, reason: string): Suggestion[] => {
    const call = scene.trace.inference_calls.get(id ?? "");
    // Of a request that was not recorded nothing is to be read.
    if (call === undefined || requestCapture(scene.session, call) !== null) {
      return [];
    }
    const { inference_call_id: own } = call;
    return [{
      command: "transcript",
      args: ["--at", scene.ref("inference_call", own).handle],
      reason,
    }];
  };
  switch (kind) {
    case "inference_call":
      return at(id, "all that the model saw in it");
    case "item": {
      const [said] = scene.links.to("item", id, "response_item");
      if (said !== undefined) {
        return at(said.from.id, "what the model saw when it said so");
      }
      const { first } = scene.links.carriers.requests(id);
      return at(first?.inference_call_id, "the first request that carried it");
    }
    case "tool_call": {
      const [asked] = scene.links.to("tool_call", id, "started_tool");
      return at(asked?.from.id, "what the model saw when it asked for it");
    }
    default:
      return [];
  }
}
