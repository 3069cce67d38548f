/**
 * Input and output at runtime, side by side with what the model saw, and how the two differ.
 *
 * @module
 */

import type { ComparisonRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";
import { Content, type ContentProps } from "../ui/content/content.tsx";
import { ItemBody } from "../ui/item_body.tsx";
import { ObjectLink } from "../ui/object_link.tsx";
import { bytesOf, counted } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";

/** Properties of the outputs. */
export interface OutputsProps {
  readonly model: Model;
  readonly found: Found;
  readonly onSelect: (pointer: Pointer) => void;
}

/** A text with a name. */
type Piece = readonly [name: string, text: string, as: ContentProps["as"]];

/** Input and output of an object; renders nothing for objects that have neither. */
export function Outputs({ model, found, onSelect }: OutputsProps) {
  const ran = runtimeOf(model, found);
  const seen = seenOf(found);
  if (ran.length === 0 && seen.length === 0) return null;
  return (
    <div class="beside">
      {ran.length === 0 ? null : (
        <section>
          <h3>{model.isSessionLog ? "In the log" : "At runtime"}</h3>
          {ran.map(([name, text, as]) => (
            <div key={name}>
              <h4>{name}</h4>
              <Content text={text} as={as} />
            </div>
          ))}
        </section>
      )}
      {seen.length === 0 ? null : (
        <section>
          <h3>
            {model.isSessionLog ? "In the conversation" : "What the model saw"}
          </h3>
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
      [
        model.isSessionLog ? "output" : "standard output",
        operation.stdout,
        "terminal",
      ],
      ["standard error", operation.stderr, "terminal"],
      ["formatted for the model", operation.formatted, "terminal"],
    ]);
  }
  if (found.kind === "tool_call") {
    return pieces(model, [
      ["input", found.row.input],
      ["output", found.row.output, "terminal"],
    ]);
  }
  if (found.kind === "code_cell") {
    return pieces(model, [["JavaScript", found.row.source]]);
  }
  return [];
}

function pieces(
  model: Model,
  named: readonly (readonly [string, number | null, Piece[2]?])[],
): Piece[] {
  return named.flatMap(([name, ref, as = "code"]) =>
    ref === null ? [] : [[name, model.text(ref), as] as const]
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

/** Properties of the comparisons. */
export interface ComparisonsProps {
  readonly model: Model;
  readonly found: Found;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The comparisons of a tool call, or of the call behind an operation. */
export function Comparisons({ model, found, onSelect }: ComparisonsProps) {
  const tool = found.kind === "tool_call"
    ? found.row.id
    : found.kind === "terminal_operation"
    ? found.row.tool_id
    : undefined;
  const rows = model.rows.comparisons.filter(({ tool_id: id }) => id === tool);
  return (
    <>
      {rows.map((row, i) => (
        <p class="comparison" key={i}>
          <Icon name={row.verdict === "different" ? "warn" : "info"} />
          <span>{comparisonText(row)}</span>
          {[...row.runtime_in, ...row.shown_in].map((pointer) => (
            <ObjectLink
              key={pointer.join(" ")}
              model={model}
              pointer={pointer}
              onSelect={onSelect}
              short
            />
          ))}
        </p>
      ))}
    </>
  );
}

/** What a reader of an output received of it, in one sentence. */
export function comparisonText(row: ComparisonRow): string {
  const reader = row.shown_to === "model" ? "The model" : "The code cell";
  return `${reader} ${verdictText(row)}${unsentText(row)}`;
}

/** That no request is known to carry the output; empty where one does, or the verdict states it. */
function unsentText({ shown_to: to, sent, verdict }: ComparisonRow): string {
  if (to === "code_cell" || sent === true || verdict === "unknown") return "";
  return sent === false
    ? " It is in no LLM request."
    : " It is in no LLM request that was recorded completely.";
}

function verdictText(row: ComparisonRow): string {
  const size = bytesOf(row.runtime_bytes);
  const shown = bytesOf(row.shown_bytes);
  switch (row.verdict) {
    case "identical":
      return `received the output unchanged: ${size}.`;
    case "complete":
      return `received the complete output, ${size}, with ${
        bytesOf(row.added_bytes)
      } added around it.`;
    case "complete_ignoring_whitespace":
      return `received the complete output, ${size}; only whitespace differs.`;
    case "truncated":
      return `received a part of the output: ${
        bytesOf(row.omitted_bytes)
      } of ${size} were omitted.`;
    case "split":
      return `received the output, ${size}, in ${
        counted(row.chunks, "chunk")
      }.`;
    case "chunk":
      return `received one chunk of the output of ${size}.`;
    case "not_recorded":
      return `received ${shown}; the runtime's output was not recorded.`;
    case "different":
      return `received a text that differs from the output: ${shown} in place of ${size}.`;
    case "empty":
      return "received no text: the output has none.";
    case "not_shown":
      return `did not receive the output: ${size}.`;
    case "unknown":
      return "may have received the output: a request was not recorded completely.";
    case "incomparable":
      return "received content that cannot be compared with the output.";
  }
}
