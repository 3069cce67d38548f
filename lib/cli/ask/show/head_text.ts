/**
 * Which session it is and how complete, as facts.
 *
 * @module
 */

import type { ShowAnswer } from "../../../query/show/show_answer.ts";
import {
  counted,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { oneLine } from "../../text/fit.ts";
import type { Paint } from "../../text/paint.ts";
import type { Paper } from "../../text/paper.ts";
import { type Fact, fewLines, flowed } from "../../text/sheet.ts";
import { paintStatus } from "../status_text.ts";

const MOST_TEXT = 2;

/** Status, completeness, beginning, models, first prompt, last answer. */
export function headFacts(answer: ShowAnswer, paper: Paper): Fact[] {
  const { identity, prompt, answer: said } = answer;
  const { width, paint } = paper;
  const text = (label: string, what: typeof prompt, none: string): Fact => ({
    label,
    lines: what === null
      ? [paint.faint(none)]
      : fewLines(what.text, width, MOST_TEXT),
  });
  return [
    { label: "session", lines: [oneLine(identity.rollout_id, width)] },
    { label: "state", lines: stateLines(answer, paper) },
    { label: "started", lines: startLines(answer, paper) },
    { label: "model", lines: modelLines(answer, paper) },
    text("prompt", prompt, "none was recorded"),
    text("answer", said, "the model said nothing"),
  ];
}

function stateLines(
  { identity, completeness }: ShowAnswer,
  { width, paint }: Paper,
): string[] {
  const { status, duration_ms, schema_version } = identity;
  const {
    recording_complete: complete,
    has_end: ended,
    events,
    skipped_events: skipped,
  } = completeness;
  const pieces = [
    `${paintStatus(paint, status)} ${ended ? "in" : "after"} ${
      durationOf(duration_ms)
    }`,
    ...recordingPieces(complete, ended, paint),
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
  complete: boolean | null,
  ended: boolean,
  paint: Paint,
): string[] {
  if (!ended) return [paint.odd("recording without an end")];
  if (complete === null) return ["end recorded"];
  return [
    complete ? "recording complete" : paint.odd("recording not closed"),
  ];
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
