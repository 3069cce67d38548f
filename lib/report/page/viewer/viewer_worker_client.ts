/**
 * Starts the worker that reads bundles. Its script is part of the page.
 *
 * @module
 */

import type {
  ViewerAnswer,
  ViewerRequest,
} from "../../viewer/viewer_messages.ts";

/** The script of the worker, which the build inserts. */
declare const VIEWER_WORKER: string;

/** A worker at work on one drop. */
export interface ViewerWorker {
  /** Sends a request; answers arrive in the order of the requests. */
  send(request: ViewerRequest): void;
  /** Ends it, and frees its memory. */
  end(): void;
}

const address = URL.createObjectURL(
  new Blob([VIEWER_WORKER], { type: "text/javascript" }),
);
const trusted = trustedAddress();

/** Starts a worker. `onAnswer` gets its answers, `onCrash` why it cannot work. */
export function startWorker(
  onAnswer: (answer: ViewerAnswer) => void,
  onCrash: (message: string) => void,
): ViewerWorker {
  const worker = new Worker(trusted);
  worker.onmessage = ({ data }: MessageEvent<ViewerAnswer>) => onAnswer(data);
  worker.onerror = ({ message }) =>
    onCrash(message || "the worker of the page cannot start");
  worker.onmessageerror = () => onCrash("the answer is too large");
  return {
    send: (request) => worker.postMessage(request),
    end: () => worker.terminate(),
  };
}

/** A policy for scripts, where the browser has them. */
interface ScriptPolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The address of the script, as the policy of the page allows it: this one and no other. */
function trustedAddress(): string {
  const policies: ScriptPolicies | undefined = Reflect.get(
    globalThis,
    "trustedTypes",
  );
  if (policies === undefined) return address;
  return policies.createPolicy("rollout-trace", {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError("not a script of this page");
      return url;
    },
  }).createScriptURL(address);
}
