/**
 * A small coding agent that records its sessions.
 *
 *     deno run --allow-all examples/agent/main.ts --record traces --model gpt-5.1-codex \
 *       --base-url https://api.openai.com/v1 --api-key "$OPENAI_API_KEY" "Fix the tests"
 *
 * @module
 */

import { parseArgs } from "node:util";
import { ThreadTraceContext } from "rollout-trace/record";
import { Agent, type Session, userMessage } from "./agent.ts";
import { ChildAgents } from "./tools/agents.ts";
import { CodeCells } from "./tools/code.ts";
import { McpServer } from "./tools/mcp.ts";
import { patchTool } from "./tools/patch.ts";
import { Shell } from "./tools/shell.ts";
import { Tools } from "./tools/tools.ts";

const USAGE = `Run a coding agent, and record the session

Usage: main.ts --base-url URL [options] PROMPT...

  PROMPT            what to do; each prompt is a turn
  --base-url URL    the part of the URL of a Responses API before /responses
  --api-key KEY     sent as bearer token
  --model NAME      (default gpt-5.1-codex)
  --record FOLDER   record the session below this folder
  --cwd FOLDER      working folder of the tools (default the current one)
  --mcp COMMAND     serve the tools of an MCP server
  --compact-at N    compact the history from N tokens on (default 200000)
  --max-tries N     send a request at most N times (default 4)

Ctrl-C cancels the turn.
`;

/** What a session is run with: the flags of the command line. */
export interface Options extends Omit<Session, "tools" | "print"> {
  /** Folder of the recordings; nothing is recorded without it. */
  readonly recordTo: string | undefined;
  /** Command that starts an MCP server. */
  readonly mcp: string | undefined;
  readonly prompts: readonly string[];
}

/**
 * Runs a session, one turn for each prompt.
 *
 * @param onStart Gets the first agent.
 * @returns Folder of the recording, if there is one.
 */
export async function runSession(
  { recordTo, mcp, prompts, ...options }: Options,
  print: (line: string) => void,
  onStart: (agent: Agent) => void,
): Promise<string | undefined> {
  const [shell, cells, children] = [
    new Shell(),
    new CodeCells(),
    new ChildAgents(),
  ];
  const server = mcp === undefined
    ? undefined
    : await McpServer.start("local", mcp);
  const tools = new Tools([
    ...shell.tools,
    patchTool,
    ...cells.tools,
    ...children.tools,
    ...server?.tools ?? [],
  ]);
  const thread_id = crypto.randomUUID();
  const trace = recordTo === undefined
    ? ThreadTraceContext.disabled()
    : ThreadTraceContext.startRootOrDisabled({
      thread_id,
      agent_path: "/root",
      session_source: "example",
      cwd: options.cwd,
      model: options.model,
      provider_name: options.provider,
    }, {
      root: recordTo,
      onError: (error) => print(`recording: ${error.message}`),
    });
  trace.recordProtocolEvent({
    type: "session_configured",
    session_id: thread_id,
  });
  const agent = new Agent(
    { ...options, tools, print },
    trace,
    thread_id,
    "/root",
  );
  onStart(agent);
  try {
    for (const prompt of prompts) await agent.runTurn(userMessage(prompt));
  } finally {
    // What may still report to the recording ends before it.
    await children.close();
    cells.close();
    await shell.close();
    await server?.close();
    trace.recordProtocolEvent({ type: "shutdown_complete" });
    trace.recordEnded("completed");
    // Waits only if the session is recorded with `writes: "background"`.
    await trace.flush();
  }
  return trace.bundleDirectory;
}

async function main(): Promise<number> {
  const { values: flags, positionals: prompts } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      "base-url": { type: "string" },
      "api-key": { type: "string" },
      model: { type: "string", default: "gpt-5.1-codex" },
      record: { type: "string" },
      cwd: { type: "string", default: Deno.cwd() },
      mcp: { type: "string" },
      "compact-at": { type: "string", default: "200000" },
      "max-tries": { type: "string", default: "4" },
    },
  });
  const baseUrl = flags["base-url"];
  if (baseUrl === undefined || prompts.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const options: Options = {
    endpoint: { baseUrl, apiKey: flags["api-key"] },
    model: flags.model,
    provider: new URL(baseUrl).hostname,
    cwd: flags.cwd,
    maxTries: Number(flags["max-tries"]),
    compactAt: Number(flags["compact-at"]),
    recordTo: flags.record,
    mcp: flags.mcp,
    prompts,
  };
  const bundle = await runSession(options, console.log, (agent) => {
    Deno.addSignalListener("SIGINT", () => agent.cancel());
  });
  if (bundle !== undefined) console.log(`recorded ${bundle}`);
  return 0;
}

if (import.meta.main) Deno.exit(await main());
