/**
 * The worker of a code cell: runs its source, and lets it call tools.
 *
 * @module
 */

/// <reference lib="deno.worker" />

declare const self: DedicatedWorkerGlobalScope;

/** A message of a cell. */
export type FromWorker =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "call";
    readonly id: number;
    readonly name: string;
    readonly args: unknown;
  }
  | { readonly type: "end"; readonly error: string | null };

/** The answer to a call. */
interface Answer {
  readonly id: number;
  readonly value: unknown;
  readonly error: string | null;
}

const calls = new Map<number, PromiseWithResolvers<unknown>>();

const tools = new Proxy({}, {
  get: (_, name) => (args: unknown = {}) => {
    const id = calls.size + 1;
    const answer = Promise.withResolvers<unknown>();
    calls.set(id, answer);
    post({ type: "call", id, name: String(name), args });
    return answer.promise;
  },
});

function post(message: FromWorker): void {
  self.postMessage(message);
}

function text(value: unknown): void {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  post({ type: "text", text });
}

const AsyncFunction = async function () {}.constructor;

self.onmessage = async ({ data }: MessageEvent<string | Answer>) => {
  if (typeof data !== "string") {
    const call = calls.get(data.id);
    if (data.error === null) call?.resolve(data.value);
    else call?.reject(new Error(data.error));
    return;
  }
  try {
    await Reflect.construct(AsyncFunction, ["tools", "text", data])(
      tools,
      text,
    );
    post({ type: "end", error: null });
  } catch (error) {
    post({ type: "end", error: String(error) });
  }
};
