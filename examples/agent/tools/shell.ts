/**
 * Tools `exec_command` and `write_stdin`: commands, and processes that outlive their call.
 *
 * @module
 */

import { type Agent, sleep, type ToolCall } from "../agent.ts";
import { functionTool, type Tool, type ToolOutput } from "./tools.ts";

/** Milliseconds after which a call returns although its process still runs. */
const DEFAULT_YIELD_MS = 10_000;

interface Process {
  /** The call that started it. */
  readonly callId: string;
  readonly stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly kill: () => void;
  /** Its exit code, once it ended and that is recorded. */
  readonly ended: Promise<number>;
  exitCode: number | undefined;
  /** Output that no call has returned yet. */
  unread: string;
}

/** The processes of a session. */
export class Shell {
  readonly #processes = new Map<number, Process>();
  /** The tools that start processes and write to them. */
  readonly tools: readonly Tool[] = [
    functionTool(
      "exec_command",
      "Run a shell command. One that still runs after yield_ms has a session_id.",
      { cmd: "string", yield_ms: "number" },
      (agent, { cmd, yield_ms }, call) => {
        const id = this.#start(agent, call, String(cmd));
        return this.#read(id, yield_ms, call.signal);
      },
    ),
    functionTool(
      "write_stdin",
      "Write to a process that still runs, and read its output.",
      { session_id: "number", chars: "string", yield_ms: "number" },
      async (agent, { session_id, chars, yield_ms }, call) => {
        const process = this.#processes.get(Number(session_id));
        if (process === undefined) throw new Error(`no session ${session_id}`);
        agent.trace.recordStdinTarget(agent.turn, call.callId, process.callId);
        await process.stdin.write(new TextEncoder().encode(String(chars)));
        return this.#read(Number(session_id), yield_ms, call.signal);
      },
    ),
  ];

  /** Ends every process. */
  async close(): Promise<void> {
    for (const process of this.#processes.values()) {
      process.kill();
      await process.ended;
    }
  }

  #start(agent: Agent, { callId, signal }: ToolCall, cmd: string): number {
    const { session: { cwd }, turn } = agent;
    const child = new Deno.Command("sh", {
      args: ["-c", `exec 2>&1; ${cmd}`],
      cwd,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const started = Date.now();
    const about = {
      call_id: callId,
      process_id: String(child.pid),
      turn_id: turn,
      command: ["sh", "-c", cmd],
      cwd,
      parsed_cmd: [{ type: "unknown", cmd }],
      source: "unified_exec_startup",
    };
    agent.trace.recordToolCallEvent(turn, {
      type: "exec_command_begin",
      ...about,
      started_at_ms: started,
    });
    let output = "";
    const collect = async () => {
      for await (
        const text of child.stdout.pipeThrough(new TextDecoderStream())
      ) {
        output += text;
        process.unread += text;
      }
      const { code } = await child.status;
      const ms = Date.now() - started;
      process.exitCode = code;
      agent.trace.recordToolCallEvent(turn, {
        type: "exec_command_end",
        ...about,
        completed_at_ms: started + ms,
        aggregated_output: output,
        exit_code: code,
        duration: { secs: Math.trunc(ms / 1000), nanos: (ms % 1000) * 1e6 },
        status: code === 0 ? "completed" : "failed",
      });
      await process.stdin.close().catch(() => {});
      return code;
    };
    const kill = () => child.kill("SIGKILL");
    const process: Process = {
      callId,
      stdin: child.stdin.getWriter(),
      kill: () => process.exitCode === undefined && kill(),
      ended: Promise.resolve().then(collect),
      exitCode: undefined,
      unread: "",
    };
    signal.addEventListener("abort", process.kill);
    this.#processes.set(child.pid, process);
    return child.pid;
  }

  async #read(
    id: number,
    yieldMs: unknown,
    signal: AbortSignal,
  ): Promise<ToolOutput> {
    const process = this.#processes.get(id);
    if (process === undefined) throw new Error(`no session ${id}`);
    const ms = typeof yieldMs === "number" ? yieldMs : DEFAULT_YIELD_MS;
    const timer = new AbortController();
    await Promise.race([process.ended, sleep(ms, timer.signal)]);
    timer.abort();
    signal.throwIfAborted();
    const output = process.unread;
    process.unread = "";
    const { exitCode } = process;
    if (exitCode === undefined) return { value: { output, session_id: id } };
    this.#processes.delete(id);
    return {
      value: { output, exit_code: exitCode },
      isFailure: exitCode !== 0,
    };
  }
}
