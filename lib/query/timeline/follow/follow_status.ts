/**
 * What a followed session does at the moment.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import { toolLabel } from "../../session/names/tool_name.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { FollowedEvent } from "./followed_event.ts";
import type { Open, OpenObjects } from "./open_objects.ts";

/** What a session does. */
export interface FollowStatus {
  /** The turn that started last of those that run; null while none does. */
  readonly turn: RunningObject | null;
  /** Path of the agent of this turn; null where no event named it. */
  readonly agent_path: string | null;
  /** The tool call of this turn that runs for the longest time, else its LLM request. */
  readonly activity: RunningObject | null;
  /** How many tool calls and LLM requests of all turns run. */
  readonly running: number;
  /** Input tokens that the last response reported; null before. */
  readonly prompt_tokens: Integer | null;
  /** Output tokens that the responses reported; null if some were not read. */
  readonly output_tokens: Integer | null;
  /** What went wrong last, on one line; null where nothing did. */
  readonly last_error: string | null;
}

/** Something that runs. */
export interface RunningObject {
  readonly object: ObjectRef;
  /** The tool, or the model; null for a turn. */
  readonly name: string | null;
  /** When it started; null where its line has no time. */
  readonly started_at_unix_ms: UnixMs | null;
}

/** Keeps what the status needs of events that were read. */
export class StatusTotals {
  #prompt: Integer | null = null;
  #output: bigint | null = 0n;
  #lastError: string | null = null;

  /** Takes an event that was read. */
  add({ detail, issue, error }: FollowedEvent): void {
    if (issue === "failed") this.#lastError = error ?? this.#lastError;
    if (detail.type !== "inference_ended" || detail.usage === null) return;
    const { input_tokens, output_tokens } = detail.usage;
    this.#prompt = input_tokens;
    if (this.#output !== null) this.#output += BigInt(output_tokens);
  }

  /** Events were read without their responses. */
  skip(): void {
    this.#output = null;
  }

  /** Returns the status, while `open` runs. */
  statusOf(open: OpenObjects): FollowStatus {
    const turn = [...open.turns.values()].at(-1);
    const isOfTurn = (each: Open) => each.turn === turn?.turn;
    const tools = [...open.tools.values()].filter((tool) => !tool.hasEnded);
    const calls = [...open.calls.values()];
    const tool = tools.find(isOfTurn);
    const call = calls.find(isOfTurn);
    return {
      turn: turn === undefined ? null : runningObject(turn, null),
      agent_path: open.threads.get(turn?.thread ?? "")?.path ?? null,
      activity: tool !== undefined
        ? runningObject(tool, toolLabel(tool))
        : call !== undefined
        ? runningObject(call, call.model)
        : null,
      running: tools.length + calls.length,
      prompt_tokens: this.#prompt,
      output_tokens: this.#output === null ? null : Number(this.#output),
      last_error: this.#lastError,
    };
  }
}

function runningObject(
  { ref, startedAt }: Open,
  name: string | null,
): RunningObject {
  return { object: ref, name, started_at_unix_ms: startedAt };
}
