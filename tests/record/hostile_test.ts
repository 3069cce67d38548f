/**
 * Hosts with errors of their own: they see nothing of it, each loss is reported once, and readers take
 * the bundle.
 *
 * @module
 */

import { COVERS_ALL_CASES, isInSample } from "../support/cases.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { MemoryStore } from "../../lib/bundle/write/store.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import type { RootTraceOptions } from "../../lib/record/root.ts";
import { ThreadTraceContext } from "../../lib/record/thread.ts";
import type { ToolDispatchInvocation } from "../../lib/record/tool/tool_invocation.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { CALLS, VALUES } from "../support/bundles/host/hostile_host.ts";
import { typesOf } from "../support/bundles/host/recording.ts";
import {
  deterministic,
  ROOT_ID,
  ROOT_METADATA,
} from "../support/bundles/host/scripted_host.ts";
import { BundleFolder } from "./faulty_store.ts";

/** What a host did, as it was reported and as a strict reader sees it. */
interface Outcome {
  readonly errors: readonly string[];
  readonly types: readonly string[];
  readonly trace: RolloutTrace;
}

/** Records a session in which a turn runs, and replays it. */
function play(
  schemaVersion: number,
  run: (thread: ThreadTraceContext) => void,
  options: RootTraceOptions = {},
): Outcome {
  using folder = new BundleFolder();
  const store = new MemoryStore();
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    ...deterministic(),
    schemaVersion,
    onError: (error) => errors.push(error.message),
    ...options,
  });
  thread.recordCodexTurnStarted("turn");
  run(thread);
  thread.recordEnded("completed");
  folder.hold(store);
  return {
    errors,
    types: typesOf(store).slice(1),
    trace: replayBundle(folder.directory),
  };
}

function testEvery(name: string, test: (schema: number) => void): void {
  for (const { version } of SCHEMAS) {
    Deno.test(`${name}, schema ${version}`, () => test(version));
  }
}

const CALL: ToolDispatchInvocation = {
  thread_id: ROOT_ID,
  codex_turn_id: "turn",
  tool_call_id: "call",
  tool_name: "exec_command",
  requester: { type: "model", model_visible_call_id: "call" },
  payload: { type: "function", arguments: "{}" },
};
const BEGIN = {
  type: "exec_command_begin",
  call_id: "call",
  process_id: "1",
  command: ["ls"],
  cwd: "/",
};
const END = { type: "exec_command_end", call_id: "call", exit_code: 0 };

/** Every value where tests cover all cases; else one in four. */
const SOME_VALUES = Object.values(VALUES).filter((_, at) => isInSample(at));

for (const [name, call] of Object.entries(CALLS)) {
  testEvery(
    `hostile values in ${name} leave a bundle that replays`,
    (schema) => {
      play(schema, (thread) => {
        for (const value of SOME_VALUES) {
          call(thread, value() as never);
        }
      });
    },
  );
}

testEvery(
  "any sequence of hostile calls leaves a bundle that replays",
  (schema) => {
    const calls = fc.constantFrom(...Object.values(CALLS));
    const values = fc.constantFrom(...Object.values(VALUES));
    const sequence = fc.array(fc.tuple(calls, values), { maxLength: 12 });
    fc.assert(
      fc.property(sequence, (steps) => {
        play(schema, (thread) => {
          for (const [call, value] of steps) call(thread, value() as never);
        });
      }),
      { numRuns: COVERS_ALL_CASES ? 40 : 8, seed: 20_261_130 },
    );
  },
);

testEvery(
  "what follows a call that the host failed to describe is withheld silently",
  (schema) => {
    const { errors, types } = play(schema, (thread) => {
      thread.startToolDispatch(() => {
        throw new Error("host's own bug");
      });
      thread.recordToolCallEvent("turn", BEGIN);
      thread.recordToolCallEvent("turn", END);
    });
    assertEquals(errors, ["Cannot record: host's own bug"]);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  },
);

