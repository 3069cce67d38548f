/**
 * Compaction: requests for a summary, and the installation of a shorter history.
 *
 * @module
 */

import { faultyItem } from "../items/faulty_items.ts";
import { repeated, seen } from "../items/item_lists.ts";
import { newItem } from "../items/items.ts";
import { obj } from "../items/json_text.ts";
import type { Item, Session, ThreadModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { anyJson } from "../items/values.ts";

function compactionId(s: Session): string {
  const p = s.prng;
  const open = s.compactionRequests.map((a) => a.id)
    .filter((id) => !s.compactions.includes(id));
  return (p.chance(0.7) ? p.maybe(open) : undefined) ??
    `compaction-${s.fresh()}`;
}

function startRequest(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const turn = anyTurn(s, thread);
  const attempt = {
    id: p.chance(0.75) ? compactionId(s) : `compaction-${s.fresh()}`,
    request: `compaction_request:${s.fresh() + (p.chance(0.3) ? 90 : 0)}`,
  };
  s.compactionRequests.push(attempt);
  s.emit("compaction_request_started", {
    compaction_id: attempt.id,
    compaction_request_id: attempt.request,
    thread_id: s.unusual() ? "ghost" : thread.id,
    codex_turn_id: turn.id,
    model: "gpt-x",
    provider_name: "mock",
    request_payload: s.payload("compaction_request", anyJson(p)),
  }, { thread: thread.id, turn: turn.id });
}

function endRequest(s: Session): void {
  const p = s.prng;
  const attempt = p.maybe(s.compactionRequests);
  if (attempt === undefined) return;
  const ids = {
    compaction_id: s.unusual() ? "compaction-ghost" : attempt.id,
    compaction_request_id: attempt.request,
  };
  if (p.chance(0.3)) {
    s.emit("compaction_request_failed", { ...ids, error: "no summary" });
  } else {
    s.emit("compaction_request_completed", {
      ...ids,
      response_payload: s.payload("compaction_response", anyJson(p)),
    });
  }
}

function checkpointList(
  s: Session,
  thread: ThreadModel,
  history: readonly Item[],
  fresh: number,
): Item[] {
  const items = repeated(s, thread, history);
  for (let n = 0; n < fresh; n++) items.push(newItem(s, thread));
  if (s.unusual()) items.push(faultyItem(s, thread));
  return items;
}

function install(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const turn = anyTurn(s, thread);
  const history = p.chance(0.9) ? thread.snapshot.slice(-10) : [];
  const input = checkpointList(s, thread, history, p.int(2));
  const kept = input.filter((item) => !item.once && p.chance(0.5));
  const replacement = checkpointList(s, thread, kept, p.int(3));
  const id = compactionId(s);
  const checkpoint = s.payload(
    "compaction_checkpoint",
    obj({
      input_history: input.map((item) => item.json),
      replacement_history: s.unusual() ? {} : replacement.map((i) => i.json),
      note: p.chance(0.2) ? "extra" : undefined,
    }),
  );
  s.emit(
    "compaction_installed",
    {
      compaction_id: id,
      checkpoint_payload: checkpoint,
    },
    s.unusual() ? { thread: thread.id } : { thread: thread.id, turn: turn.id },
  );
  s.compactions.push(id);
  const { missing, dropped } = s.stored(checkpoint);
  thread.pending = missing ? [] : seen(replacement, dropped);
  thread.current = null;
}

/** The steps of this concept. */
export const COMPACTION_STEPS: readonly Step[] = [
  { family: "compaction", weight: 2, run: startRequest },
  { family: "compaction", weight: 2, run: endRequest },
  { family: "compaction", weight: 3, run: install },
];
