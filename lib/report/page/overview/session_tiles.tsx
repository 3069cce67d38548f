/**
 * The numbers of a session, as `show` tells them.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import { counted, countOf, durationOf } from "../ui/figures.ts";
import { Status } from "../ui/status.tsx";
import type { Tile } from "./tiles.tsx";

/** The numbers that are told first. */
export function tilesOf(model: Model): Tile[] {
  const { identity, tokens, tools, threads, turns } = model.data.show;
  const calls = threads.reduce((sum, each) => sum + each.calls, 0);
  const failedCalls = threads.reduce((sum, each) => sum + each.failed_calls, 0);
  const toolCalls = tools.reduce((sum, each) => sum + each.calls, 0);
  const failedTools = tools.reduce((sum, each) => sum + each.failed, 0);
  return [
    {
      icon: "run",
      name: "Duration",
      value: durationOf(identity.duration_ms),
      note: <Status status={identity.status} />,
    },
    {
      icon: "inference_call",
      name: "Model requests",
      value: countOf(calls),
      note: failedNote(failedCalls),
    },
    {
      icon: "tool_call",
      name: "Tool calls",
      value: countOf(toolCalls),
      note: failedNote(failedTools),
    },
    {
      icon: "open",
      name: "Tokens in",
      value: countOf(tokens.input_tokens),
      note: tokens.input_tokens === null
        ? "no request told"
        : `${countOf(tokens.cached_input_tokens)} of them from a cache${
          partly(tokens)
        }`,
    },
    {
      icon: "open",
      name: "Tokens out",
      value: countOf(tokens.output_tokens),
      note: tokens.output_tokens === null
        ? "no request told"
        : `${countOf(tokens.reasoning_output_tokens)} of them reasoning${
          partly(tokens)
        }`,
    },
    {
      icon: "agents",
      name: "Threads",
      value: countOf(threads.length),
      note: counted(turns.length, "turn"),
    },
  ];
}

function failedNote(failed: number) {
  return failed === 0
    ? "none failed"
    : <span class="error-text">{countOf(failed)} failed</span>;
}

function partly({ told, calls }: { told: number; calls: number }): string {
  return told === calls ? "" : `; ${told} of ${calls} requests told`;
}
