/**
 * What is answered about an agent is the same, whatever other agents do with the same call ids,
 * cell ids, process ids, item ids and texts.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { getContextGrowth } from "../../../lib/query/context/context_growth.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import type { TraceAnchor } from "../../../lib/graph/runtime.ts";
import { explain } from "../../../lib/query/explain/explain.ts";
import { search } from "../../../lib/query/search/search.ts";
import { compileTextPattern } from "../../../lib/query/search/search_pattern.ts";
import {
  OBJECT_KINDS,
  type ObjectRef,
} from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { getTranscript } from "../../../lib/query/transcript/transcript.ts";
import {
  type Run,
  type RunIds,
  RUNS,
  SessionTwice,
} from "../../support/bundles/same_ids.ts";
import { CORPUS, isInSample, recordedCases } from "../../support/cases.ts";
import { pageRows } from "./page_rows.ts";
import { inFolder } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

/**
 * Each takes seconds: of the corpus, one in so many. All of it, about 60,000 answers, takes a quarter
 * of an hour: `ROLLOUT_TRACE_SAME_IDS=all`.
 */
const OF_CORPUS = Deno.env.get("ROLLOUT_TRACE_SAME_IDS") === "all" ? 1 : 8;
const CASES = [
  ...recordedCases(join(TESTDATA, "upstream")).filter((_, at) =>
    isInSample(at)
  ),
  ...recordedCases(CORPUS, 2).filter((_, at) => at % OF_CORPUS === 0),
];

/** Items in a list; those that follow each other in the session are a range in it. */
const RANGE = /(item #\d+)(?:(?:, | … )item #\d+)+/g;

/** What is answered about the threads of a run, by question. */
type Answers = ReadonlyMap<string, string>;

/** The answers about a run, its objects named by their order in the run. */
class RunAnswers {
  readonly #session: TraceSession;
  readonly #run: RunIds;
  readonly #objects: readonly ObjectRef[];
  readonly #names = new Map<string, string>();

  constructor(session: TraceSession, run: RunIds) {
    this.#session = session;
    this.#run = run;
    this.#objects = OBJECT_KINDS.flatMap((kind) => {
      const own = session.names.all(kind).filter((ref) => this.#isOwn(ref));
      for (const [at, { id, handle }] of own.entries()) {
        this.#names.set(id, `${kind} #${at}`);
        this.#names.set(handle, `${kind} #${at}`);
      }
      return own;
    });
  }

  /** How answers refer to the run's objects; in those about the run itself, names replace ids. */
  get refs(): string[] {
    return this.#objects.map(({ kind, id }) =>
      JSON.stringify({ kind, id }).slice(1, -1)
    );
  }

  all(): Answers {
    const session = this.#session;
    const answers = new Map<string, string>();
    const add = (question: string, answer: unknown) =>
      answers.set(
        this.#named(question),
        this.#named(textOf(answer)),
      );
    const { threads, turns } = summarize(session);
    const { rows } = getStats(session, { by: "thread" });
    for (const ref of this.#objects) {
      add(`explain ${ref.handle}`, explain(session, ref));
    }
    for (const thread of this.#run.threads) {
      const isOfThread = (row: { thread: ObjectRef | null }) =>
        row.thread?.id === thread;
      add(`show ${thread}`, [
        threads.filter(isOfThread),
        turns.filter(isOfThread),
      ]);
      add(`timeline ${thread}`, this.#timeline(thread));
      add(
        `transcript ${thread}`,
        getTranscript(session, { thread })?.entries,
      );
      for (const text of ["call", "output", "the"]) {
        const { objects: hits } = search(session, compileTextPattern(text), {
          thread,
        });
        add(`search ${text} ${thread}`, hits);
      }
      add(`growth ${thread}`, getContextGrowth(session, thread));
      const stats = rows.filter((row) => row.object?.id === thread);
      add(`stats ${thread}`, stats.map(({ bundle: _, ...row }) => row));
    }
    const handles = new Map(
      this.#objects.map(({ id, handle }) => [id, handle]),
    );
    for (const { table, id, row } of pageRows(session)) {
      const handle = handles.get(id);
      if (handle !== undefined) add(`page ${table} ${handle}`, row);
    }
    for (const { kind, id, handle } of this.#objects) {
      if (kind !== "inference_call") continue;
      add(`context ${handle}`, getContext(session, id));
    }
    return answers;
  }

  /** The entries of a thread; what an entry is in is named by where it began. */
  #timeline(thread: string): unknown[] {
    const { entries } = getTimeline(this.#session, { thread });
    const startOf = new Map(
      entries.map(({ number, started_seq }) => [number, started_seq]),
    );
    return entries.map(({ number: _, parent, ...entry }) => ({
      ...entry,
      parent: parent === null ? null : startOf.get(parent) ?? null,
    }));
  }

  #isOwn({ kind, id }: Omit<ObjectRef, "handle">): boolean {
    const { trace } = this.#session;
    const of = (thread: string | undefined) =>
      thread !== undefined && this.#run.threads.has(thread);
    switch (kind) {
      case "thread":
        return of(id);
      case "turn":
        return of(trace.codex_turns.get(id)?.thread_id);
      case "item":
        return of(trace.conversation_items.get(id)?.thread_id);
      case "inference_call":
        return of(trace.inference_calls.get(id)?.thread_id);
      case "tool_call":
        return of(trace.tool_calls.get(id)?.thread_id);
      case "code_cell":
        return of(trace.code_cells.get(id)?.thread_id);
      case "terminal_session":
        return of(trace.terminal_sessions.get(id)?.thread_id);
      case "terminal_operation": {
        const tool = trace.terminal_operations.get(id)?.tool_call_id ?? "";
        return of(trace.tool_calls.get(tool)?.thread_id);
      }
      case "compaction":
        return of(trace.compactions.get(id)?.thread_id);
      case "compaction_request":
        return of(trace.compaction_requests.get(id)?.thread_id);
      case "edge":
        return this.#isEdgeOwn(trace.interaction_edges.get(id)?.source);
      case "payload":
        return this.#run.isPayload(id);
    }
  }

  #isEdgeOwn(source: TraceAnchor | undefined): boolean {
    switch (source?.type) {
      case "conversation_item":
        return this.#isOwn({ kind: "item", id: source.item_id });
      case "tool_call":
        return this.#isOwn({ kind: "tool_call", id: source.tool_call_id });
      case "thread":
        return this.#run.threads.has(source.thread_id);
      case undefined:
        return false;
    }
  }

  #named(text: string): string {
    return text.replaceAll(
      /\b[a-z_]+:[\w:.-]*\w/g,
      (word) => this.#names.get(word) ?? word,
    ).replaceAll(RANGE, "$1 …");
  }
}

