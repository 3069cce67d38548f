/**
 * Tools `exec` and `wait`: JavaScript of the model, which calls the other tools by itself.
 *
 * A cell runs in a worker with the permissions of this program, which is no more than the shell
 * tool has. A host that restricts its shell must restrict its cells too.
 *
 * @module
 */

import type { CodeCellResponse } from "rollout-trace/record";
import { type Agent, sleep, type ToolCall } from "../agent.ts";
import type { FromWorker } from "./code_worker.ts";
import {
  customTool,
  functionTool,
  type Tool,
  type ToolOutput,
} from "./tools.ts";

/** Milliseconds after which a call returns although its cell still runs. */
const YIELD_MS = 100;

/** A cell that runs. */
interface Cell {
  readonly agent: Agent;
  /** The turn that started it. */
  readonly turn: string;
  readonly worker: Worker;
  /** Resolves at its end, with the error that ended it. */
  readonly ended: Promise<string | null>;
  /** Text that no call has returned yet. */
  unread: string;
}

/** The code cells of a session. */
export class CodeCells {
  readonly #cells = new Map<string, Cell>();
  #count = 0;
  /** The tools that start cells and wait for them. */
  readonly tools: readonly Tool[] = [
    customTool(
      "exec",
      "Run JavaScript. text(value) prints, await tools.NAME({…}) calls a tool.",
      (agent, call) => this.#exec(agent, call),
    ),
    functionTool(
      "wait",
      "Wait for a code cell that still runs.",
      { cell_id: "string" },
      (agent, { cell_id }, call) => this.#wait(agent, String(cell_id), call),
    ),
  ];

  /** Terminates every cell. */
  close(): void {
    for (const id of this.#cells.keys()) this.#terminate(id);
  }

  async #exec(agent: Agent, call: ToolCall): Promise<ToolOutput> {
    const id = String(++this.#count);
    const { trace, turn } = agent;
    const record = trace.startCodeCell(turn, id, call.callId, call.input);
    const cell = this.#start(id, agent, call);
    const timer = new AbortController();
    const yielded = sleep(YIELD_MS, timer.signal).then(() =>
      "yielded" as const
    );
    const result = await Promise.race([cell.ended, yielded]);
    timer.abort();
    call.signal.throwIfAborted();
    const content_items = takeText(cell);
    if (result === "yielded") {
      record.recordInitialResponse({ Yielded: { cell_id: id, content_items } });
      return { value: `cell ${id} still runs\n${printed(content_items)}` };
    }
    const response = resultOf(id, content_items, result);
    record.recordInitialResponse(response);
    record.recordEnded(response);
    this.#cells.delete(id);
    return outputOf(content_items, result);
  }

  async #wait(agent: Agent, id: string, call: ToolCall): Promise<ToolOutput> {
    const cell = this.#cells.get(id);
    if (cell === undefined) throw new Error(`no cell ${id}`);
    const error = await cell.ended;
    call.signal.throwIfAborted();
    agent.trace.recordCodeCellWaitTarget(agent.turn, call.callId, id);
    const content_items = takeText(cell);
    agent.trace.codeCell(cell.turn, id)
      .recordEnded(resultOf(id, content_items, error));
    this.#cells.delete(id);
    return outputOf(content_items, error);
  }

  #terminate(id: string): void {
    const cell = this.#cells.get(id);
    if (cell === undefined) return;
    this.#cells.delete(id);
    cell.worker.terminate();
    const content_items = takeText(cell);
    cell.agent.trace.codeCell(cell.turn, id)
      .recordEnded({ Terminated: { cell_id: id, content_items } });
  }

  #start(id: string, agent: Agent, { input, signal }: ToolCall): Cell {
    const url = new URL("./code_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    const ended = Promise.withResolvers<string | null>();
    const cell: Cell = {
      agent,
      turn: agent.turn,
      worker,
      ended: ended.promise,
      unread: "",
    };
    worker.onmessage = async ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "text") cell.unread += `${data.text}\n`;
      else if (data.type === "end") {
        worker.terminate();
        ended.resolve(data.error);
      } else {
        const { name, args } = data;
        const requester = {
          type: "code_cell",
          runtime_cell_id: id,
          runtime_tool_call_id: `tool-${data.id}`,
        } as const;
        const answer = await agent.runTool({
          callId: `exec-${crypto.randomUUID()}`,
          name,
          input: JSON.stringify(args),
          isCustom: false,
          requester,
          signal,
        }, (value) => ({ type: "code_mode_response", value })).then(
          (value) => ({ id: data.id, value, error: null }),
          (error: Error) => ({
            id: data.id,
            value: null,
            error: error.message,
          }),
        );
        worker.postMessage(answer);
      }
    };
    signal.addEventListener("abort", () => {
      this.#terminate(id);
      ended.resolve("terminated");
    });
    this.#cells.set(id, cell);
    worker.postMessage(input);
    return cell;
  }
}

interface Text {
  readonly type: "input_text";
  readonly text: string;
}

function takeText(cell: Cell): readonly Text[] {
  const text = cell.unread;
  cell.unread = "";
  return text === "" ? [] : [{ type: "input_text", text }];
}

function printed(items: readonly Text[]): string {
  return items.map(({ text }) => text).join("");
}

function resultOf(
  cell_id: string,
  content_items: readonly Text[],
  error_text: string | null,
): CodeCellResponse {
  return { Result: { cell_id, content_items, error_text } };
}

function outputOf(items: readonly Text[], error: string | null): ToolOutput {
  const isFailure = error !== null;
  return { value: printed(items) + (error ?? ""), isFailure };
}