testEvery(
  "an event about a call that was never started is left out",
  (schema) => {
    const { errors, types } = play(schema, (thread) => {
      thread.recordToolCallEvent("turn", BEGIN);
    });
    assertEquals(errors, [
      'Cannot record "tool_call_runtime_started": tool call "call" was never started',
    ]);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  },
);

testEvery("a second start of a call is left out, with its end", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    const first = thread.startToolDispatch(() => CALL);
    thread.startToolDispatch(() => CALL).recordFailed("second");
    first.recordCompleted("completed", {
      type: "code_mode_response",
      value: 1,
    });
  });
  assertEquals(errors, [
    'Cannot record "tool_call_started": tool call "call" was started already',
  ]);
  const [call] = trace.tool_calls.values();
  assertEquals(call?.execution.status, "completed");
});

testEvery("a start of a turn that is repeated is no loss", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    thread.recordCodexTurnEvent("turn", { type: "task_started" });
  });
  assertEquals([errors, trace.codex_turns.size], [[], 1]);
});

for (
  const [what, request, reason] of [
    ["whose input is a text", { input: "hello" }, 'it has no list "input"'],
    ["without input", { messages: [] }, 'it has no list "input"'],
    ["that is a text", "hello", 'it has no list "input"'],
    ["with an item without type", { input: [{}] }, "input[0] is not readable"],
    [
      "that nests too deep",
      { input: [], tools: JSON.parse("[".repeat(127) + "]".repeat(127)) },
      "it nests deeper than 127, which no reader takes",
    ],
    ["with an item that is no object", { input: [5] }, "input[0] is not"],
    [
      "with a message without a role",
      { input: [{ type: "message", content: [] }] },
      "input[0] is not readable",
    ],
  ] as const
) {
  testEvery(`a request ${what} is left out, with its response`, (schema) => {
    const { errors, types } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted(request);
      attempt.recordCompleted("resp", null, null, []);
    });
    assertEquals(errors.length, 1);
    assert(errors[0]?.includes(`Cannot record "inference_started": ${reason}`));
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  });
}

for (
  const [what, item] of [
    ["of an unknown type", { type: "unknown", text: "a" }],
    ["with an unknown role", { type: "message", role: "wizard", content: [] }],
    ["that is reasoning without content", { type: "reasoning" }],
    ["with an integer beyond 64 bits", {
      type: "agent_message",
      author: "/root",
      recipient: "/root/a",
      content: [{ type: "input_text", text: "x" }],
      n: 1e20,
    }],
  ] as const
) {
  testEvery(`an item ${what} is recorded wherever it is`, (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted({ input: [item] });
      attempt.recordCompleted("resp", null, null, [item]);
      thread.compaction("turn", "c", "m", "p")
        .recordInstalled({ input_history: [item], replacement_history: [] });
    });
    assertEquals(errors, []);
    const [call] = trace.inference_calls.values();
    const lists = [call?.request_item_ids, call?.response_item_ids];
    assertEquals(lists.map((ids) => ids?.length), [1, 1]);
    assertEquals(trace.compactions.size, 1);
  });
}

testEvery(
  "only the first request of a thread may add to a response that is not recorded",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const item = { type: "message", role: "user", content: [] };
      for (const input of [[], [item], [item]]) {
        const attempt = thread.inference("turn", "m", "p").startAttempt();
        attempt.recordStarted({ input, previous_response_id: "lost" });
      }
    });
    assertEquals(errors, [
      'Cannot record "inference_started": it adds to response "lost", which the log does not have',
    ]);
    assertEquals(trace.inference_calls.size, 2);
  },
);

testEvery("arguments of the model that mean nothing are recorded", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    for (const tool_name of ["write_stdin", "wait"]) {
      thread.startToolDispatch(() => ({
        ...CALL,
        tool_name,
        tool_call_id: tool_name,
        requester: { type: "model", model_visible_call_id: tool_name },
      }));
    }
  });
  const invocations = trace.tool_calls.values()
    .map((call) => call.raw_invocation_payload_id);
  assertEquals(errors, []);
  assert([...invocations].every((id) => id !== null));
});

