/**
 * The threads of two sessions, those of the same agent path one beside the other.
 *
 * @module
 */

import type { AgentThread } from "../../graph/session.ts";
import type { TraceSession } from "../session/session.ts";

/** The threads of one agent in both sessions; `undefined` where one has none. */
export interface PairedThreads {
  readonly agent_path: string;
  readonly a: AgentThread | undefined;
  readonly b: AgentThread | undefined;
}

/** Returns the threads by agent path, those of the first session first; of several, in order. */
export function threadPairs(a: TraceSession, b: TraceSession): PairedThreads[] {
  const first = byPath(a);
  const second = byPath(b);
  return [...new Set([...first.keys(), ...second.keys()])].map((key) => {
    const [one, other] = [first.get(key), second.get(key)];
    return {
      agent_path: (one ?? other)?.agent_path ?? "",
      a: one,
      b: other,
    };
  });
}

/** Each thread by its path and its ordinal among the threads of that path. */
function byPath({ trace }: TraceSession): Map<string, AgentThread> {
  const counts = new Map<string, number>();
  const found = new Map<string, AgentThread>();
  for (const thread of trace.threads.values()) {
    const { agent_path: path } = thread;
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    found.set(JSON.stringify([path, count]), thread);
  }
  return found;
}
