/**
 * Where the bundle of a root session is made, and the recorder for it.
 *
 * @module
 */

import { BackgroundStore } from "../bundle/write/background_store.ts";
import { type BundleStore, DirectoryStore } from "../bundle/write/store.ts";
import type { ThreadId } from "../format/ids.ts";
import {
  BundleRecorder,
  type Recorder,
  type RecorderOptions,
} from "./recorder.ts";
import { recordingError } from "./evidence/recording_error.ts";
import { rolloutStarted } from "./thread_events.ts";
import { TraceWriter, type TraceWriterOptions } from "./trace_writer.ts";

/** Environment variable that names the folder for bundles, and by that switches recording on. */
export const TRACE_ROOT_VARIABLE = "CODEX_ROLLOUT_TRACE_ROOT";

/** How a root session is recorded. */
export interface RootTraceOptions
  extends
    RecorderOptions,
    Omit<TraceWriterOptions, "rolloutId" | "rootThreadId"> {
  /**
   * Folder for bundles, or a store that takes this one. Without it `startRootOrDisabled` looks
   * into the environment.
   */
  root?: string | BundleStore;
  /**
   * When the bundle is written: "immediate", each event before the call that records it returns; or
   * in the "background", in the same order. Then `queuedBytes` wait for the disk, what was not
   * written when the program is killed is lost, and the first write that fails ends the recording.
   * Only for a folder. "immediate" when left out.
   */
  writes?: "immediate" | "background";
  /**
   * Bytes that may wait to be written in the background; 64 MiB when left out. What exceeds them is
   * lost, and reported to `onError`. A host that awaits `flush()` in time loses nothing.
   */
  maxQueuedBytes?: number;
}

/**
 * Makes the bundle of the session that thread `threadId` begins, and records that it begins.
 *
 * @throws {Error} If the bundle cannot be made, or has no room for its first event.
 */
export function createRoot(
  root: string | BundleStore,
  threadId: ThreadId,
  options: RootTraceOptions,
): Recorder {
  if (options.writes === "background" && typeof root !== "string") {
    throw new TypeError(
      "Cannot write to a store in the background: name a folder, or let the store queue",
    );
  }
  const newId = options.newId ?? (() => crypto.randomUUID());
  const traceId = options.traceId ?? newId();
  const store = typeof root === "string"
    ? storeIn(
      newFolder(root, bundleFolderName(traceId, threadId)),
      options,
      (error) => recorder.stop(error),
    )
    : root;
  const writer = TraceWriter.create(store, {
    ...options,
    newId,
    traceId,
    rolloutId: threadId,
    rootThreadId: threadId,
  });
  const recorder = new BundleRecorder(
    writer,
    options,
    store instanceof BackgroundStore ? store : undefined,
  );
  recorder.record(() => rolloutStarted(traceId, threadId));
  if (recorder.isRecording) return recorder;
  throw new RangeError("the bundle has no room for its first event");
}

/**
 * Returns the name of the folder of a bundle. The ids are the host's: no separator in them may lead
 * elsewhere, and Windows takes no `*`, and removes a dot at the end.
 */
export function bundleFolderName(traceId: string, threadId: string): string {
  return encodeURIComponent(`trace-${traceId}-${threadId}`)
    .replaceAll("*", "%2A").replace(/\.$/, "%2E");
}

/**
 * Makes the folder of a bundle. It must not exist: a link in its place would lead elsewhere.
 *
 * @throws {Error} If it exists, or cannot be made.
 */
function newFolder(root: string, name: string): string {
  Deno.mkdirSync(root, { recursive: true, mode: 0o700 });
  const folder = `${root}/${name}`;
  Deno.mkdirSync(folder, { mode: 0o700 });
  return folder;
}

function storeIn(
  folder: string,
  { writes, maxQueuedBytes }: RootTraceOptions,
  onFailure: (error: Error) => void,
): BundleStore {
  return writes === "background"
    ? new BackgroundStore(folder, { maxQueuedBytes, onFailure })
    : new DirectoryStore(folder);
}

/**
 * The folder that the environment names, `undefined` when it names none or may not be asked.
 *
 * Nothing prompts: a host that was not given the permission did not ask for a trace.
 */
export function traceRootOfEnvironment(): string | undefined {
  const permission = Deno.permissions.querySync({
    name: "env",
    variable: TRACE_ROOT_VARIABLE,
  });
  if (permission.state !== "granted") return undefined;
  return Deno.env.get(TRACE_ROOT_VARIABLE) || undefined;
}

/**
 * Makes sure that writing below `root` would not prompt.
 *
 * @throws {Error} If it is not permitted.
 */
export function requireWritePermission(root: string | BundleStore): void {
  if (typeof root !== "string") return;
  const permission = Deno.permissions.querySync({ name: "write", path: root });
  if (permission.state !== "granted") {
    throw new Deno.errors.NotCapable(
      `Cannot write to ${JSON.stringify(root)}: run again with --allow-write`,
    );
  }
}

/** Reports to `options.onError` that there is no recording. What it throws is ignored. */
export function reportStartFailed(
  options: RootTraceOptions,
  cause: unknown,
): void {
  try {
    options.onError?.(recordingError("Cannot start a recording", cause));
  } catch {
    // What a callback throws is no reason to fail the host.
  }
}
