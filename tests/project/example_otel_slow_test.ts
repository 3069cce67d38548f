/**
 * The agent of `examples/otel/`: spans of OpenTelemetry and the recording name each other.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openBundle } from "../../lib/query/mod.ts";
import { run } from "../support/processes.ts";
import { PROJECT } from "../support/paths.ts";

const EXAMPLE = join(PROJECT, "examples/otel/example.ts");
/** A span as the example prints it: trace, span, name, attributes. */
const SPAN = /^([0-9a-f]{32}) ([0-9a-f]{16}) (\w+) (\{.*\})$/gm;

// The shell tool of the example is that of POSIX.
const test = Deno.build.os === "windows" ? Deno.test.ignore : Deno.test;

test("every LLM request, turn and tool call of the recording has its span, and they name each other", () => {
  const folder = Deno.makeTempDirSync({ prefix: "example-" });
  try {
    const { code, stdout, stderr } = run(Deno.execPath(), [
      ...["run", "--quiet", "--no-check", "--no-prompt", "--allow-read"],
      ...["--allow-write", "--allow-run", "--allow-env", "--allow-sys"],
      ...["--allow-net=127.0.0.1", EXAMPLE, folder],
    ], { cwd: PROJECT });
    assertEquals([code, stderr], [0, ""]);
    const spans = Array.from(
      stdout.matchAll(SPAN),
      ([, trace_id = "", span_id = "", name = "", ids = "{}"]) => ({
        name,
        metadata: { trace_id, span_id },
        ids: new Set(Object.values(JSON.parse(ids))),
      }),
    );
    const [entry] = Deno.readDirSync(folder);
    const session = openBundle(join(folder, entry?.name ?? ""));
    const { trace, payloads } = session;
    for (const [id, call] of trace.inference_calls) {
      const span = spans.find(({ ids }) => ids.has(id));
      const ref = trace.raw_payloads.get(call.raw_request_payload_id);
      assert(ref !== undefined && span !== undefined, id);
      const body = payloads?.open(ref).value;
      assertEquals(Reflect.get(Object(body), "metadata"), span.metadata, id);
    }
    const named = new Set(spans.flatMap(({ ids }) => [...ids]));
    for (const id of trace.codex_turns.keys()) assert(named.has(id), id);
    const own = [...trace.tool_calls.values()]
      .filter(({ requester }) => requester.type === "model");
    for (const { tool_call_id: id } of own) assert(named.has(id), id);
    assert(own.length > 5 && spans.length > 20, `${spans.length} spans`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