testEvery("a patch under the call of a command is recorded", (schema) => {
  const { errors, trace } = play(schema, (thread) => {
    const dispatch = thread.startToolDispatch(() => CALL);
    const patch = { call_id: "call", changes: {} };
    thread.recordToolCallEvent("turn", { type: "patch_apply_begin", ...patch });
    thread.recordToolCallEvent("turn", { type: "patch_apply_end", ...patch });
    dispatch.recordFailed("declined");
  });
  const [call] = trace.tool_calls.values();
  assertEquals(errors, []);
  assertEquals(call?.raw_runtime_payload_ids.length, 2);
});

testEvery("what runs in a turn of another session is recorded", (schema) => {
  const { errors, types } = play(schema, (thread) => {
    thread.recordToolCallEvent("review", BEGIN);
    thread.recordToolCallEvent("review", END);
  });
  assertEquals(errors, []);
  assertEquals(types.slice(0, 2), [
    "tool_call_runtime_started",
    "tool_call_runtime_ended",
  ]);
});

testEvery(
  "a call id has one call, also when a request with it was left out",
  (schema) => {
    const call = { type: "function_call", call_id: "c", name: "f" };
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      const first = { ...call, arguments: "{}" };
      attempt.recordStarted({ input: [first, {}] });
      const second = thread.inference("turn", "m", "p").startAttempt();
      second.recordStarted({ input: [first] });
      const other = { ...call, arguments: "[]" };
      second.recordCompleted("resp", null, null, [other]);
    });
    assertEquals(errors.length, 2);
    assertEquals(trace.conversation_items.size, 1);
  },
);

testEvery("nesting that readers take is recorded", (schema) => {
  const tools = JSON.parse("[".repeat(126) + "]".repeat(126));
  const content = JSON.parse("[".repeat(124) + "]".repeat(124));
  const item = { type: "message", role: "user", content };
  const { errors, trace } = play(schema, (thread) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted({ input: [item], tools });
  });
  assertEquals([errors, trace.inference_calls.size], [[], 1]);
});

testEvery("a call id has one call in a thread", (schema) => {
  const call = { type: "function_call", call_id: "c", name: "f" };
  const { errors, trace } = play(schema, (thread) => {
    const attempt = thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted({ input: [{ ...call, arguments: "{}" }] });
    const other = { ...call, arguments: "[]" };
    attempt.recordCompleted("resp", null, null, [other]);
  });
  assertEquals(errors, [
    'Cannot record "inference_completed": function_call c was another call before',
  ]);
  assertEquals(trace.conversation_items.size, 1);
});

for (
  const [what, begin] of [
    ["a process id that is a number", { ...BEGIN, process_id: 5 }],
    ["no command", { ...BEGIN, command: undefined }],
    ["nothing of a command", { type: BEGIN.type, call_id: "call" }],
  ] as const
) {
  testEvery(
    `the begin of a command with ${what} is left out, with its end`,
    (schema) => {
      const { errors, trace } = play(schema, (thread) => {
        thread.startToolDispatch(() => CALL);
        thread.recordToolCallEvent("turn", begin);
        thread.recordToolCallEvent("turn", END);
      });
      assertEquals(errors.length, 1);
      assertEquals(
        [trace.tool_calls.size, trace.terminal_operations.size],
        [1, 0],
      );
    },
  );
}

testEvery(
  "an error that is longer than a line may be is left out",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      attempt.recordStarted({ input: [] });
      attempt.recordFailed("e".repeat(16 * 1024 * 1024), null, []);
    });
    assertEquals(errors, [
      'Cannot record "inference_failed": its line has more than the 16777216 bytes that readers take',
    ]);
    assertEquals(trace.inference_calls.size, 1);
  },
);

testEvery("an event at which the clock has no time is left out", (schema) => {
  for (
    const clock of [
      () => NaN,
      () => Infinity,
      () => 2 ** 60,
      () => {
        throw new Error("no clock");
      },
    ]
  ) {
    let broken = false;
    const now = () => broken ? clock() : 1;
    const { errors, types } = play(schema, (thread) => {
      broken = true;
      thread.recordCodexTurnStarted("lost");
      broken = false;
      thread.inference("lost", "m", "p").startAttempt().recordStarted({});
    }, { now });
    assertEquals(errors.length, 1);
    assertEquals(types, ["thread_ended", "rollout_ended"]);
  }
  let time = 10;
  assertEquals(play(schema, () => {}, { now: () => --time }).errors, []);
});

