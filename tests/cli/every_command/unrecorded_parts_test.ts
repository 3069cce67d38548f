/**
 * Sessions of which a single payload was not recorded, and those of a newer schema: what is unknown.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../../lib/format/payload.ts";
import { NEWEST_SCHEMA } from "../../../lib/schema/registry.ts";
import { type Printed, printed } from "../commands/command_golden.ts";
import { inFolderAsync } from "../../support/cli.ts";
import {
  CHILD,
  message,
  RawBundle,
  THREAD,
} from "../../support/bundles/raw_bundle.ts";
import { answerAt, factOf, memberOf, textOf } from "./unrecorded_answers.ts";

/** Asks about a bundle in the making. */
function aboutDraft(
  draft: RawBundle,
  use: (bundle: string) => Promise<void>,
): Promise<void> {
  return inFolderAsync(async (folder) => {
    const bundle = join(folder, "bundle");
    draft.writeTo(bundle);
    await use(bundle);
  });
}

function omitted(
  draft: RawBundle,
  kind: RawPayloadKindName,
  original_bytes: number,
): RawPayloadRef {
  return {
    ...draft.payload(kind, null),
    shard: null,
    capture: { status: "omitted", original_bytes },
  };
}

Deno.test("a thread whose metadata was omitted has an unknown origin", async () => {
  const draft = new RawBundle(3, "rollout");
  draft.event({
    type: "thread_started",
    thread_id: CHILD,
    agent_path: "/root/kid",
    metadata_payload: omitted(draft, "session_metadata", 321),
  }, { thread_id: CHILD, codex_turn_id: null });
  draft.event({
    type: "thread_ended",
    thread_id: CHILD,
    status: "completed",
  }, { thread_id: CHILD, codex_turn_id: null });
  await aboutDraft(draft.end(), async (bundle) => {
    const shown = await textOf(["show", bundle]);
    assertStringIncludes(shown, "/root/kid origin unknown");
    const text = await textOf(["explain", bundle, "thread:2"]);
    const words = text.replaceAll(/ +/g, " ");
    assertStringIncludes(words, "origin unknown");
    assertStringIncludes(
      words,
      "metadata not recorded: 321 bytes over the limit",
    );
    const fact = await factOf(bundle, "thread:2", "origin");
    assertEquals(memberOf(fact, "value"), "unknown");
  });
});

/** A request of which one item was not recorded. */
function requestWithout(draft: RawBundle, id: string, size: number): void {
  const part = omitted(draft, "model_item", size);
  draft.request(id, {}, undefined, {
    request_payload: {
      ...draft.payload("inference_request", [
        `{"input":[${JSON.stringify(message("user", "go"))},`,
        "]}",
      ]),
      parts: [part],
    },
  });
}

Deno.test("an output whose item was not recorded may have been shown", async () => {
  const draft = new RawBundle(3, "rollout");
  draft.request("i", { input: [message("user", "go")] })
    .response("i", [{
      type: "function_call",
      name: "plain",
      arguments: "{}",
      call_id: "k",
    }])
    .tool("t", { model_visible_call_id: "k" })
    .event({
      type: "tool_call_ended",
      tool_call_id: "t",
      status: "completed",
      result_payload: draft.payload("tool_result", {
        type: "direct_response",
        response_item: {
          type: "function_call_output",
          call_id: "k",
          output: "done",
        },
      }),
    });
  requestWithout(draft, "j", 777);
  draft.response("j", [message("assistant", "so")]);
  await aboutDraft(draft.end(), async (bundle) => {
    const text = await textOf(["explain", bundle, "tool:1"]);
    assertStringIncludes(
      text,
      "what the model was shown of it is unknown: a request was not recorded completely",
    );
    assertEquals(
      await answerAt(["explain", bundle, "tool:1"], [
        "comparisons",
        0,
        "verdict",
      ]),
      "unknown",
    );
    const lost = "not recorded: 777 bytes over the limit";
    assertStringIncludes(await textOf(["transcript", bundle]), lost);
    assertStringIncludes(
      await textOf(["context", bundle, "--at", "call:2"]),
      "1 of them not recorded",
    );
  });
});

