/**
 * A Responses API on this machine whose answers are a script.
 *
 * @module
 */

import type { Item } from "../responses.ts";
import { type Answer, ANSWERS } from "./script.ts";

/** A server that runs. */
export interface MockProvider extends AsyncDisposable {
  readonly baseUrl: string;
}

/** Starts the server. Each agent, and each sort of its instructions, gets the answers of a list. */
export function startMockProvider(onHang: () => void): MockProvider {
  const given = new Map<string, number>();
  let requests = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { instructions, input } = await request.json();
      const asked = String(instructions).startsWith("Summarize")
        ? "summary"
        : String(instructions).split("You are ").at(-1)?.replace(/\.$/, "") ??
          "";
      const count = given.get(asked) ?? 0;
      given.set(asked, count + 1);
      const answer = ANSWERS[asked]?.[count];
      if (answer === undefined) {
        return new Response(`no answer ${count} for ${asked}`, { status: 400 });
      }
      const headers = { "x-request-id": `req_${++requests}` };
      if (answer.type === "error") {
        return new Response(answer.message, { status: answer.status, headers });
      }
      return new Response(streamOf(answer, input, `resp_${requests}`, onHang), {
        headers: { ...headers, "content-type": "text/event-stream" },
      });
    },
  );
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function streamOf(
  answer: Exclude<Answer, { type: "error" }>,
  input: readonly Item[],
  id: string,
  onHang: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<string>({
    start(controller) {
      const send = (event: object) =>
        controller.enqueue(`data: ${JSON.stringify(event)}\n\n`);
      for (const item of answer.items(input)) {
        send({ type: "response.output_item.done", item });
      }
      if (answer.type === "hangs") return onHang();
      if (answer.type === "complete") {
        send({
          type: "response.completed",
          response: { id, usage: usage(input) },
        });
      }
      controller.close();
    },
  }).pipeThrough(new TextEncoderStream());
}

/** Grows with the input, as that of a real one. */
function usage(input: readonly Item[]): object {
  const input_tokens = 400 + 100 * input.length;
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: 400 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 10 },
    total_tokens: input_tokens + 50,
  };
}
