/**
 * Reads the logs of the threads of one session, wherever they are stored.
 *
 * @module
 */

import { type Limits, ReadBudget } from "../../../../bundle/limits.ts";
import { isUnreadable, quote } from "../../../../errors.ts";
import type { ThreadId } from "../../../../format/ids.ts";
import type { TraceSession } from "../../session.ts";
import {
  DiagnosticCollector,
  type SessionDiagnostic,
} from "../../session_diagnostics.ts";
import { sessionOfLog } from "../open_session_log.ts";
import { readSessionLog } from "../read_session_log.ts";
import type {
  MissingLog,
  SessionLog,
  SessionLogHead,
  UnreadLog,
} from "../session_log.ts";
import { joinLogs } from "./join_logs.ts";
import type { LogFiles } from "./log_files.ts";
import { threadInName, timeOfId } from "./session_time.ts";

/** A log that was read. */
interface ReadLog {
  readonly path: string;
  readonly log: SessionLog;
  /** What could not be read of it. */
  readonly diagnostics: readonly SessionDiagnostic[];
}

/** Reads the logs of one session. */
export class SessionLogReaders {
  readonly #path: string;
  readonly #files: LogFiles;
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #diagnostics = new DiagnosticCollector();
  readonly #first: ReadLog;
  readonly #read: Map<ThreadId, ReadLog> = new Map();
  readonly #unread: UnreadLog[] = [];
  /** Files without metadata that can be read, by the thread in their name. */
  readonly #headless: Map<ThreadId, string> = new Map();
  #lines = 0;
  #lastAt = 0;
  #isCut = false;

  /** Reads the first log. */
  constructor(path: string, files: LogFiles, limits: Limits) {
    this.#path = path;
    this.#files = files;
    this.#limits = limits;
    this.#budget = new ReadBudget(limits);
    this.#first = this.#take(path);
  }

  /** Reads the logs of the other threads. */
  findOthers(): void {
    const { log: { trace } } = this.#first;
    const parent = parentOf(this.#first.log);
    const ids = [trace.rollout_id, parent ?? trace.root_thread_id];
    const from = Math.min(...ids.map((id) => timeOfId(id) ?? 0));
    const candidates = this.#files.candidates(
      this.#path,
      () => ({ from, to: this.#lastAt }),
      (folder, reason) => this.#unread.push({ path: folder, reason }),
    );
    for (const { path } of candidates) {
      if (this.#isCut) {
        this.#unread.push({ path, reason: "not read, because of a limit" });
        return;
      }
      const head = this.#files.headOf(path);
      if (head === null) this.#addHeadless(path);
      else if (this.#isPart(head)) this.#add(path, head);
    }
  }

  /** The session, of all logs that were read. */
  session(): TraceSession {
    const all = [...this.#read.values()];
    const missing = this.#missing().filter((each) => !this.#isNamed(each));
    const logs = { read: all.length, missing, unread: this.#unread };
    if (all.length === 1) {
      const { log, diagnostics } = this.#first;
      const facts = { ...log.facts, logs };
      return sessionOfLog(this.#path, { ...log, facts }, diagnostics);
    }
    const top = this.#top();
    const ordered = all.sort((a, b) =>
      Number(b === top) - Number(a === top) || compareLogs(a.log, b.log)
    );
    const joined = joinLogs(ordered.map(({ log }) => log), top.log);
    const diagnostics = ordered.flatMap((each, at) =>
      each.diagnostics.map((one) => ({
        ...one,
        seq: one.line === null ? null : joined.order.seqOf(at, one.line),
      }))
    );
    const sum = (count: (log: SessionLog) => number) =>
      all.reduce((before, { log }) => before + count(log), 0);
    return sessionOfLog(this.#path, {
      trace: joined.trace,
      facts: { ...joined.facts, logs },
      lines: sum(({ lines }) => lines),
      skippedLines: sum(({ skippedLines }) => skippedLines),
    }, diagnostics);
  }

  #isPart({ thread, session, parent }: SessionLogHead): boolean {
    return session === this.#first.log.trace.rollout_id ||
      this.#read.has(parent ?? "") ||
      // Older versions name the parent, and not the session.
      parentOf(this.#first.log) === thread;
  }

  #addHeadless(path: string): void {
    const thread = threadInName(path);
    if (thread !== null) this.#headless.set(thread, path);
  }

  #add(path: string, { thread }: SessionLogHead): void {
    const known = this.#read.get(thread);
    if (known !== undefined) {
      if (this.#files.isSame(known.path, path)) return;
      this.#unread.push({
        path,
        reason: `has the thread of ${quote(known.path)}`,
      });
      return;
    }
    try {
      this.#take(path);
    } catch (error) {
      if (!isUnreadable(error) || !(error instanceof Error)) throw error;
      this.#unread.push({ path, reason: error.message });
    }
  }

  #take(path: string): ReadLog {
    const { kept } = this.#diagnostics;
    const before = kept.length;
    using file = this.#files.open(path);
    const events = Math.max(1, this.#limits.events - this.#lines);
    const log = readSessionLog(
      file.source,
      { ...this.#limits, events },
      (diagnostic) => this.#diagnostics.add(diagnostic),
      {
        budget: this.#budget,
        thread: threadInName(path),
        ...path === this.#path ? {} : { file: this.#files.nameOf(path) },
      },
    );
    const read = { path, log, diagnostics: kept.slice(before) };
    this.#read.set(log.trace.root_thread_id, read);
    this.#lines += log.lineTimes.length;
    this.#isCut ||= log.isCut || this.#lines >= this.#limits.events;
    for (const at of log.lineTimes) {
      this.#lastAt = Math.max(this.#lastAt, Number(at));
    }
    return read;
  }

  /** The log of the root; where it was not found, of the first known ancestor of the named thread. */
  #top(): ReadLog {
    const root = this.#read.get(this.#first.log.trace.rollout_id);
    if (root !== undefined) return root;
    const passed = new Set([this.#first]);
    let top = this.#first;
    while (true) {
      const parent = this.#read.get(parentOf(top.log) ?? "");
      if (parent === undefined || passed.has(parent)) return top;
      passed.add(parent);
      top = parent;
    }
  }

  /** Whether a file has the name of the log of an agent, which is noted. */
  #isNamed({ thread_id: thread }: MissingLog): boolean {
    const path = this.#headless.get(thread);
    if (path === undefined) return false;
    this.#unread.push({ path, reason: "its metadata cannot be read" });
    return true;
  }

  #missing(): MissingLog[] {
    const paths = new Map<ThreadId, string | null>();
    for (const { log } of this.#read.values()) {
      const parent = parentOf(log);
      const named = log.activities.map(({ agent, path }) =>
        [agent, path] as const
      );
      if (parent !== null) named.push([parent, null]);
      for (const [thread, path] of named) {
        if (this.#read.has(thread)) continue;
        paths.set(thread, paths.get(thread) ?? path);
      }
    }
    return Array.from(
      paths,
      ([thread_id, agent_path]) => ({ thread_id, agent_path }),
    );
  }
}

function parentOf({ trace, facts }: SessionLog): ThreadId | null {
  return facts.threads.get(trace.root_thread_id)?.parent_thread_id ?? null;
}

function compareLogs(
  { trace: a }: SessionLog,
  { trace: b }: SessionLog,
): number {
  return Number(a.started_at_unix_ms) - Number(b.started_at_unix_ms) ||
    (a.root_thread_id < b.root_thread_id ? -1 : 1);
}