/** A session that replaces its history. */
function compacted(checkpoint: (draft: RawBundle) => RawPayloadRef) {
  const draft = new RawBundle(3, "rollout");
  draft.request("i", { input: [message("user", "go")] })
    .response("i", [message("assistant", "done")])
    .event({
      type: "compaction_request_started",
      compaction_id: "c",
      compaction_request_id: "compaction_request:1",
      thread_id: THREAD,
      codex_turn_id: "turn",
      model: "model",
      provider_name: "provider",
      request_payload: omitted(draft, "compaction_request", 888),
    })
    .event({
      type: "compaction_request_completed",
      compaction_id: "c",
      compaction_request_id: "compaction_request:1",
      response_payload: draft.payload("compaction_response", {
        output_items: [],
      }),
    })
    .event({
      type: "compaction_installed",
      compaction_id: "c",
      checkpoint_payload: checkpoint(draft),
    });
  return draft.end();
}

Deno.test("a compaction without its checkpoint has two unknown histories", async () => {
  const draft = compacted((draft) =>
    omitted(draft, "compaction_checkpoint", 999)
  );
  await aboutDraft(draft, async (bundle) => {
    const lost = "not recorded: 999 bytes over the limit";
    const asked = [
      ["show", bundle],
      ["timeline", bundle],
      ["transcript", bundle],
      ["explain", bundle, "compaction:1"],
    ];
    for (const args of asked) assertStringIncludes(await textOf(args), lost);
    const fact = await factOf(bundle, "compaction:1", "items_before");
    assertEquals(memberOf(fact, "value"), null);
    assertEquals(await historiesInSql(bundle), [null, null]);
    const request = "request not recorded: 888 bytes over the limit";
    assertStringIncludes(await textOf(["timeline", bundle]), request);
    assertStringIncludes(
      (await textOf(["explain", bundle, "compaction_request:1"])).replaceAll(
        / +/g,
        " ",
      ),
      request,
    );
  });
});

Deno.test("a compaction counts the items that were not recorded", async () => {
  const draft = compacted((draft) => {
    const item = JSON.stringify(message("user", "go"));
    return {
      ...draft.payload("compaction_checkpoint", [
        `{"input_history":[${item},`,
        `],"replacement_history":[`,
        `]}`,
      ]),
      parts: [
        omitted(draft, "model_item", 50),
        omitted(draft, "model_item", 60),
      ],
    };
  });
  await aboutDraft(draft, async (bundle) => {
    assertStringIncludes(await textOf(["show", bundle]), "2 items became 1");
    assertStringIncludes(
      await textOf(["timeline", bundle]),
      "history replaced: 2 → 1 items",
    );
    assertStringIncludes(
      await textOf(["transcript", bundle]),
      "2 items went, 1 added, 2 of them not recorded",
    );
    const fact = await factOf(bundle, "compaction:1", "of_these_not_recorded");
    assertEquals(memberOf(fact, "value"), 2);
    assertEquals(await historiesInSql(bundle), [2, 1]);
  });
});

/** How long the histories of the one compaction of a bundle are, in the tables. */
async function historiesInSql(bundle: string): Promise<unknown[]> {
  const sql = "SELECT items_before, items_after FROM compactions";
  const { stdout } = await printed(["sql", bundle, sql, "--json"]);
  const [row] = JSON.parse(stdout);
  return [row.items_before, row.items_after];
}

const QUESTIONS: readonly (readonly string[])[] = [
  ["show"],
  ["timeline"],
  ["transcript"],
  ["context"],
  ["stats"],
  ["search", "done"],
  ["explain", "call:1"],
  ["payload", "payload:1"],
  ["diff", "call:1", "call:2"],
  ["diff", "call:1", "--prepared"],
  ["list"],
];

Deno.test("every question notes a newer schema once and ends with 3", async () => {
  const { version } = NEWEST_SCHEMA;
  const draft = new RawBundle(NEWEST_SCHEMA, "rollout");
  draft.request("i", { input: [message("user", "go")] })
    .response("i", [message("assistant", "done")])
    .event({ type: "something_new" })
    .request("j", { input: [message("user", "more")] })
    .response("j", [message("assistant", "again")])
    .end();
  draft.changeManifest({ schema_version: version + 1 });
  draft.rewrite((log) =>
    log.replaceAll(
      `"schema_version":${version}`,
      `"schema_version":${version + 1}`,
    )
  );
  await aboutDraft(draft, async (bundle) => {
    for (const [question = "", ...words] of QUESTIONS) {
      const ended: Printed = await printed([question, bundle, ...words]);
      const name = [question, ...words].join(" ");
      assertEquals(ended.code, 3, `${name}: ${ended.stderr}`);
      assert(ended.stdout !== "", name);
      const notes = ended.stderr.matchAll(
        new RegExp(
          `newer than this\\s+program \\(newest known: ${version}\\)`,
          "g",
        ),
      );
      assertEquals([...notes].length, 1, `${name}: ${ended.stderr}`);
    }
  });
});
