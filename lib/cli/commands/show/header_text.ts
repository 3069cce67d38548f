/**
 * Which session it is and how complete, as facts.
 *
 * @module
 */

import type { RecordingStatus } from "../../../graph/rollout_trace.ts";
import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import {
  captureText,
  limitsText,
  unrecordedText,
} from "../../../text/capture_text.ts";
import {
  counted,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { oneLine } from "../../text/fit.ts";
import type { Paint } from "../../text/style.ts";
import type { Paper } from "../../text/render_options.ts";
import { type Fact, fewLines, flowed } from "../../text/definition_list.ts";
import { paintStatus } from "../shared/status_text.ts";

const MOST_TEXT = 2;

/** What limits left out is one sentence. */
const MOST_LIMITS = 3;

/** What limits left out, status, completeness, start, models, first prompt, last answer. */
export function headFacts(answer: ShowAnswer, paper: Paper): Fact[] {
  const { identity, prompt, prompt_capture, answer: said } = answer;
  const { width, paint } = paper;
  const text = (
    label: string,
    what: typeof prompt,
    capture: typeof prompt_capture,
    none: string,
  ): Fact => ({
    label,
    lines: [
      ...what === null ? [] : fewLines(what.text, width, MOST_TEXT),
      ...capture !== null
        ? fewLines(
          what === null
            ? unrecordedText(capture)
            : `part of it ${captureText(capture)}`,
          width,
          MOST_TEXT,
        ).map(paint.odd)
        : what === null
        ? [paint.faint(none)]
        : [],
    ],
  });
  const limits = limitsText(answer.completeness);
  return [
    ...limits === null ? [] : [{
      label: "partial",
      lines: fewLines(limits, width, MOST_LIMITS),
      paint: paint.odd,
    }],
    { label: "session", lines: [oneLine(identity.rollout_id, width)] },
    { label: "state", lines: stateLines(answer, paper) },
    { label: "started", lines: startLines(answer, paper) },
    { label: "model", lines: modelLines(answer, paper) },
    text("prompt", prompt, prompt_capture, "none was recorded"),
    text(
      "answer",
      said,
      answer.answer_capture,
      identity.status === "running"
        ? "none was recorded"
        : "the model said nothing",
    ),
  ];
}

function stateLines(
  { identity, completeness }: ShowAnswer,
  { width, paint }: Paper,
): string[] {
  const { status, duration_ms, schema_version } = identity;
  const {
    recording_status: recording,
    has_end: ended,
    events,
    skipped_events: skipped,
  } = completeness;
  const pieces = [
    `${paintStatus(paint, status)} ${ended ? "in" : "after"} ${
      durationOf(duration_ms)
    }`,
    ...recordingPieces(recording, ended, paint),
    `schema ${schema_version}`,
  ];
  if (events !== null) pieces.push(counted(events, "event"));
  if (skipped !== null && skipped > 0) {
    pieces.push(paint.odd(`${counted(skipped, "event")} not reduced`));
  }
  return flowed(pieces, width);
}

/** Schema 1 has no word for it that the recorder closed the log. */
function recordingPieces(
  status: RecordingStatus | null,
  ended: boolean,
  paint: Paint,
): string[] {
  if (!ended) return [paint.odd("recording without an end")];
  switch (status) {
    case null:
      return ["end recorded"];
    case "complete":
      return ["recording complete"];
    case "closed_with_partial_payloads":
      return [paint.odd("recording closed with partial payloads")];
    case "unclosed":
      return [paint.odd("recording not closed")];
  }
}

function startLines(
  { identity }: ShowAnswer,
  { width }: Paper,
): string[] {
  const { started_at_unix_ms: start, session_source: source, cwd } = identity;
  const pieces = [momentOf(start)];
  if (source !== null) pieces.push(`by ${oneLine(source, width - 3)}`);
  if (cwd !== null) pieces.push(`in ${oneLine(cwd, width - 3)}`);
  return flowed(pieces, width, " ");
}

/** More models than these are in `stats`. */
const MOST_MODELS = 3;

function modelLines(
  { models, threads }: ShowAnswer,
  { width, paint }: Paper,
): string[] {
  if (models.length === 0) {
    const meant = threads[0]?.model ?? UNKNOWN;
    return [oneLine(`${meant}, never asked`, width)];
  }
  const lines = models.slice(0, MOST_MODELS).map(
    ({ model, provider_name: provider, calls, failed_calls: failed }) => {
      const count = counted(calls, "call");
      const told = failed > 0 ? `: ${count}, ${failed} failed` : `: ${count}`;
      const name = oneLine(`${model} by ${provider}`, width - told.length);
      return name +
        (failed > 0 ? `: ${count}, ${paint.bad(`${failed} failed`)}` : told);
    },
  );
  const more = models.length - lines.length;
  if (more > 0) lines.push(paint.faint(`… ${counted(more, "more model")}`));
  return lines;
}
