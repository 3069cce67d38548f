/**
 * The last line of a terminal while `follow` runs: what the session does at the moment.
 *
 * @module
 */

import type {
  FollowStatus,
  RunningObject,
} from "../../../query/timeline/follow/follow_status.ts";
import { elapsed } from "../../../format/integers.ts";
import { countOf, durationOf } from "../../../text/figures.ts";
import type { StderrTerminal } from "../../command.ts";
import { cut, oneLine } from "../../text/fit.ts";

/** Columns, where those of the terminal are unknown. */
const DEFAULT_WIDTH = 80;
/** More of an error is in the lines above. */
const MAX_ERROR = 80;
const CLEAR_LINE = "\r\x1b[K";

/** A line that is replaced, and is gone while others are printed. */
export class StatusLine {
  readonly #terminal: StderrTerminal | undefined;
  readonly #width: number;
  #shown = "";

  /** Without a terminal, nothing is shown. */
  constructor(terminal: StderrTerminal | undefined, width?: number) {
    this.#terminal = terminal;
    this.#width = width ?? DEFAULT_WIDTH;
  }

  /** Shows a status in the place of the last one. */
  show(status: FollowStatus, now: number): void {
    if (this.#terminal === undefined) return;
    // The last column stays free: some terminals begin another line after it.
    const line = cut(statusText(status, now), this.#width - 1);
    if (line === this.#shown) return;
    this.#terminal.write(`${CLEAR_LINE}${line}`);
    this.#shown = line;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown === "") return;
    this.#terminal?.write(CLEAR_LINE);
    this.#shown = "";
  }
}

/** Returns the text of a status, escaped. */
function statusText(status: FollowStatus, now: number): string {
  const { turn, agent_path: path, activity, running } = status;
  const { prompt_tokens: prompt, output_tokens: output } = status;
  const { last_error: error } = status;
  const others = activity === null ? running : running - 1;
  return [
    turn === null ? "no turn runs" : [
      turn.object.handle,
      ...path === null || path === "/root" ? [] : [oneLine(path, MAX_ERROR)],
      ...timeOf(turn, now),
    ].join(" "),
    ...activity === null ? [] : [
      [
        activity.object.handle,
        oneLine(activity.name ?? "", MAX_ERROR),
        ...timeOf(activity, now),
      ].join(" "),
    ],
    ...others > 0 ? [`${others} more running`] : [],
    ...prompt === null ? [] : [`prompt ${countOf(prompt)}`],
    ...output === null || prompt === null ? [] : [`output ${countOf(output)}`],
    ...error === null ? [] : [`last error: ${oneLine(error, MAX_ERROR)}`],
  ].join(" · ");
}

function timeOf(
  { started_at_unix_ms: start }: RunningObject,
  now: number,
): string[] {
  const ms = elapsed(start, now);
  // Complete seconds: the line would else change all the time.
  return ms === null ? [] : [durationOf(1000 * Math.floor(Number(ms) / 1000))];
}
