import { assert, assertEquals, assertExists } from "@std/assert";
import type { Diagnostic } from "../../lib/errors.ts";
import type { ConversationItem } from "../../lib/graph/conversation.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { replayBundle } from "../../lib/replay.ts";

// Bundles that Codex wrote and its own reducer stops on; see lib/reduce/README.md.

function reduce(name: string): RolloutTrace {
  return replayBundle(`testdata/bundles/${name}`);
}

function itemsOf(trace: RolloutTrace, callId: string): ConversationItem[] {
  return [...trace.conversation_items.values()]
    .filter((item) => item.call_id === callId);
}

/** In how many requests an item is. */
function sightings(trace: RolloutTrace, item: ConversationItem): number {
  return [...trace.inference_calls.values()]
    .filter((call) => call.request_item_ids.toJSON().includes(item.item_id))
    .length;
}

function parts(trace: RolloutTrace): string[] {
  return [...trace.conversation_items.values()].flatMap((item) =>
    item.body.parts.map((part) => "label" in part ? part.label : part.type)
  );
}

for (
  const [name, callId] of [
    ["0.128.0-mcp_image", "call_000001"],
    ["0.164.0-view_image", "call_000001"],
  ] as const
) {
  Deno.test(`replayBundle() takes a picture sent again for the same item (${name})`, () => {
    const trace = reduce(name);
    const outputs = itemsOf(trace, callId).filter((item) =>
      item.role === "tool"
    );
    assertEquals(outputs.length, 1);
    const [output] = outputs;
    assertExists(output);
    assert(output.body.parts.some((part) => part.type === "payload_ref"));
    assert(sightings(trace, output) > 1);
  });
}

Deno.test("replayBundle() knows an item that the API sends back without its id", () => {
  const trace = reduce("0.145.0-mcp_search");
  const items = itemsOf(trace, "call_search");
  assertEquals(items.map((item) => item.kind), [
    "function_call",
    "function_call_output",
  ]);
  assertEquals(items.map((item) => sightings(trace, item)), [2, 2]);
});

Deno.test("replayBundle() keeps each notification of a cell as an item", () => {
  const trace = reduce("0.128.0-code_mode_notify");
  const cell = trace.code_cells.get("code_cell:call_n2");
  assertExists(cell);
  const words = cell.output_item_ids.slice(1).map((id) =>
    trace.conversation_items.get(id)?.body.parts
  );
  assertEquals(
    words,
    ["one", "two", "three"].map((text) => [{ type: "text", text }]),
  );
});

Deno.test("replayBundle() makes no terminal operation of a patch inside a command", () => {
  const trace = reduce("0.128.0-patch_in_shell");
  const calls = [...trace.tool_calls.values()].filter((call) =>
    call.kind.type === "exec_command"
  );
  const patched = calls.filter((call) => call.terminal_operation_id === null);
  assert(patched.length > 0);
  for (const call of patched) assert(call.raw_runtime_payload_ids.length > 0);
});

for (
  const name of [
    "0.164.0-bad_stdin_json",
    "0.164.0-code_mode_bad_wait",
    "0.164.0-mcp_named_wait",
  ]
) {
  Deno.test(`replayBundle() links nothing to arguments that make no sense (${name})`, () => {
    const trace = reduce(name);
    assertEquals(trace.status, "completed");
    for (const cell of trace.code_cells.values()) {
      assertEquals(cell.wait_tool_call_ids, []);
    }
    for (const operation of trace.terminal_operations.values()) {
      assertEquals(operation.kind, "exec_command");
    }
  });
}

for (const name of ["0.164.0-review", "0.169.0-review"]) {
  Deno.test(`replayBundle() keeps what a review ran as evidence only (${name})`, () => {
    const trace = reduce(name);
    assertEquals(trace.tool_calls.has("call_000075"), false);
    const kinds = [...trace.raw_payloads.values()].map((ref) => ref.kind.type);
    assert(kinds.includes("tool_runtime_event"));
  });
}

Deno.test("replayBundle() keeps unknown items and speakers as payload references", () => {
  assert(
    parts(reduce("0.169.0-unknown_item")).some((label) =>
      !["text", "json", "encrypted_content"].includes(label)
    ),
  );
  assert(parts(reduce("0.164.0-odd_role")).includes("message from critic"));
});

Deno.test("replayBundle() accepts reasoning without any text", () => {
  const trace = reduce("0.169.0-reasoning_empty");
  const empty = [...trace.conversation_items.values()]
    .filter((item) =>
      item.kind === "reasoning" && item.body.parts.length === 0
    );
  assertEquals(empty.length, 1);
});

Deno.test("replayBundle() reduces none of these with a loss", () => {
  for (const { name } of Deno.readDirSync("testdata/bundles")) {
    const diagnostics: Diagnostic[] = [];
    const onDiagnostic = (diagnostic: Diagnostic) =>
      void diagnostics.push(diagnostic);
    replayBundle(`testdata/bundles/${name}`, { tolerant: true, onDiagnostic });
    assertEquals(
      diagnostics.filter(({ severity }) => severity === "loss"),
      [],
      name,
    );
  }
});
