/**
 * What went in and came out at runtime, beside what the model saw of it.
 *
 * @module
 */

import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";
import { Folded } from "../ui/folded.tsx";
import { ItemBody } from "../transcript/item_body.tsx";
import { ObjectLink } from "../ui/object_link.tsx";

/** What the outputs are given. */
export interface OutputsProps {
  readonly model: Model;
  readonly found: Found;
  readonly onSelect: (pointer: Pointer) => void;
}

/** A text with a name. */
type Piece = readonly [name: string, text: string, as: "prose" | "code"];

/** What ran and what it gave; nothing for objects that neither take nor give. */
export function Outputs({ model, found, onSelect }: OutputsProps) {
  const ran = runtimeOf(model, found);
  const seen = seenOf(found);
  if (ran.length === 0 && seen.length === 0) return null;
  return (
    <div class="beside">
      {ran.length === 0 ? null : (
        <section>
          <h3>At runtime</h3>
          {ran.map(([name, text, as]) => (
            <div key={name}>
              <h4>{name}</h4>
              <Folded text={text} as={as} />
            </div>
          ))}
        </section>
      )}
      {seen.length === 0 ? null : (
        <section>
          <h3>What the model saw</h3>
          {seen.map((id) => {
            const item = model.item(id);
            return item === undefined ? null : (
              <div key={id}>
                <h4>
                  <ObjectLink
                    model={model}
                    pointer={["item", id]}
                    onSelect={onSelect}
                  />
                </h4>
                <ItemBody model={model} item={item} onSelect={onSelect} />
              </div>
            );
          })}
        </section>
      )}
    </div>
  );
}

function runtimeOf(model: Model, found: Found): Piece[] {
  const operation = found.kind === "terminal_operation"
    ? found.row
    : found.kind === "tool_call"
    ? model.operation(found.row.operation_id)
    : undefined;
  if (operation !== undefined) {
    return pieces(model, [
      [
        operation.kind === "exec_command" ? "command" : "input",
        operation.input,
      ],
      ["standard output", operation.stdout],
      ["standard error", operation.stderr],
      ["formatted for the model", operation.formatted],
    ]);
  }
  if (found.kind === "tool_call") {
    return pieces(model, [
      ["input", found.row.input],
      ["output", found.row.output],
    ]);
  }
  if (found.kind === "code_cell") {
    return pieces(model, [["JavaScript", found.row.source]]);
  }
  return [];
}

function pieces(
  model: Model,
  named: readonly (readonly [string, number | null])[],
): Piece[] {
  return named.flatMap(([name, ref]) =>
    ref === null ? [] : [[name, model.text(ref), "code"] as const]
  );
}

function seenOf(found: Found): readonly string[] {
  switch (found.kind) {
    case "item":
      return [];
    case "tool_call":
      return [...found.row.call_item_ids, ...found.row.output_item_ids];
    case "terminal_operation":
    case "code_cell":
      return found.row.output_item_ids;
    case "inference_call":
      return found.row.response_ids;
    case "edge":
      return found.row.carried_item_ids;
    default:
      return [];
  }
}