/** An answer as text; large integers as their digits. */
function textOf(answer: unknown): string {
  return JSON.stringify(
    answer ?? null,
    (_, value) => typeof value === "bigint" ? `${value}` : value,
  );
}

/** What is answered about a run, and the names of its objects. */
interface Opened {
  readonly answers: Answers;
  readonly refs: readonly string[];
  readonly lost: number;
}

/** The answers about each run, of a bundle with both or with one of them. */
function opened(twice: SessionTwice, only?: Run): Opened[] {
  const found: Opened[] = [];
  inFolder((folder) => {
    const session = openBundle(twice.writeTo(join(folder, "bundle"), only));
    const { diagnostics } = session;
    const lost = diagnostics.filter(({ severity }) => severity === "loss");
    for (const run of RUNS) {
      if (only !== undefined && run !== only) continue;
      const of = new RunAnswers(session, twice.idsOf(run));
      found.push({ answers: of.all(), refs: of.refs, lost: lost.length });
    }
  });
  return found;
}

/** An answer without what is unknown once events were lost. */
function known(answer: string): string {
  return answer.replaceAll(/:0(?=[,}])/g, ":null")
    .replaceAll(/"(tool|idle)_ms":\d+/g, '"$1_ms":null')
    .replaceAll(/"outcome":"(ok|incomplete)"/g, '"outcome":null')
    .replaceAll(/("name":"items_sent","unit":null,"value":)\d+/g, "$1null")
    .replaceAll(/,{"name":"its_result"[^}]*"none was recorded"[^}]*}/g, "");
}

/** The questions about a session that runs twice whose answers another run changes. */
function changesIn(twice: SessionTwice): { compared: number; found: string[] } {
  const both = opened(twice);
  const alone = RUNS.flatMap((run) => opened(twice, run));
  const found: string[] = [];
  let compared = 0;
  for (const [at, run] of RUNS.entries()) {
    const [beside, single, other] = [both[at], alone[at], both[1 - at]];
    assert(beside !== undefined && single !== undefined && other !== undefined);
    const isReduced = beside.lost === single.lost;
    for (const [question, answer] of beside.answers) {
      compared++;
      const foreign = other.refs.filter((ref) => answer.includes(ref));
      const where = `${question} (${run})`;
      if (foreign.length > 0) found.push(`${where} names ${foreign}`);
      // The reducer refuses what the second run has of a call id of the first.
      if (!isReduced && run !== RUNS[0]) continue;
      const expected = single.answers.get(question) ?? "";
      const isSame = isReduced
        ? answer === expected
        : known(answer) === known(expected);
      if (!isSame) found.push(where);
    }
  }
  return { compared, found };
}

for (const sharesCalls of [false, true]) {
  Deno.test(
    `agents that use the same ids${
      sharesCalls ? "" : " but for those of calls"
    } change no answer about each other`,
    () => {
      let compared = 0;
      const found: string[] = [];
      for (const { name, bundle } of CASES) {
        const twice = new SessionTwice(bundle, sharesCalls);
        if (twice.hasCutPayloads) continue;
        const of = changesIn(twice);
        compared += of.compared;
        found.push(...of.found.map((each) => `${name}: ${each}`));
      }
      assertEquals(found, []);
      assert(compared > 500, `${compared} answers`);
    },
  );
}
