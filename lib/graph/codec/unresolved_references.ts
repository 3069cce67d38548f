/**
 * References to objects that the graph does not hold: they were not recorded, or their events were
 * lost.
 *
 * @module
 */

import type { RolloutTrace } from "../rollout_trace.ts";
import type { AnyCodec, AnyField } from "./codec.ts";
import type { ObjectKind, Reference } from "./reference.ts";
import { referenceFinder } from "./reference_finder.ts";
import { rolloutTrace } from "./rollout_trace.ts";

/** Yields the references whose object is not in the graph, in the order of the graph. */
export function* unresolvedReferences(
  trace: RolloutTrace,
): Generator<Reference, void> {
  const find = referenceFinder();
  const objects = objectsByKind(trace);
  for (const [kind, ofKind] of objects) {
    for (const [id, object] of ofKind) {
      for (const [role, toKind, toId] of find(kind, object)) {
        if (objects.get(toKind)?.has(toId)) continue;
        yield {
          from: { kind, id },
          role,
          to: { kind: toKind, id: toId },
        };
      }
    }
  }
}

function objectsByKind(
  trace: RolloutTrace,
): Map<ObjectKind, ReadonlyMap<string, object>> {
  const byKind = new Map<ObjectKind, ReadonlyMap<string, object>>();
  const { form }: AnyCodec = rolloutTrace;
  const fields = form.type === "record" ? Object.entries(form.fields) : [];
  const values: Readonly<Record<string, unknown>> = { ...trace };
  for (const [name, field] of fields) {
    const { form } = codecOf(field);
    const objects = values[name];
    if (form.type === "objects" && objects instanceof Map) {
      byKind.set(form.kind, objects);
    }
  }
  return byKind;
}

function codecOf(field: AnyField): AnyCodec {
  return "form" in field ? field : field.codec;
}
