/**
 * How much of the context window of the model requests used.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import { turnReport } from "../evidence/recorded/recorded_settings.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";

/** The request with the most input of a session, against the context window of the model. */
export interface ContextWindowUse {
  /** The request. */
  readonly call: ObjectRef;
  /** Its input, as the provider reported it. */
  readonly input_tokens: Integer;
  /** How many tokens the context can have; null when that was not recorded of its turn. */
  readonly model_context_window: number | null;
}

/** The request with the most input; null when no request has usage. */
export function contextWindowUse(
  session: TraceSession,
): ContextWindowUse | null {
  const { trace, names } = session;
  let most: { id: string; turn: string; input: Integer } | null = null;
  for (const [id, { usage, codex_turn_id: turn }] of trace.inference_calls) {
    const input = usage?.input_tokens;
    if (input === undefined) continue;
    if (most !== null && compareValues(input, most.input) <= 0) continue;
    most = { id, turn, input };
  }
  return most === null ? null : {
    call: names.ref("inference_call", most.id),
    input_tokens: most.input,
    model_context_window: turnReport(session, most.turn).model_context_window,
  };
}
