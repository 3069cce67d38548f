/**
 * Times the calls of the recorder with payloads of 50 KB, written at once and in the background.
 *
 *     deno task bench:record
 *
 * @module
 */

import type { RootTraceOptions } from "../../../lib/record/root.ts";
import { ThreadTraceContext } from "../../../lib/record/thread.ts";

const ROUNDS = 500;
const PAYLOAD = 50_000;
/** Units of the items that a request repeats from the one before it. */
const ITEM = 1000;
const KEPT_ITEMS = 12;
/** Bytes that a host lets wait. */
const MAX_BEHIND = 8_000_000;

/** Text that compresses about as well as a session. */
function textOf(length: number): string {
  let text = "";
  while (text.length < length) {
    text += `${Math.trunc(Math.random() * 4000).toString(36)} word `;
  }
  return text.slice(0, length);
}

function message(id: string, length: number): object {
  const content = [{ type: "input_text", text: textOf(length) }];
  return { type: "message", role: "user", id, content };
}

async function timesOf(writes: RootTraceOptions["writes"]): Promise<number[]> {
  const root = Deno.makeTempDirSync({ prefix: "bench-record-" });
  const thread = ThreadTraceContext.startRoot(root, {
    thread_id: "thread",
    agent_path: "/root",
  }, {
    ...writes === undefined ? {} : { writes },
    onError: (error) => {
      throw error;
    },
  });
  thread.recordCodexTurnStarted("turn");
  const times: number[] = [];
  const time = <T>(call: () => T): T => {
    const start = performance.now();
    const result = call();
    times.push(performance.now() - start);
    return result;
  };
  let history: object[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    history = [...history, message(`msg_${i}`, ITEM)].slice(-KEPT_ITEMS);
    const first = message(`long_${i}`, PAYLOAD - KEPT_ITEMS * ITEM);
    const call_id = `call_${i}`;
    const args = JSON.stringify({ cmd: textOf(PAYLOAD) });
    const call = {
      type: "function_call",
      name: "shell",
      call_id,
      arguments: args,
    };
    const output = {
      type: "function_call_output",
      id: `fco_${i}`,
      call_id,
      output: textOf(PAYLOAD),
    };
    const attempt = thread.inference("turn", "model", "bench").startAttempt();
    time(() => attempt.recordStarted({ input: [first, ...history] }));
    time(() => attempt.recordCompleted(null, null, null, [call]));
    const tool = time(() =>
      thread.startToolDispatch(() => ({
        thread_id: "thread",
        codex_turn_id: "turn",
        tool_call_id: call_id,
        tool_name: "shell",
        requester: { type: "model", model_visible_call_id: call_id },
        payload: { type: "function", arguments: args },
      }))
    );
    time(() =>
      tool.recordCompleted("completed", {
        type: "direct_response",
        response_item: output,
      })
    );
    time(() => thread.recordHistoryItemAccepted("turn", output.id, output));
    // A host waits for its model here.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (thread.queuedBytes > MAX_BEHIND) await thread.flush();
  }
  thread.recordEnded("completed");
  await thread.flush();
  Deno.removeSync(root, { recursive: true });
  return times.sort((a, b) => a - b);
}

if (import.meta.main) {
  for (const writes of ["immediate", "background"] as const) {
    const times = await timesOf(writes);
    const at = (part: number) =>
      (times[Math.ceil(part * times.length) - 1] ?? NaN).toFixed(2).padStart(6);
    console.log(
      `${writes.padEnd(10)} ${times.length} calls: p50 ${at(0.5)} ms, p95 ${
        at(0.95)
      } ms, p99 ${at(0.99)} ms, max ${at(1)} ms`,
    );
  }
}
