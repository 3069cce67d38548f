/**
 * A `state.json` read back: the same graph, the same names, and nothing taken that is none.
 *
 * @module
 */

import { EXIT } from "../../lib/cli/command.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { LimitError } from "../../lib/errors.ts";
import { BundleFormatError } from "../../lib/errors.ts";
import { SharedItemIdList } from "../../lib/graph/item_id_list.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { OBJECT_KINDS } from "../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { openStateFile } from "../../lib/query/session/open_state_file.ts";
import { decodeState } from "../../lib/query/session/state_file.ts";
import { GOOD_CASE, GOOD_STATE, inFolder, recordedIo } from "../support/cli.ts";
import { everyCase } from "../support/cases.ts";
import { rulesOf, stateText } from "../support/state_text.ts";

Deno.test("every state is read and written again, byte for byte", () => {
  let seen = 0;
  for (const { state } of everyCase()) {
    if (state === undefined) continue;
    const text = Deno.readTextFileSync(state);
    assertEquals(stateText(openStateFile(state).trace), text);
    seen++;
  }
  assert(seen > 20);
});

Deno.test("objects have the same names in a bundle and in its state", () => {
  for (const { bundle } of everyCase()) {
    const session = openBundle(bundle);
    inFolder((folder) => {
      const path = `${folder}/state.json`;
      Deno.writeTextFileSync(path, stateText(session.trace));
      const { names, source, log, payloads } = openStateFile(path);
      assertEquals([source, log, payloads], ["state", null, null]);
      for (const kind of OBJECT_KINDS) {
        assertEquals(names.all(kind), session.names.all(kind), bundle);
      }
    });
  }
});

Deno.test("the lists of the requests of a thread share storage", () => {
  let shared = 0;
  for (const { state } of everyCase()) {
    if (state === undefined) continue;
    const { inference_calls: calls } = openStateFile(state).trace;
    const storages = new Map<string, unknown>();
    for (const { request_item_ids: list } of calls.values()) {
      assert(list instanceof SharedItemIdList);
      const first = list.at(0) ?? "";
      if (storages.get(first) === list.storage) shared++;
      storages.set(first, list.storage);
    }
  }
  assert(shared > 10);
});

/** The good state with one text in place of another. */
function changed(from: string | RegExp, to: string): string {
  const text = GOOD_STATE.replace(from, to);
  assert(text !== GOOD_STATE, `nothing to replace: ${from}`);
  return text;
}

Deno.test("integers keep every digit", () => {
  const huge = changed(
    /"started_at_unix_ms": \d+/,
    '"started_at_unix_ms": 9223372036854775807',
  );
  const trace = decodeState(huge, rulesOf);
  assertEquals(trace.started_at_unix_ms, 9223372036854775807n);
  assertEquals(stateText(trace), huge);
});

Deno.test("what is no state is refused with the path to what is wrong", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["", undefined],
    ["{", undefined],
    ["[]", undefined],
    ["{}", "schema_version"],
    ['{"a":"\\ud800"}', undefined],
    [`${"[".repeat(200_000)}`, undefined],
    [changed('"schema_version": 1', '"schema_version": 99'), "schema_version"],
    [changed(/"status": "\w+"/, '"status": "constructor"'), "status"],
    [changed('"trace_id"', '"__proto__"'), "trace_id"],
    [
      changed(/"started_at_unix_ms": \d+/, '"started_at_unix_ms": 1.5'),
      "started_at_unix_ms",
    ],
    [
      changed(/"started_at_unix_ms": \d+/, '"started_at_unix_ms": 1e400'),
      "started_at_unix_ms",
    ],
    [
      changed(/"started_at_unix_ms": \d+/, '"started_at_unix_ms": "1"'),
      "started_at_unix_ms",
    ],
    [
      changed('"conversation_item:1": {', '"conversation_item:99": {'),
      "conversation_items.conversation_item:99",
    ],
    [
      changed('"parts": [', '"parts": [7,'),
      "conversation_items.conversation_item:1.body.parts.0",
    ],
    [changed('"type": "root"', '"type": "toString"'), undefined],
  ];
  inFolder((folder) => {
    const path = `${folder}/state.json`;
    for (const [text, expected] of cases) {
      Deno.writeTextFileSync(path, text);
      const error = assertThrows(
        () => openStateFile(path),
        BundleFormatError,
        "",
        text.slice(0, 100),
      );
      assertEquals(error.file, "state.json");
      if (expected !== undefined) {
        assertEquals(error.path, expected, text.slice(0, 80));
      }
    }
    Deno.writeFileSync(path, new Uint8Array([0x7b, 0xff, 0x7d]));
    assertThrows(() => openStateFile(path), BundleFormatError, "UTF-8");
    Deno.writeTextFileSync(path, GOOD_STATE);
    assertThrows(
      () => openStateFile(path, { limits: { payload: 100 } }),
      LimitError,
    );
    assertThrows(
      () => openStateFile(folder),
      BundleFormatError,
      "no regular file",
    );
  });
});

Deno.test("a question takes a state in place of a bundle", async () => {
  const state = `${GOOD_CASE}/expected.state.json`;
  const io = recordedIo();
  const code = await runProgram(["search", state, "e", "--json"], io);
  assertEquals([code, io.stderr], [0, ""]);
  const document = JSON.parse(io.stdout);
  assertEquals([document.source, document.bundle], ["state", state]);
  assertEquals(
    document.answer.scopes,
    ["items", "arguments", "outputs", "sources"],
  );
  const damaged = await Deno.makeTempFile();
  try {
    Deno.writeTextFileSync(damaged, "{\u001b[2J");
    const result = recordedIo();
    assertEquals(
      await runProgram(["search", damaged, "e"], result),
      EXIT.failed,
    );
    assertEquals(result.stdout, "");
    assert(
      /^error: cannot read "[^"]+" as a state\.json: is not JSON/.test(
        result.stderr,
      ),
      result.stderr,
    );
  } finally {
    Deno.removeSync(damaged);
  }
});
