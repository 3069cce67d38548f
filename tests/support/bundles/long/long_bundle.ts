/**
 * Generated bundles: sessions of any length, made of filler, the same bytes for the same shape.
 *
 * They are laid out as Codex lays them out. Schema 2 has what Codex 0.169.0 records: ids on
 * items, their acceptance, the kind of a runtime start, the mark that the recording is complete.
 * Schema 3 has what Codex 0.171.0 adds: shards, prepared prompts made of shared items, and the
 * outputs of tools with their acceptance.
 *
 * @module
 */

import { modelCall } from "./model_call.ts";
import { dueChildren, endThread, shareOut, startThread } from "./threads.ts";
import { BenchSession } from "./session.ts";
import { type BenchShape, DEFAULT_SHAPE } from "./shape.ts";

export {
  type BenchShape,
  DEFAULT_SHAPE,
  isShapeName,
  NAMED_SHAPES,
  type ShapeName,
} from "./shape.ts";

/** What was written. */
export interface BenchFacts {
  readonly events: number;
  readonly payloads: number;
  /** Bytes of the log and the payloads. */
  readonly bytes: number;
  /** Elements that requests sent, each counted once per thread. */
  readonly requestElements: number;
  /** Characters of what is around the parts of prompts, all of which must be parsed. */
  readonly fragmentCharacters: number;
}

/**
 * Writes a bundle into `dir`, which must not hold one.
 *
 * @throws {RangeError} If the shape has too few requests for its threads.
 */
export function writeBenchBundle(
  dir: string,
  knobs: Partial<BenchShape> = {},
): BenchFacts {
  const shape: BenchShape = { ...DEFAULT_SHAPE, ...knobs };
  if (shape.threads > 1 && shape.calls < 2 * (shape.threads + 1)) {
    throw new RangeError(
      `Cannot generate ${shape.threads} threads: ${shape.calls} calls are too few`,
    );
  }
  const session = new BenchSession(dir, shape);
  begin(session);
  converse(session);
  end(session);
  return {
    ...session.files.written,
    fragmentCharacters: session.fragmentCharacters,
    requestElements: session.threads.reduce((sum, t) => sum + t.itemsSent, 0),
  };
}

function begin(session: BenchSession): void {
  session.files.event({
    type: "rollout_started",
    trace_id: session.traceId,
    root_thread_id: session.rootThread,
  });
  startThread(session, shareOut(session.shape)[0] ?? 0);
}

/** Each thread in turn makes a request, until none has one left. */
function converse(session: BenchSession): void {
  for (let more = true; more;) {
    const [root] = session.threads;
    // Agents are spawned by tool calls of the root.
    if (root !== undefined && session.shape.agents === 0) {
      for (const calls of dueChildren(session, root)) {
        startThread(session, calls, root);
      }
    }
    more = false;
    for (const thread of [...session.threads]) {
      if (thread.left === 0) continue;
      modelCall(session, thread);
      more = true;
    }
  }
}

function end(session: BenchSession): void {
  const { files, schema, threads } = session;
  for (const thread of threads.toReversed()) endThread(session, thread);
  files.event({ type: "rollout_ended", status: "completed" });
  if (schema.log.closingEvent !== null) {
    files.event({ type: "recording_completed" });
  }
  files.close();
}
