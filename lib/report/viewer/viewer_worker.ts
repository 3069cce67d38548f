/**
 * The worker of the viewer: reads sessions with the library, away from the page.
 *
 * @module
 */

import type { FileMap } from "../../bundle/storage/file_map.ts";
import { quote } from "../../errors.ts";
import { shareOf } from "../../text/figures.ts";
import { unpack } from "./archive/unpack.ts";
import { type DroppedSession, sessionsIn } from "./sessions_in.ts";
import { checkOf, reportOf, stateOf } from "./view_session.ts";
import type {
  SentFile,
  ViewerAnswer,
  ViewerRequest,
} from "./viewer_messages.ts";

/** The part of a worker's scope that is used here. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ViewerRequest>) => void) | null;
  postMessage(answer: ViewerAnswer): void;
}

/** Version of the program, which the build inserts. */
declare const VIEWER_VERSION: string;
declare const self: WorkerScope;

/** Milliseconds between two messages about progress. */
const PROGRESS_STEP_MS = 100;

/** The name of a bundle whose files were dropped without their folder. */
const NAMELESS = "bundle";

let sessions: readonly DroppedSession[] = [];
let reportedAt = 0;

function reportProgress(text: () => string): void {
  const now = performance.now();
  if (now - reportedAt < PROGRESS_STEP_MS) return;
  reportedAt = now;
  self.postMessage({ type: "progress", text: text() });
}

async function answer(request: ViewerRequest): Promise<ViewerAnswer> {
  if (request.type === "drop") return await find(request.files);
  const { session } = request;
  const dropped = sessions[session];
  if (dropped === undefined) {
    throw new RangeError(`there is no session ${session}`);
  }
  switch (request.type) {
    case "open":
      return { session, ...reportOf(dropped, VIEWER_VERSION) };
    case "check":
      return { session, ...checkOf(filesOf(dropped)) };
    case "state":
      return { session, ...stateOf(filesOf(dropped), request.isTolerant) };
  }
}

function filesOf(session: DroppedSession): FileMap {
  if (session.source === "bundle") return session.files;
  throw new TypeError(`${quote(session.path)} is no bundle`);
}

async function find(dropped: readonly SentFile[]): Promise<ViewerAnswer> {
  const { contents, notes } = await unpack(dropped, (name, share) => {
    reportProgress(() => `unpacking ${quote(name)}, ${shareOf(share, 1)}`);
  });
  sessions = sessionsIn(contents, NAMELESS, (session, bytes, size) => {
    reportProgress(() => `reading ${quote(session)}, ${shareOf(bytes, size)}`);
  });
  return {
    type: "sessions",
    sessions: sessions.map(({ path, source }) => ({ path, source })),
    notes,
    files: contents.size,
  };
}

self.onmessage = async ({ data: request }) => {
  try {
    self.postMessage(await answer(request));
  } catch (error) {
    self.postMessage({
      type: "failed",
      request: request.type,
      session: request.type === "drop" ? null : request.session,
      message: error instanceof Error ? error.message : String(error),
    });
  }
};
