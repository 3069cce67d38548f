/**
 * One kind of thing that may happen next in a session.
 *
 * @module
 */

import type { Family } from "../profile.ts";
import type { Session, ThreadModel, TurnModel } from "../session.ts";

/** A step of the walk. */
export interface Step {
  /** Group whose weight counts. */
  family: Family;
  /** Weight inside the group. */
  weight: number;
  /** Does it; where it does not apply now, nothing happens. */
  run(session: Session): void;
  /** First schema that has it. */
  since?: number;
}

/** A thread, mostly one that runs. */
export function anyThread(s: Session): ThreadModel {
  const running = s.threads.filter((t) => !t.ended);
  return s.prng.maybe(s.prng.chance(0.9) ? running : s.threads) ??
    s.prng.pick(s.threads);
}

/** A turn of the thread, mostly its last; begins one where there is none. */
export function anyTurn(s: Session, thread: ThreadModel): TurnModel {
  const last = thread.turns.at(-1);
  if (last === undefined || (last.ended && s.prng.chance(0.7))) {
    return startTurn(s, thread);
  }
  return s.prng.chance(0.9) ? last : s.prng.pick(thread.turns);
}

/** Begins a turn. */
export function startTurn(s: Session, thread: ThreadModel): TurnModel {
  const turn = { id: `turn-${s.fresh()}`, ended: false };
  thread.turns.push(turn);
  s.emit("codex_turn_started", {
    codex_turn_id: turn.id,
    thread_id: thread.id,
  }, { thread: thread.id, turn: turn.id });
  return turn;
}
