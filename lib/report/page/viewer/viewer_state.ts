/**
 * The state of the viewer: what was dropped, what is read, and what is shown of it.
 *
 * @module
 */

import type {
  SentFile,
  SessionPlace,
  ViewerAnswer,
} from "../../viewer/viewer_messages.ts";
import { Model } from "../model/model.ts";
import { setLocalTimes } from "../ui/figures.ts";
import { startWorker, type ViewerWorker } from "./viewer_worker_client.ts";

/** What `check` reports about a bundle. */
export type CheckAnswer = Extract<ViewerAnswer, { readonly type: "checked" }>;

/** A `state.json`, to be downloaded. */
export interface StateDownload {
  /** The address of its bytes. */
  readonly url: string;
  /** Events that were skipped. */
  readonly skipped: number;
}

/** What the viewer shows. */
export interface ViewerState {
  /** What is being done; null when nothing is. */
  readonly progress: string | null;
  /** The sessions of the drop. */
  readonly sessions: readonly SessionPlace[];
  /** What was not taken of the drop. */
  readonly notes: readonly string[];
  /** Which session is shown; null before one is read. */
  readonly session: number | null;
  /** Its report; null while it is read, and where it cannot be. */
  readonly model: Model | null;
  /** Its check; null while it is computed, and of a session log. */
  readonly check: CheckAnswer | null;
  /** Its `state.json`; null while it is computed, where it cannot be, and of a session log. */
  readonly download: StateDownload | null;
  /** Why there is no report, or no session. */
  readonly error: string | null;
  /** Why it cannot be reduced without skipping events; null where it can. */
  readonly refusal: string | null;
}

/** Nothing was dropped. */
export const EMPTY: ViewerState = {
  progress: null,
  sessions: [],
  notes: [],
  session: null,
  model: null,
  check: null,
  download: null,
  error: null,
  refusal: null,
};

/** Reads what is dropped, one drop at a time. */
export class ViewerControl {
  readonly #script: string;
  readonly #onState: (state: ViewerState) => void;
  #state = EMPTY;
  #worker: ViewerWorker | undefined;
  #hasShown = false;

  /** `script` is that of the worker; `onState` is called after each change. */
  constructor(script: string, onState: (state: ViewerState) => void) {
    this.#script = script;
    this.#onState = onState;
  }

  /** Reads a new drop; what was read before is forgotten. */
  drop(list: () => Promise<SentFile[]> | SentFile[]): void {
    this.#worker?.end();
    const worker = startWorker(
      this.#script,
      (answer) => this.#take(answer),
      (message) => this.#change({ progress: null, error: message }),
    );
    this.#worker = worker;
    this.#change({ ...EMPTY, progress: "listing the files" });
    const send = async () => {
      const files = await list();
      worker.send({ type: "drop", files });
    };
    send().catch((error: unknown) => this.#fail(error));
  }

  /** Reads one of the sessions. */
  open(session: number): void {
    const { sessions, notes } = this.#state;
    this.#change({
      ...EMPTY,
      sessions,
      notes,
      session,
      progress: "reading the session",
    });
    this.#worker?.send({ type: "open", session });
    if (sessions[session]?.source !== "bundle") return;
    this.#worker?.send({ type: "check", session });
    this.#worker?.send({ type: "state", session, isTolerant: false });
  }

  /** Reduces the bundle that is shown, and skips what cannot be reduced. */
  reduceTolerantly(): void {
    const { session } = this.#state;
    if (session === null) return;
    this.#change({ refusal: null, progress: "reducing" });
    this.#worker?.send({ type: "state", session, isTolerant: true });
  }

  #take(answer: ViewerAnswer): void {
    const isOther = "session" in answer && answer.session !== null &&
      answer.session !== this.#state.session;
    if (isOther) return;
    switch (answer.type) {
      case "progress":
        if (this.#state.model === null) this.#change({ progress: answer.text });
        return;
      case "sessions":
        return this.#takeSessions(answer);
      case "report":
        return this.#takeReport(answer);
      case "checked":
        return this.#change({ check: answer });
      case "state": {
        const { state, skipped } = answer;
        const download = { url: URL.createObjectURL(state), skipped };
        return this.#change({ download, progress: null });
      }
      case "failed":
        return this.#takeFailure(answer);
    }
  }

  #takeSessions(
    { sessions, notes, files }: Extract<ViewerAnswer, { type: "sessions" }>,
  ): void {
    const error = sessions.length > 0
      ? null
      : files === 0
      ? "there is no session: nothing could be read"
      : `there is no session: none of ${files} files is a manifest.json, a trace.jsonl or a rollout-….jsonl`;
    this.#change({ sessions, notes, error, progress: null });
    if (sessions.length === 1) this.open(0);
  }

  #takeReport({ blocks }: Extract<ViewerAnswer, { type: "report" }>): void {
    // The address of the first report may be a link to an object; later ones begin without.
    if (this.#hasShown) history.replaceState(null, "", "#");
    this.#hasShown = true;
    const model = new Model((name) => blocks.get(name));
    setLocalTimes(model.data.has_local_times);
    this.#change({ model, progress: null });
  }

  #takeFailure(
    { request, message }: Extract<ViewerAnswer, { type: "failed" }>,
  ): void {
    if (request !== "state") this.#change({ progress: null, error: message });
    // Without a report, the reason was reported already.
    else if (this.#state.model !== null) {
      this.#change({ progress: null, refusal: message });
    }
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#change({ progress: null, error: message });
  }

  #change(change: Partial<ViewerState>): void {
    const { download } = this.#state;
    this.#state = { ...this.#state, ...change };
    if (download !== null && download !== this.#state.download) {
      URL.revokeObjectURL(download.url);
    }
    this.#onState(this.#state);
  }
}
