/**
 * The heading of a turn: its outcome, its duration, and what it took.
 *
 * @module
 */

import type { Pointer, TurnRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { countOf, durationOf, UNKNOWN } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { OutcomeMark } from "../../ui/status.tsx";

/** Properties of the heading. */
export interface TurnHeadingProps {
  readonly model: Model;
  readonly turn: TurnRow;
  readonly onSelect: (pointer: Pointer) => void;
}

/** The heading of a turn, with the figures of `show`. */
export function TurnHeading({ model, turn, onSelect }: TurnHeadingProps) {
  const shown = shownTurn(model, turn);
  return (
    <div class="mark turn-heading">
      <Icon name="turn" />
      <span>turn</span>
      {shown === undefined ? null : (
        <>
          <OutcomeMark outcome={shown.outcome} status={shown.status} />
          <span class="faint">
            {shown.duration_ms === null
              ? "duration unknown"
              : durationOf(shown.duration_ms)}
          </span>
          <span class="faint">
            {countWords(shown.calls, shown.failed_calls, "LLM request")},{" "}
            {countWords(shown.tool_calls, shown.failed_tool_calls, "tool call")}
          </span>
          {shown.calls === 0
            ? null
            : <span class="faint">{tokenWords(shown.tokens)}</span>}
        </>
      )}
      <ObjectLink
        model={model}
        pointer={["turn", turn.id]}
        onSelect={onSelect}
        short
      />
    </div>
  );
}

/** What `show` prints of a turn. */
export function shownTurn({ data }: Model, { id }: TurnRow) {
  return data.show.turns.find(({ turn }) => turn.id === id);
}

/** `5 tool calls (2 failed)`. */
function countWords(
  count: number | null,
  failed: number | null,
  noun: string,
): string {
  const words = `${count === null ? UNKNOWN : countOf(count)} ${noun}${
    count === 1 ? "" : "s"
  }`;
  return failed === 0 || count === null
    ? words
    : `${words} (${failed === null ? UNKNOWN : countOf(failed)} failed)`;
}

function tokenWords(
  tokens: NonNullable<ReturnType<typeof shownTurn>>["tokens"],
): string {
  const { input_tokens: input, output_tokens: output } = tokens;
  if (input === null || output === null) return "tokens unknown";
  const isPartial = tokens.calls !== tokens.calls_with_usage ||
    tokens.compaction_requests !== 0;
  return `${isPartial ? "at least " : ""}${countOf(input)} tokens in, ${
    countOf(output)
  } out`;
}
