/**
 * Which session it is and how complete, as facts.
 *
 * @module
 */

import type { RecordingStatus } from "../../../graph/rollout_trace.ts";
import type {
  ShowAnswer,
  ShownSessionLog,
} from "../../../query/show/show_answer.ts";
import {
  captureText,
  limitsText,
  unrecordedText,
} from "../../../text/capture_text.ts";
import { clockText } from "../../../text/clock_text.ts";
import {
  counted,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { sessionLogsText } from "../../../text/session_log_text.ts";
import { cut, oneLine } from "../../text/fit.ts";
import type { Style } from "../../text/style.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { type Fact, fewLines, flowed } from "../../text/definition_list.ts";
import { lossText } from "../../shared/loss_text.ts";
import { refText } from "../../shared/ref_text.ts";
import { paintOutcome } from "../../shared/status_text.ts";

const MAX_TEXT = 2;

/** What limits left out is one sentence. */
const MAX_LIMITS = 3;

/** What limits left out, status, completeness, start, models, first prompt, last answer. */
export function headFacts(answer: ShowAnswer, render: RenderOptions): Fact[] {
  const { identity, prompt, prompt_capture, answer: modelAnswer } = answer;
  const { width, style } = render;
  const text = (
    label: string,
    what: typeof prompt,
    capture: typeof prompt_capture,
    none: string,
  ): Fact => ({
    label,
    lines: [
      ...what === null ? [] : fewLines(what.text, width, MAX_TEXT),
      ...what === null || what.is_accepted === true ? [] : [
        style.dim(cut(
          what.item === null
            ? "from the end of the turn; its item was lost"
            : `${refText(what.item)}, never accepted into the history`,
          width,
        )),
      ],
      ...capture !== null
        ? fewLines(
          what === null
            ? unrecordedText(capture)
            : `part of it ${captureText(capture)}`,
          width,
          MAX_TEXT,
        ).map(style.warning)
        : what === null
        ? fewLines(none, width, MAX_TEXT).map(style.dim)
        : [],
    ],
  });
  const { completeness } = answer;
  const limits = limitsText(completeness);
  const lost = lossText(completeness);
  const unknown = `${UNKNOWN}: ${lost}`;
  const clock = clockText(answer.clock_jumps);
  const log = answer.session_log;
  const logs = log === null ? null : sessionLogsText(log.logs);
  return [
    ...lost === null ? [] : [{
      label: completeness.is_session_log ? "source" : "lost",
      lines: fewLines(
        completeness.has_lost_events && !completeness.is_session_log
          ? `${lost}: counts and sums are minimums`
          : lost,
        width,
        MAX_LIMITS,
      ),
      style: style.warning,
    }],
    ...limits === null ? [] : [{
      label: "partial",
      lines: fewLines(limits, width, MAX_LIMITS),
      style: style.warning,
    }],
    ...logs === null ? [] : [{
      label: "logs",
      lines: fewLines(logs, width, MAX_LIMITS),
      style: style.warning,
    }],
    { label: "session", lines: [oneLine(identity.rollout_id, width)] },
    ...lineageFacts(identity, width),
    { label: "state", lines: stateLines(answer, render) },
    ...clock === null ? [] : [{
      label: "clock",
      lines: fewLines(clock, width, MAX_LIMITS),
      style: style.warning,
    }],
    { label: "started", lines: startLines(answer, render) },
    { label: "model", lines: modelLines(answer, render) },
    { label: "policy", lines: policyLines(answer, render) },
    text(
      "prompt",
      prompt,
      prompt_capture,
      lost === null ? "none was recorded" : unknown,
    ),
    text(
      "answer",
      modelAnswer,
      answer.answer_capture,
      lost !== null
        ? unknown
        : identity.status === "running"
        ? "none was recorded"
        : "no answer",
    ),
  ];
}

/** The sessions that a session continues: of a resumed one, the id is its own. */
function lineageFacts(
  identity: ShowAnswer["identity"],
  width: number,
): Fact[] {
  const { forked_from_id, parent_thread_id, inherited_items } = identity;
  const source = identity.thread_source ?? UNKNOWN;
  const isResumed = identity.history_initialization?.includes("resume");
  const history = [
    ...isResumed === true ? ["resumed"] : [],
    ...inherited_items !== null && inherited_items > 0
      ? [`${counted(inherited_items, "item")} from before this recording`]
      : [],
  ];
  return [
    ...forked_from_id === null ? [] : [{
      label: "forked from",
      lines: [oneLine(forked_from_id, width)],
    }],
    ...parent_thread_id === null ? [] : [{
      label: "parent",
      lines: flowed([
        oneLine(parent_thread_id, width),
        `thread source ${oneLine(source, width)}`,
      ], width),
    }],
    ...history.length === 0
      ? []
      : [{ label: "history", lines: flowed(history, width) }],
  ];
}

function stateLines(
  { identity, completeness, session_log: log }: ShowAnswer,
  { width, style }: RenderOptions,
): string[] {
  const { outcome, status, duration_ms } = identity;
  const {
    recording_status: recording,
    has_end: ended,
    events,
    skipped_events: skipped,
  } = completeness;
  const pieces = [
    paintOutcome(style, outcome, status) +
    (duration_ms === null
      ? ` · time ${UNKNOWN}`
      : ` ${ended ? "in" : "after"} ${durationOf(duration_ms)}`),
    ...log === null ? recordingPieces(recording, ended, style) : [],
    ...log === null ? schemaPieces(identity, style) : logPieces(log, width),
  ];
  if (log !== null) return flowed(pieces, width);
  if (events !== null) pieces.push(counted(events, "event"));
  if (skipped !== null && skipped > 0) {
    pieces.push(style.warning(`${counted(skipped, "event")} not reduced`));
  }
  return flowed(pieces, width);
}

/** The schema, and by which one it was read. */
function schemaPieces(
  { schema_version: read, bundle_schema_version: named }:
    ShowAnswer["identity"],
  style: Style,
): string[] {
  return read === named
    ? [`schema ${read}`]
    : [style.warning(`schema ${named}, read by the rules of schema ${read}`)];
}

/** Types of lines that are named; `--json` has all. */
const MAX_LINE_TYPES = 3;

/** Who wrote a session log, its lines, and those of unknown types. */
function logPieces(
  { cli_version, model_provider, lines, unknown_lines: unknown }:
    ShownSessionLog,
  width: number,
): string[] {
  const total = unknown.reduce((sum, { count }) => sum + count, 0);
  const names = unknown.slice(0, MAX_LINE_TYPES)
    .map(({ line_type }) => line_type).join(", ");
  return [
    ...cli_version === null ? [] : [oneLine(`Codex ${cli_version}`, width)],
    ...model_provider === null
      ? []
      : [oneLine(`provider ${model_provider}`, width)],
    counted(lines, "line"),
    ...total === 0 ? [] : [
      oneLine(
        `${countOf(total)} of unknown types: ${names}${
          unknown.length > MAX_LINE_TYPES ? ", …" : ""
        }`,
        width,
      ),
    ],
  ];
}

/** Schema 1 has no word for it that the recorder closed the log. */
function recordingPieces(
  status: RecordingStatus | null,
  ended: boolean,
  style: Style,
): string[] {
  if (!ended) return [style.warning("recording without an end")];
  switch (status) {
    case null:
      return ["end recorded"];
    case "complete":
      return ["recording complete"];
    case "closed_with_partial_payloads":
      return [style.warning("recording closed with partial payloads")];
    case "unclosed":
      return [style.warning("recording not closed")];
  }
}

function startLines(
  { identity }: ShowAnswer,
  { width, isLocal }: RenderOptions,
): string[] {
  const { started_at_unix_ms: start, session_source: source, cwd } = identity;
  const pieces = [momentOf(start, isLocal)];
  if (source !== null) pieces.push(`by ${oneLine(source, width - 3)}`);
  if (cwd !== null) pieces.push(`in ${oneLine(cwd, width - 3)}`);
  return flowed(pieces, width, " ");
}

/** By which rules the root ran; nothing where nothing of them was recorded. */
function policyLines(
  { threads }: ShowAnswer,
  { width, style }: RenderOptions,
): string[] {
  const settings = threads[0]?.settings;
  if (settings === undefined) return [];
  const known = (name: string, value: string | null) =>
    `${name} ${
      value === null ? style.dim("not recorded") : oneLine(value, width)
    }`;
  const { reasoning_effort: effort } = settings;
  const permissions = settings.permissions_profile ?? settings.permissions_type;
  const { approval_policy: approval, sandbox_policy: sandbox } = settings;
  const values = [approval, sandbox, permissions, effort];
  return values.every((value) => value === null) ? [] : flowed([
    known("approval", approval),
    // Later recorders have a profile in the place of the policy.
    ...sandbox === null && permissions !== null
      ? []
      : [known("sandbox", sandbox)],
    ...permissions === null ? [] : [known("permissions", permissions)],
    ...effort === null ? [] : [known("effort", effort)],
  ], width);
}

/** More models than these are in `stats`. */
const MAX_MODELS = 3;

function modelLines(
  { models, threads, completeness }: ShowAnswer,
  { width, style }: RenderOptions,
): string[] {
  if (models.length === 0) {
    const meant = threads[0]?.model ?? UNKNOWN;
    const lost = lossText(completeness);
    const requests = lost === null
      ? "never asked"
      : `LLM requests ${UNKNOWN}: ${lost}`;
    return [oneLine(`${meant}, ${requests}`, width)];
  }
  const lines = models.slice(0, MAX_MODELS).map(
    ({ model, provider_name: provider, calls, failed_calls }) => {
      const failed = failed_calls ?? 0;
      const count = calls === null
        ? `LLM requests ${UNKNOWN}`
        : counted(calls, "LLM request");
      const counts = failed > 0 ? `: ${count}, ${failed} failed` : `: ${count}`;
      const by = provider === null ? "" : ` by ${provider}`;
      const name = oneLine(`${model}${by}`, width - counts.length);
      return name +
        (failed > 0
          ? `: ${count}, ${style.error(`${failed} failed`)}`
          : counts);
    },
  );
  const more = models.length - lines.length;
  if (more > 0) lines.push(style.dim(`… ${counted(more, "more model")}`));
  return lines;
}
