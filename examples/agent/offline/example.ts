/**
 * The example without a network: a scripted session against a mock provider, and what was recorded.
 *
 *     deno task example [FOLDER]
 *
 * @module
 */

import { replayBundle } from "rollout-trace";
import type { Agent, StepTracer } from "../agent.ts";
import { runSession } from "../main.ts";
import { startMockProvider } from "./mock_provider.ts";
import { COMPACT_AT, PROMPTS } from "./script.ts";

/** Runs the session, and returns the folder of its recording. */
export async function runOffline(
  folder: string,
  tracer?: StepTracer,
): Promise<string> {
  const cwd = await Deno.makeTempDir();
  let root: Agent | undefined;
  // The user cancels the turn in which the provider does not answer.
  await using provider = startMockProvider(() => root?.cancel());
  const mcpServer = `${import.meta.dirname}/mock_mcp_server.ts`;
  try {
    const bundle = await runSession(
      {
        endpoint: { baseUrl: provider.baseUrl, apiKey: undefined },
        model: "mock-model",
        provider: "mock",
        cwd,
        maxTries: 4,
        compactAt: COMPACT_AT,
        recordTo: folder,
        mcp: `'${Deno.execPath()}' run '${mcpServer}'`,
        prompts: PROMPTS,
        ...tracer === undefined ? {} : { tracer },
      },
      console.log,
      (agent) => root = agent,
    );
    if (bundle !== undefined) return bundle;
    throw new Error("the session was not recorded");
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

if (import.meta.main) {
  const bundle = await runOffline(Deno.args[0] ?? "dist/example");
  const trace = replayBundle(bundle);
  console.log(`
recorded ${bundle}
threads ${trace.threads.size}, turns ${trace.codex_turns.size}, LLM requests ${trace.inference_calls.size}, tool calls ${trace.tool_calls.size}

Next:
  deno run --allow-read main.ts show ${bundle}
  deno run --allow-read main.ts timeline ${bundle}
  deno run --allow-all main.ts report ${bundle} -o report.html`);
}
