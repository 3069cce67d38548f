/**
 * Requests as the API takes them: held to the raw payloads; and the options of `export`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { requestBody } from "../../../lib/export/documents/request_body.ts";
import { openTranscript } from "../../../lib/query/transcript/transcript.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import { eventsOf, rawEvents, RawPayloads } from "../../support/log_oracle.ts";
import { printed } from "../../cli/commands/command_golden.ts";
import { BUNDLES } from "./sessions.ts";

Deno.test("a request has its complete input, also one that continues a response", () => {
  let complete = 0;
  let continued = 0;
  let refused = 0;
  for (const { name, bundle, session } of BUNDLES) {
    const payloads = new RawPayloads(bundle);
    const started = new Map(
      eventsOf(rawEvents(bundle), "inference_started").map(({ payload }) =>
        [payload["inference_call_id"], payload] as const
      ),
    );
    for (const call of session.trace.inference_calls.values()) {
      const body = requestBody(session, call);
      if (body.json === null) {
        refused++;
        assert(body.reason.length > 5, name);
        continue;
      }
      const made = JSON.parse(body.json);
      const opened = openTranscript(session, { call: call.inference_call_id });
      const listed = [...opened?.entries() ?? []].filter(({ type }) =>
        type === "item" || type === "other_element"
      );
      assertEquals(
        made.input.length,
        listed.length,
        `${name} ${call.inference_call_id}`,
      );
      const start = started.get(call.inference_call_id);
      assert(start, name);
      const raw = payloads.value(start["request_payload"]);
      const { input, previous_response_id: before, type: _type, ...members } =
        raw;
      const { input: own, ...rest } = made;
      assertEquals(rest, members, name);
      if (typeof before === "string") {
        continued++;
        assertEquals(own.slice(own.length - input.length), input, name);
        assert(own.length > input.length, name);
      } else complete++;
    }
  }
  assert(
    complete > 50 && continued > 0 && refused > 0,
    `${[complete, continued, refused]}`,
  );
});

Deno.test("export takes --content and --at where a format has a place for them", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    putBundle(folder, "b");
    const bundle = join(folder, "a");
    const file = join(folder, "out.json");
    const run = (...args: string[]) => printed(["export", "-o", file, ...args]);
    for (
      const [args, code, message] of [
        [[bundle, "--format", "chrome", "--content"], 2, "chrome has no place"],
        [[bundle, "--format", "atif", "--at", "call:1"], 2, "--at is for"],
        [[bundle, "--format", "atif", "--openinference"], 2, "is for --format"],
        [[bundle, "--format", "messages", "--content"], 2, "needs --at"],
        [[bundle, "--format", "messages", "--at", "call:1"], 2, "--content"],
        [
          [folder, "--format", "messages", "--content", "--at", "call:1"],
          2,
          "one bundle",
        ],
        [
          [bundle, "--format", "messages", "--content", "--at", "call:99"],
          1,
          'called "call:99"',
        ],
      ] as const
    ) {
      const ended = await run(...args);
      assertEquals(ended.code, code, message);
      assertStringIncludes(ended.stderr, message);
    }
    const one = await run(
      bundle,
      "--format",
      "messages",
      "--content",
      "--at",
      "call:1",
    );
    assertEquals([one.code, one.stdout], [0, `${file}\n`], one.stderr);
    assert(Array.isArray(JSON.parse(Deno.readTextFileSync(file)).input));
    const all = await run(folder, "--format", "atif");
    assertEquals(all.code, 0);
    assertEquals(Deno.readTextFileSync(file).trimEnd().split("\n").length, 2);
  });
});
