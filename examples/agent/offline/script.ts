/**
 * What the mock provider answers: a session that uses every part of the agent.
 *
 * @module
 */

import type { Item } from "../responses.ts";
import { newItemId } from "../agent.ts";

/** An answer to a request. */
export type Answer =
  | {
    readonly type: "error";
    readonly status: number;
    readonly message: string;
  }
  | {
    /** With its end, cut before it, or without one until the request is cancelled. */
    readonly type: "complete" | "cut" | "hangs";
    /** The items, made from the input of the request. */
    readonly items: (input: readonly Item[]) => readonly Item[];
  };

/** The prompts of the session. */
export const PROMPTS = [
  "Write a greeting, and try the tools",
  "Let others read it",
  "Never mind",
] as const;
/** Tokens from which on the history is compacted: during the second turn. */
export const COMPACT_AT = 2400;

const PATCH = `*** Begin Patch
*** Add File: greeting.txt
+hello
*** End Patch`;

const CELL = `
text(await tools.exec_command({ cmd: "cat greeting.txt" }));
await new Promise((resolve) => setTimeout(resolve, 300));
text("the cell is done");`;

/** The answers for each agent, and those to requests for a summary. */
export const ANSWERS: Readonly<Record<string, readonly Answer[]>> = {
  "/root": [
    complete(
      () => thought("A process first."),
      () =>
        call("exec_command", {
          cmd: 'read line; echo "got $line"',
          yield_ms: 50,
        }),
    ),
    complete((input) =>
      call("write_stdin", {
        session_id: JSON.parse(lastOutput(input)).session_id,
        chars: "a line\n",
      })
    ),
    { type: "error", status: 503, message: "overloaded" },
    { type: "cut", items: () => [message("I will now wr")] },
    complete(
      () => custom("apply_patch", PATCH),
      () => call("mcp__local__shout", { text: "hello" }),
    ),
    complete(
      () => call("exec_command", { cmd: "echo no >&2; exit 3" }),
      () => call("no_such_tool", {}),
    ),
    complete(() => custom("exec", CELL)),
    complete(() => call("wait", { cell_id: "1" })),
    complete(() => custom("exec", "text('soon'); throw new Error('no more')")),
    complete(() => message("The greeting is written.")),
    // The second turn, after a compaction.
    complete(() =>
      call("spawn_agent", { task_name: "reader", message: "Read the greeting" })
    ),
    complete(() => call("wait_agent", {})),
    complete(() =>
      call("followup_task", { target: "reader", message: "Count its letters" })
    ),
    complete(() => call("wait_agent", {})),
    complete(() =>
      call("spawn_agent", { task_name: "sleeper", message: "Take your time" })
    ),
    complete(() => call("interrupt_agent", { target: "sleeper" })),
    complete(() => message("They have read it.")),
    // The third turn, which the user cancels.
    { type: "hangs", items: () => [message("Then I will")] },
  ],
  "/root/reader": [
    complete(() => call("exec_command", { cmd: "cat greeting.txt" })),
    complete(() => message("It greets.")),
    complete(() => message("It has five letters.")),
  ],
  "/root/sleeper": [
    complete(() => call("exec_command", { cmd: "exec sleep 60" })),
  ],
  summary: [
    { type: "error", status: 500, message: "try again" },
    complete(() => message("A greeting is in greeting.txt.")),
  ],
};

function complete(
  ...items: readonly ((input: readonly Item[]) => Item)[]
): Answer {
  return {
    type: "complete",
    items: (input) => items.map((make) => make(input)),
  };
}

function message(text: string): Item {
  const content = [{ type: "output_text", text }];
  return { type: "message", id: newItemId("msg"), role: "assistant", content };
}

function thought(text: string): Item {
  const summary = [{ type: "summary_text", text }];
  const encrypted_content = btoa(text);
  return { type: "reasoning", id: newItemId("rs"), summary, encrypted_content };
}

function call(name: string, args: object): Item {
  return {
    type: "function_call",
    id: newItemId("fc"),
    call_id: newItemId("call"),
    name,
    arguments: JSON.stringify(args),
  };
}

function custom(name: string, input: string): Item {
  return {
    type: "custom_tool_call",
    id: newItemId("ctc"),
    call_id: newItemId("call"),
    name,
    input,
  };
}

function lastOutput(input: readonly Item[]): string {
  return String(
    input.findLast(({ output }) => output !== undefined)?.["output"],
  );
}