testEvery(
  "ids of the host that are not new or no texts stay with it",
  (schema) => {
    const { errors, trace } = play(schema, (thread) => {
      for (const response of ["a", "b"]) {
        const attempt = thread.inference("turn", "m", "p").startAttempt();
        attempt.recordStarted({ input: [] });
        attempt.recordCompleted(response, null, null, []);
      }
    }, { newId: () => "same" });
    assertEquals(errors.length, 1);
    const [call] = trace.inference_calls.values();
    assertEquals(call?.response_id, "a");
    const symbols = play(schema, (thread) => {
      const attempt = thread.inference("turn", "m", "p").startAttempt();
      assertEquals(Object.values(attempt.requestHeaders())[0]?.length, 36);
    }, { traceId: "trace", newId: () => Symbol("id") as never });
    assertEquals(symbols.errors, [
      "Cannot make an id: it is not a string: Symbol(id)",
    ]);
  },
);

Deno.test("what the host throws is reported even when it has no text", () => {
  const { errors } = play(1, (thread) => {
    thread.startToolDispatch(() => {
      throw Object.create(null);
    });
  });
  assertEquals(errors, [
    "Cannot record: the host threw a value without a text",
  ]);
});

Deno.test("a callback that rejects does not end the host", async () => {
  play(1, (thread) => thread.recordProtocolEvent(null as never), {
    onError: () => Promise.reject(new Error("the host's")),
  });
  await Promise.resolve();
});

Deno.test("half a line is removed at the end of the recording", () => {
  class TornStore extends MemoryStore {
    tears = false;
    override append(name: string, content: Uint8Array): void {
      super.append(name, this.tears ? content.subarray(0, 9) : content);
      if (this.tears) throw new Error("disk full");
    }
    override truncate(name: string, length: number): void {
      if (this.tears) throw new Error("busy");
      super.truncate(name, length);
    }
    override releaseHandles(): void {
      this.tears = false;
    }
  }
  const store = new TornStore();
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    schemaVersion: 1,
  });
  thread.recordEnded("completed");
  const complete = store.text("trace.jsonl");
  store.tears = true;
  thread.recordProtocolEvent({ type: "warning" });
  assert(store.text("trace.jsonl") !== complete);
  store.tears = false;
  thread.recordEnded("completed");
  assert(store.text("trace.jsonl")?.endsWith("}\n"));
});

Deno.test("a trace id of the host leads neither out of the root nor through a link", () => {
  const root = Deno.makeTempDirSync();
  const outside = Deno.makeTempDirSync();
  const start = (traceId: string) =>
    ThreadTraceContext.startRoot(root, { ...ROOT_METADATA, thread_id: "t" }, {
      traceId,
    });
  Deno.symlinkSync(outside, join(root, "trace-known-t"), { type: "dir" });
  assertThrows(() => start("known"), Deno.errors.AlreadyExists);
  assertEquals([...Deno.readDirSync(outside)], []);
  const thread = start("../../up");
  assertEquals(thread.bundleDirectory, join(root, "trace-..%2F..%2Fup-t"));
  thread.recordEnded("completed");
  Deno.mkdirSync(join(root, "trace-taken-t"));
  assertThrows(() => start("taken"), Deno.errors.AlreadyExists);
  for (const path of [root, outside]) {
    Deno.removeSync(path, { recursive: true });
  }
});

Deno.test("a host can ask that all events are recorded", () => {
  const store = new MemoryStore();
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRoot(store, ROOT_METADATA, {
    events: "all",
    onError: (error) => errors.push(error.message),
  });
  const attempt = thread.inference("turn", "m", "p").startAttempt();
  attempt.recordStarted({ input: [{}] });
  assertEquals([typesOf(store), errors], [["inference_started"], []]);
});
