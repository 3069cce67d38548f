/**
 * The tool calls that a response requests, and the events around them.
 *
 * @module
 */

import { planAgentCalls } from "./agents.ts";
import { planCell } from "./cells.ts";
import { customCall, functionCall, image } from "./items.ts";
import { type BenchSession, CWD } from "./session.ts";
import { isEvery } from "./shape.ts";
import {
  recordAnswer,
  recordCommand,
  recordToolStart,
  type ToolCallPlan,
} from "./tool_records.ts";
import type { BenchThread, BenchTurn } from "./thread.ts";

/** Plans the calls of a response that does not end its turn. */
export function planTools(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan[] {
  const plans = planAgentCalls(session, thread, turn);
  for (let i = 0; i < session.shape.tools; i++) {
    plans.push(planTool(session, thread, turn));
  }
  return plans;
}

function planTool(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan {
  const { shape } = session;
  const count = ++session.toolCalls;
  if (isEvery(shape.code, count)) return planPatch(session, thread, turn);
  if (isEvery(shape.cells, count)) return planCell(session, thread, turn);
  if (isEvery(shape.outputImages, count)) {
    return planView(session, thread, turn);
  }
  return planCommand(session, thread, turn);
}

function planCommand(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan {
  const { noise } = session;
  const id = noise.providerId("call");
  const cmd = `rg -n '${noise.text(40, false)}' src && ` +
    `sed -n '1,80p' src/${noise.prng.hex(6)}.rs`;
  const args = JSON.stringify({
    cmd,
    workdir: CWD,
    yield_time_ms: 1000,
    max_output_tokens: 6000,
  });
  const item = functionCall(noise, "exec_command", id, args);
  return {
    item,
    start: () =>
      recordToolStart(session, turn, {
        id,
        name: "exec_command",
        kind: { type: "exec_command" },
        given: { type: "function", arguments: args },
      }),
    run: () => {
      const output = noise.text(session.shape.outBytes);
      recordCommand(session, turn, id, cmd, output);
      recordAnswer(session, thread, turn, item, seenByModel(session, output));
    },
  };
}

/** What a command printed, as the model is shown it. */
function seenByModel(session: BenchSession, output: string): string {
  return `Chunk ID: ${session.noise.prng.hex(6)}\nWall time: 0.0000 seconds\n` +
    `Process exited with code 0\nOriginal token count: 3\nOutput:\n${output}`;
}

function planPatch(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan {
  const { noise } = session;
  const id = noise.providerId("call");
  const input = `*** Begin Patch\n${noise.text(400)}\n*** End Patch`;
  const item = customCall(noise, "apply_patch", id, input);
  return {
    item,
    start: () =>
      recordToolStart(session, turn, {
        id,
        name: "apply_patch",
        kind: { type: "apply_patch" },
        given: { type: "custom", input },
      }),
    run: () => recordAnswer(session, thread, turn, item, noise.text(120)),
  };
}

function planView(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan {
  const { noise } = session;
  const id = noise.providerId("call");
  const args = JSON.stringify({ path: `${noise.prng.hex(6)}.png` });
  const item = functionCall(noise, "view_image", id, args);
  return {
    item,
    start: () =>
      recordToolStart(session, turn, {
        id,
        name: "view_image",
        kind: { type: "other", name: "view_image" },
        given: { type: "function", arguments: args },
      }),
    run: () => recordAnswer(session, thread, turn, item, [image(noise)]),
  };
}
