/**
 * How what a runtime put out relates to what was shown of it.
 *
 * @module
 */

import type { ComparisonRow, Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";
import { bytesOf, counted } from "../ui/figures.ts";
import { Icon } from "../ui/icon.tsx";
import { ObjectLink } from "../ui/object_link.tsx";

/** What the comparisons are given. */
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
          <span>{wordsOf(row)}</span>
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

function wordsOf(row: ComparisonRow): string {
  const who = row.shown_to === "model" ? "The model" : "The code cell";
  const never = row.sent === false ? " No request carried it." : "";
  return `${who} ${verdictOf(row)}${never}`;
}

function verdictOf(row: ComparisonRow): string {
  const size = bytesOf(row.runtime_bytes);
  switch (row.verdict) {
    case "identical":
      return `was shown the output as it was: ${size}.`;
    case "whole":
      return `was shown all of the output, ${size}, and ${
        bytesOf(row.added_bytes)
      } around it.`;
    case "whole_but_for_spaces":
      return `was shown all of the output, ${size}, but for spaces and line ends.`;
    case "cut":
      return `was shown part of the output: ${
        bytesOf(row.omitted_bytes)
      } of ${size} were left out.`;
    case "in_pieces":
      return `was shown the output, ${size}, in ${
        counted(row.pieces, "piece")
      }.`;
    case "piece":
      return `was shown a piece of the ${size} that the process put out.`;
    case "not_told":
      return `was shown ${
        bytesOf(row.shown_bytes)
      }; what the process itself put out was not recorded.`;
    case "different":
      return `was shown another text than the output: ${
        bytesOf(row.shown_bytes)
      } in place of ${size}.`;
    case "empty":
      return "could be shown nothing: nothing was put out.";
    case "not_shown":
      return `was not shown the output: ${size}.`;
    case "not_comparable":
      return "was shown something that cannot be compared with the output.";
  }
}
