/**
 * Tools of an MCP server, which is a program that speaks JSON-RPC over its standard streams.
 *
 * @module
 */

import type { Tool } from "./tools.ts";

/** A program that serves tools. */
export class McpServer {
  readonly #name: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #requests = 0;
  /** The tools of the server. */
  tools: readonly Tool[] = [];

  private constructor(name: string, process: Deno.ChildProcess) {
    this.#name = name;
    this.#process = process;
    this.#input = process.stdin.getWriter();
  }

  /** Starts the server, and asks for its tools. */
  static async start(name: string, command: string): Promise<McpServer> {
    const process = new Deno.Command("sh", {
      args: ["-c", command],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const server = new McpServer(name, process);
    server.#readAnswers();
    await server.#request("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "example-agent", version: "1.0.0" },
    });
    await server.#send({ method: "notifications/initialized" });
    const { result } = await server.#request("tools/list", {});
    server.tools = (result?.tools ?? []).map((tool) => server.#tool(tool));
    return server;
  }

  /** Ends the server. */
  async close(): Promise<void> {
    await this.#input.close();
    await this.#process.status;
  }

  #tool({ name: tool, description, inputSchema }: ToolListing): Tool {
    const server = this.#name;
    return {
      definition: {
        type: "function",
        name: `mcp__${server}__${tool}`,
        description,
        parameters: inputSchema,
      },
      run: async ({ trace, turn }, { callId, input }) => {
        const args = JSON.parse(input);
        const about = {
          call_id: callId,
          turn_id: turn,
          invocation: { server, tool, arguments: args },
        };
        const started = Date.now();
        trace.recordToolCallEvent(turn, {
          type: "mcp_tool_call_begin",
          ...about,
        });
        const correlation = trace.startMcpCall(callId);
        const { result, error } = await this.#request("tools/call", {
          name: tool,
          arguments: args,
          _meta: correlation.addRequestMeta(undefined),
        });
        const ms = Date.now() - started;
        trace.recordToolCallEvent(turn, {
          type: "mcp_tool_call_end",
          ...about,
          duration: { secs: Math.trunc(ms / 1000), nanos: (ms % 1000) * 1e6 },
          result: error === undefined ? { Ok: result } : { Err: error.message },
        });
        if (error !== undefined) throw new Error(error.message);
        return { value: result?.content, isFailure: result?.isError === true };
      },
    };
  }

  #request(method: string, params: object): Promise<Answer> {
    const id = ++this.#requests;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, resolve);
    this.#send({ id, method, params }).catch((error: Error) =>
      resolve({ id, error: { message: error.message } })
    );
    return promise;
  }

  #send(message: object): Promise<void> {
    const line = `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
    return this.#input.write(new TextEncoder().encode(line));
  }

  async #readAnswers(): Promise<void> {
    let rest = "";
    const output = this.#process.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of output) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const answer: Answer = JSON.parse(line);
        this.#waiting.get(answer.id)?.(answer);
        this.#waiting.delete(answer.id);
      }
    }
    for (const [id, resolve] of this.#waiting) {
      resolve({ id, error: { message: `the server ${this.#name} ended` } });
    }
  }
}

interface ToolListing {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema?: object;
}

interface Answer {
  readonly id: number;
  readonly result?: {
    readonly tools?: readonly ToolListing[];
    readonly content?: unknown;
    readonly isError?: boolean;
  };
  readonly error?: { readonly message: string };
}
