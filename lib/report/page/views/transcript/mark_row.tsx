/**
 * A mark in a transcript: new items, a response, a compaction, or a part that was not recorded.
 *
 * @module
 */

import {
  type CaptureFigures,
  unrecordedText,
} from "../../../../text/capture_text.ts";
import type { CallRow, Pointer, ThreadRow } from "../../../report_data.ts";
import type { Model } from "../../model/model.ts";
import { counted, durationOf } from "../../ui/figures.ts";
import { Icon } from "../../ui/icon.tsx";
import { ObjectLink } from "../../ui/object_link.tsx";
import { OutcomeMark } from "../../ui/status.tsx";
import { Text } from "../../ui/text.tsx";
import { CompactionMark } from "./compaction_mark.tsx";
import { usageText } from "./usage_text.ts";
import { TurnHeading } from "./turn_heading.tsx";
import { isResponseLost, type Mark } from "./reading.ts";

/** Properties of a mark. */
export interface MarkRowProps {
  readonly model: Model;
  readonly mark: Mark;
  readonly onSelect: (pointer: Pointer) => void;
  /** Shows the items that the request before carried as well. */
  readonly onKnown: () => void;
}

/** A line across the transcript. */
export function MarkRow(props: MarkRowProps) {
  const { model, mark, onSelect, onKnown } = props;
  switch (mark.type) {
    case "turn":
      return <TurnHeading model={model} turn={mark.turn} onSelect={onSelect} />;
    case "known":
      return (
        <div class="mark">
          <button type="button" class="link" onClick={onKnown}>
            show {counted(mark.count, "item")}
          </button>{" "}
          that the request carries as{" "}
          <ObjectLink
            model={model}
            pointer={["inference_call", mark.call.id]}
            onSelect={onSelect}
            short
          />{" "}
          did
        </div>
      );
    case "new":
      return (
        <div class="mark mark-new">
          <Icon name="open" />
          <span>
            <span class="faint">input:</span> {mark.count === 0
              ? "no item new since"
              : `${counted(mark.count, "item")} new since`}
          </span>
          {mark.since === undefined ? "the beginning" : (
            <ObjectLink
              model={model}
              pointer={["inference_call", mark.since.id]}
              onSelect={onSelect}
              short
            />
          )}
        </div>
      );
    case "compacted":
      return (
        <CompactionMark
          model={model}
          compaction={mark.compaction}
          onSelect={onSelect}
        />
      );
    case "unrecorded":
      return (
        <div class="mark mark-answer">
          <Icon name="warn" />
          {lostWords(
            "request",
            mark.call.request_capture,
            mark.call.unrecorded_request_items,
          )}
          <ObjectLink
            model={model}
            pointer={["payload", requestPayloadOf(mark.call)]}
            onSelect={onSelect}
            short
          />
        </div>
      );
    case "dropped":
      return (
        <div class="mark mark-compacted">
          <Icon name="warn" />
          history rewound or replaced:{" "}
          {counted(mark.call.dropped_item_ids.length, "item")} left the prompt
          <ObjectLink
            model={model}
            pointer={["inference_call", mark.call.id]}
            onSelect={onSelect}
            short
          />
        </div>
      );
    case "inherited":
      return (
        <div class="mark mark-compacted">
          <Icon name="thread" />
          {inheritedWords(mark.thread)}
          {mark.thread.inherited_from_id === null ? null : (
            <span class="faint">
              from <Text value={mark.thread.inherited_from_id} />
            </span>
          )}
        </div>
      );
    case "answer":
      return <AnswerMark {...props} mark={mark} />;
  }
}

/** Which part of a request or a response was not recorded. */
function lostWords(
  what: "request" | "response",
  capture: CaptureFigures | null,
  items: number,
): string {
  return capture === null
    ? `${counted(items, "item")} of the ${what} not recorded`
    : `${what} ${unrecordedText(capture)}`;
}

/** The payload with the input of a request. */
function requestPayloadOf(call: CallRow): string {
  return call.warmup_payload_id ?? call.request_payload_id;
}

function AnswerMark(
  { model, mark, onSelect }: MarkRowProps & {
    mark: Extract<Mark, { type: "answer" }>;
  },
) {
  const { call } = mark;
  const error = model.errorOf(["inference_call", call.id]);
  const isLost = isResponseLost(call);
  return (
    <div class="mark mark-answer">
      <Icon name="inference_call" />
      <span>
        <span class="faint">output:</span> response of{" "}
        <Text value={call.model} max={60} />
      </span>
      <OutcomeMark {...call} />
      <span class="faint">{durationOf(call.duration_ms)}</span>
      <span class="faint">{usageText(call)}</span>
      <ObjectLink
        model={model}
        pointer={["inference_call", call.id]}
        onSelect={onSelect}
        short
      />
      {isLost
        ? (
          <span class="error-text">
            {lostWords(
              "response",
              call.response_capture,
              call.unrecorded_response_items,
            )}
          </span>
        )
        : call.response_ids.length === 0
        ? <span class="faint">no response items</span>
        : null}
      {error === null ? null : (
        <span class="error-text">
          <Text value={error} max={600} />
        </span>
      )}
    </div>
  );
}

function inheritedWords(
  { inherited_items: items, inherited_by: origin }: ThreadRow,
): string {
  const why = origin === null
    ? "origin unknown"
    : `the thread was ${origin === "fork" ? "forked" : "resumed"}`;
  return `${counted(items, "inherited item")}, ${why}`;
}
