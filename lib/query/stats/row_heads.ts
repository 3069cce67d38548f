/**
 * What groups of figures are called.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Session } from "../session/session.ts";
import type { RowHead } from "./row_counter.ts";
import type { StatsBy } from "./stats_answer.ts";

/** A group that may be of several sessions. */
export function headOf(group: string): RowHead {
  return { group, bundle: null, object: null, agent_path: null, status: null };
}

/** The groups that are of one session alone, by the id of what they are. */
export function headsOf(
  { trace, names, place }: Session,
  by: StatsBy,
): [string, RowHead][] {
  switch (by) {
    case "model":
    case "tool":
      return [];
    case "bundle": {
      const { status } = trace;
      const head = { ...headOf(place), bundle: place, status };
      return [["", head]];
    }
    case "turn":
      return Array.from(trace.codex_turns, ([id, turn]) => {
        const object = names.ref("turn", id);
        const path = trace.threads.get(turn.thread_id)?.agent_path ?? null;
        return [id, ownHead(place, object, path, turn.execution)];
      });
    case "thread":
      return Array.from(trace.threads, ([id, thread]) => {
        const object = names.ref("thread", id);
        return [
          id,
          ownHead(place, object, thread.agent_path, thread.execution),
        ];
      });
  }
}

function ownHead(
  bundle: string,
  object: ObjectRef,
  agent_path: string | null,
  { status }: ExecutionWindow,
): RowHead {
  return { group: object.handle, bundle, object, agent_path, status };
}
