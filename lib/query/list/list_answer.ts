/**
 * What `list` answers: the bundles and session logs below a folder.
 *
 * @module
 */

import type { UnreadFolder } from "../session/answer_document.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { RolloutStatus, UnixMs } from "../../format/vocabulary.ts";
import type { Outcome } from "../failures/outcome/outcome.ts";
import type { Cost } from "../stats/measures/cost.ts";
import type { TokenSum } from "../stats/measures/token_sum.ts";
import type { RecordingFacts } from "../evidence/recorded/captures.ts";

/** The bundles and session logs below a folder. */
export interface ListAnswer {
  /** The folder, as it was named. */
  readonly root: string;
  /** Its bundles and session logs, the newest first; those that cannot be read last. */
  readonly bundles: readonly ListedBundle[];
  /** Folders and names below it that could not be searched: bundles may be there. */
  readonly unread: readonly UnreadFolder[];
}

/** An agent whose session log is listed. */
export interface ListedAgent {
  /** Its thread. */
  readonly thread_id: string;
  /** Its path in the tree of agents; the id of its thread where the log has none. */
  readonly agent_path: string;
  /** The thread that made it. */
  readonly parent_thread_id: string;
}

/** One bundle, as far as it can be known without reducing it; or one session log. */
export interface ListedBundle {
  /** Its folder; of a session log, its file. */
  readonly bundle: string;
  /** What it is. */
  readonly source: "bundle" | "session_log";
  /** Id of the recording; null where the manifest cannot be read. */
  readonly trace_id: string | null;
  /** Id of the root thread, which is that of the session; null where the manifest cannot be read. */
  readonly session_id: string | null;
  /** The agent of the session that a session log is of; null of a root thread, and of a bundle. */
  readonly agent: ListedAgent | null;
  /** Id of the rollout; null where the manifest cannot be read. */
  readonly rollout_id: string | null;
  /** Schema that the manifest names; null where it cannot be read. */
  readonly schema_version: number | null;
  /** What became of the session; null where it cannot be read, or it may be in a lost event. */
  readonly outcome: Outcome | null;
  /** How the session ended, in the recorder's word; `running` also where the end was not recorded. */
  readonly status: RolloutStatus | null;
  /** When it began; null where the manifest cannot be read. */
  readonly started_at_unix_ms: UnixMs | null;
  /**
   * From its beginning to its end, or to the last event; null where that is unknown, as where the
   * clock jumped.
   */
  readonly duration_ms: number | null;
  /** Bytes of all its files. */
  readonly size_bytes: number;
  /** Events that could be read; of a session log, lines. */
  readonly events: number;
  /** The bundle, of those listed, with the beginning of the same session; null without one. */
  readonly continues: string | null;
  /** What its log counts; null where events were lost, or the log cannot be read. */
  readonly counts: ListedCounts | null;
  /** Models asked for answers, in order of their first request. */
  readonly models: readonly string[];
  /** Folder it worked in; null where that is unknown. */
  readonly cwd: string | null;
  /**
   * Tokens of all requests for answers, minimums where those of some are unknown; null where events
   * were lost, or responses are not read.
   */
  readonly tokens: TokenSum | null;
  /** What they cost by the user's prices; null without prices, or without tokens. */
  readonly cost: Cost | null;
  /** How much of it the recorder kept; null where the log cannot be read. */
  readonly recording: RecordingFacts | null;
  /** The first prompt of the user; null without an LLM request, and where it is unknown. */
  readonly prompt: string | null;
  /** How much of the payload with the prompt was kept, when not all of it was. */
  readonly prompt_capture: PayloadCapture | null;
  /** Its result; null where there is none, or it is unknown. */
  readonly result: ListedResult | null;
  /** How much of the payload with the last answer was kept, when not all of it was. */
  readonly result_capture: PayloadCapture | null;
  /** Why the bundle cannot be read; null where it can. */
  readonly error: string | null;
}

/** What a log counts of all threads; null is what a session log does not have. */
export interface ListedCounts {
  /** Threads, the root included. */
  readonly threads: number | null;
  /** Turns. */
  readonly turns: number;
  /** Requests for answers. */
  readonly llm_requests: number | null;
  /** Those that failed; those that were interrupted are no failures. */
  readonly failed_llm_requests: number | null;
  /**
   * Requests for answers, compaction requests, tool calls and code cells that were recorded as
   * failed. Whether a command ended with another exit code than 0 is in payloads, which are not read
   * for it.
   */
  readonly errors: number | null;
  /** Tool calls; of a session log, those of its model. */
  readonly tool_calls: number | null;
}

/** The result of a session. */
export interface ListedResult {
  /** `answer`: the last the model answer; `error`: the last turn of the root failed. */
  readonly type: "answer" | "error";
  /** The words. */
  readonly text: string;
}
