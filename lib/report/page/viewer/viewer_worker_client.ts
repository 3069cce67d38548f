/**
 * Starts the worker that reads sessions. Its script is a text of the page.
 *
 * @module
 */

import type {
  ViewerAnswer,
  ViewerRequest,
} from "../../viewer/viewer_messages.ts";

/** A worker at work on one drop. */
export interface ViewerWorker {
  /** Sends a request; answers arrive in the order of the requests. */
  send(request: ViewerRequest): void;
  /** Ends it, and frees its memory. */
  end(): void;
}

/** The address of the script: a page has one, and may name its policy once. */
let trusted: string | undefined;

/** Starts a worker. `onAnswer` gets its answers, `onCrash` why it cannot work. */
export function startWorker(
  script: string,
  onAnswer: (answer: ViewerAnswer) => void,
  onCrash: (message: string) => void,
): ViewerWorker {
  trusted ??= trustedAddress(
    URL.createObjectURL(new Blob([script], { type: "text/javascript" })),
  );
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
function trustedAddress(address: string): string {
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
