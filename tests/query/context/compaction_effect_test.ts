/**
 * What a compaction did to the prompt, and texts that one prompt has more than once.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { compactionEffect } from "../../../lib/query/context/compaction_effect.ts";
import { getContext } from "../../../lib/query/context/context.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import {
  message,
  RawBundle,
  THREAD,
  TURN,
} from "../../support/bundles/raw_bundle.ts";
import { inFolder } from "../../support/cli.ts";

const RULES = message("developer", "r".repeat(1000));
const SUMMARY = { type: "compaction", encrypted_content: "S".repeat(2000) };
const BEFORE = [RULES, message("user", "one"), message("user", "two")];
const AFTER = [RULES, message("user", "two"), SUMMARY];

/** A compaction whose new history is sent with the rules once more. */
function compacted(checkpoint: object = {
  input_history: BEFORE,
  replacement_history: AFTER,
}): RawBundle {
  const bundle = new RawBundle(2).request("a", { input: BEFORE });
  answered(bundle, "a", 100);
  bundle.event({
    type: "compaction_installed",
    compaction_id: "c",
    thread_id: THREAD,
    codex_turn_id: TURN,
    checkpoint_payload: bundle.payload("compaction_checkpoint", checkpoint),
  }).request("b", { input: [...AFTER, RULES] });
  answered(bundle, "b", 300);
  return bundle;
}

function answered(bundle: RawBundle, id: string, input_tokens: number): void {
  bundle.event({
    type: "inference_completed",
    inference_call_id: id,
    response_id: `response-${id}`,
    response_payload: bundle.payload("inference_response", {
      token_usage: {
        input_tokens,
        cached_input_tokens: 0,
        output_tokens: 1,
        reasoning_output_tokens: 0,
        total_tokens: input_tokens + 1,
      },
      output_items: [],
    }),
  });
}

function ask(
  bundle: RawBundle,
  question: (session: TraceSession) => void,
): void {
  inFolder((folder) => question(openBundle(bundle.writeTo(join(folder, "b")))));
}

/** Bytes of a request as sent. */
function bytesOf(value: object): number {
  return JSON.stringify(value).length;
}

Deno.test("a compaction has the prompts around it, and what it kept, dropped and added", () => {
  ask(compacted(), (session) => {
    const [compaction] = session.trace.compactions.values();
    const effect = compaction && compactionEffect(session, compaction);
    assertEquals(effect?.prompt_before, {
      call: session.names.ref("inference_call", "a"),
      bytes: bytesOf({ input: BEFORE }),
      input_tokens: 100,
      repeated_bytes: 0,
    });
    assertEquals(
      effect?.prompt_after?.bytes,
      bytesOf({ input: [...AFTER, RULES] }),
    );
    assertEquals(effect?.prompt_after?.input_tokens, 300);
    assertEquals(effect?.prompt_after?.repeated_bytes, bytesOf(RULES));
    const pairs = effect?.kept.map((
      { before, after },
    ) => [before.handle, after.handle]);
    assertEquals(pairs?.map(([before]) => before), ["item:1", "item:3"]);
    assertEquals(effect?.dropped.map(({ handle }) => handle), ["item:2"]);
    assertEquals(
      effect?.added.map(({ bytes, is_encrypted: is }) => [bytes, is]),
      [[bytesOf(SUMMARY), true]],
    );
    assertEquals(effect?.histories_complete, true);
  });
});

Deno.test("a compaction without a prompt after it, or without usage, has no such size", () => {
  const bundle = new RawBundle(2).request("a", { input: BEFORE })
    .response("a", []);
  bundle.event({
    type: "compaction_installed",
    compaction_id: "c",
    thread_id: THREAD,
    codex_turn_id: TURN,
    checkpoint_payload: bundle.payload("compaction_checkpoint", {
      input_history: BEFORE,
      replacement_history: AFTER,
    }),
  });
  ask(bundle, (session) => {
    const [compaction] = session.trace.compactions.values();
    const effect = compaction && compactionEffect(session, compaction);
    assertEquals(effect?.prompt_after, null);
    assertEquals(effect?.prompt_before?.input_tokens, null);
  });
});

Deno.test("context names texts that a prompt has more than once, whatever their ids", () => {
  const output = (call_id: string) => ({
    type: "function_call_output",
    call_id,
    output: "o".repeat(100),
  });
  const call = (call_id: string) => ({
    type: "function_call",
    name: "f",
    arguments: call_id,
    call_id,
  });
  const input = [
    { ...RULES, id: "m1" },
    call("a"),
    output("a"),
    call("b"),
    output("b"),
    { ...RULES, id: "m2" },
    message("user", "once"),
  ];
  ask(new RawBundle(2).request("x", { input }), (session) => {
    const repeated = getContext(session, "x")?.repeated_texts ?? [];
    assertEquals(
      repeated.map(({ source, indexes, repeated_bytes: bytes }) => [
        source,
        indexes,
        bytes,
      ]),
      [
        ["instructions", [0, 5], bytesOf({ ...RULES, id: "m2" })],
        ["tool_output", [2, 4], bytesOf(output("b"))],
      ],
    );
  });
});

Deno.test("show, explain and context print the sizes, and what is sent twice", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const place = compacted().writeTo(join(folder, "b"));
    const show = await printed(["show", place]);
    assertStringIncludes(show.stdout, "100 → 300 tokens: larger");
    assertStringIncludes(show.stdout, "2 kept, 1 dropped, 1 new");
    const explain = await printed(["explain", place, "compaction:1"]);
    assertStringIncludes(explain.stdout, "2.0 KiB of ciphertext");
    const context = await printed(["context", place, "--at", "call:2"]);
    assertStringIncludes(context.stdout, "1 text is in it more than once");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
