/**
 * The worker of the viewer: reads bundles with the library, away from the page.
 *
 * @module
 */

import type { FileMap } from "../../bundle/storage/file_map.ts";
import { quote } from "../../errors.ts";
import { shareOf } from "../../text/figures.ts";
import { unpack } from "./archive/unpack.ts";
import { bundlesIn } from "./bundles_in.ts";
import { checkOf, reportOf, stateOf } from "./view_bundle.ts";
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

let bundles: readonly FileMap[] = [];
let reportedAt = 0;

function reportProgress(text: () => string): void {
  const now = performance.now();
  if (now - reportedAt < PROGRESS_STEP_MS) return;
  reportedAt = now;
  self.postMessage({ type: "progress", text: text() });
}

async function answer(request: ViewerRequest): Promise<ViewerAnswer> {
  if (request.type === "drop") return await find(request.files);
  const { bundle } = request;
  const files = bundles[bundle];
  if (files === undefined) throw new RangeError(`there is no bundle ${bundle}`);
  switch (request.type) {
    case "open":
      return { bundle, ...reportOf(files, VIEWER_VERSION) };
    case "check":
      return { bundle, ...checkOf(files) };
    case "state":
      return { bundle, ...stateOf(files, request.isTolerant) };
  }
}

async function find(dropped: readonly SentFile[]): Promise<ViewerAnswer> {
  const { contents, notes } = await unpack(dropped, (name, share) => {
    reportProgress(() => `unpacking ${quote(name)}, ${shareOf(share, 1)}`);
  });
  bundles = bundlesIn(contents, NAMELESS, (bundle, bytes, size) => {
    reportProgress(() => `reading ${quote(bundle)}, ${shareOf(bytes, size)}`);
  });
  return {
    type: "bundles",
    bundles: bundles.map(({ path }) => path),
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
      bundle: request.type === "drop" ? null : request.bundle,
      message: error instanceof Error ? error.message : String(error),
    });
  }
};
