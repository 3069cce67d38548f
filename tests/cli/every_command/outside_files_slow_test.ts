/**
 * Payloads that are outside of a bundle, or are no files: no question reads them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { runProgram } from "../../../lib/cli/program.ts";
import { askEverything } from "./every_command.ts";
import { recordedIo } from "../../support/cli.ts";
import { RawBundle, THREAD, TURN } from "../../support/bundles/raw_bundle.ts";

const SECRET = "a secret outside";
/** What a payload of every kind could be made of. */
const OUTSIDE = {
  input: [{
    type: "message",
    role: "user",
    content: [{ type: "input_text", text: SECRET }],
  }],
  output_items: [{ type: "message", role: "assistant", content: SECRET }],
  message: SECRET,
  error: SECRET,
  nickname: SECRET,
};

/** Paths that lead out of a bundle in `folder`, by way of links where there are some. */
function pathsOut(folder: string): string[] {
  const paths = [
    "../outside.json",
    "payloads/../../outside.json",
    `${folder}/outside.json`,
    "/dev/zero",
    "payloads",
    "",
  ];
  return Deno.build.os === "windows" ? paths : [
    ...paths,
    "payloads/link.json",
    "payloads/up/outside.json",
    "payloads/device.json",
    "payloads/pipe.json",
  ];
}

/** A bundle in which every payload is one of those. */
function writeBundle(folder: string): string {
  Deno.writeTextFileSync(`${folder}/outside.json`, JSON.stringify(OUTSIDE));
  const bundle = new RawBundle(2);
  for (const [at, path] of pathsOut(folder).entries()) {
    const ref = (type: string, name: string) => ({
      raw_payload_id: `raw_payload:${name}-${at}`,
      kind: { type },
      path,
    });
    bundle.event({
      type: "inference_started",
      inference_call_id: `call-${at}`,
      thread_id: THREAD,
      codex_turn_id: TURN,
      model: "model",
      provider_name: "provider",
      request_payload: ref("inference_request", "request"),
    });
    bundle.event({
      type: "inference_completed",
      inference_call_id: `call-${at}`,
      response_id: null,
      response_payload: ref("inference_response", "response"),
    });
    bundle.tool(`tool-${at}`, {
      invocation_payload: ref("tool_invocation", "invocation"),
    });
    bundle.event({
      type: "tool_call_ended",
      tool_call_id: `tool-${at}`,
      status: "failed",
      result_payload: ref("tool_result", "result"),
    });
    bundle.event({
      type: "protocol_event_observed",
      event_type: "error",
      event_payload: ref("protocol_event", "event"),
    });
  }
  const dir = bundle.writeTo(`${folder}/bundle`);
  if (Deno.build.os !== "windows") {
    Deno.symlinkSync("../../outside.json", `${dir}/payloads/link.json`);
    Deno.symlinkSync("../..", `${dir}/payloads/up`);
    Deno.symlinkSync("/dev/zero", `${dir}/payloads/device.json`);
    new Deno.Command("mkfifo", { args: [`${dir}/payloads/pipe.json`] })
      .outputSync();
  }
  return dir;
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("no question reads what is outside of a bundle", () =>
  inFolder(async (folder) => {
    const place = writeBundle(folder);
    let result = 0;
    await askEverything(place, ({ args, stdout, stderr }) => {
      assert(!stdout.includes(SECRET), args.join(" "));
      assert(!stderr.includes(SECRET), args.join(" "));
      result += stdout.length;
    });
    assert(result > 10_000, `${result}`);
  }));

Deno.test("payload refuses every path that leads outside, by its name and by its path", () =>
  inFolder(async (folder) => {
    const place = writeBundle(folder);
    for (const at of pathsOut(folder).keys()) {
      for (const name of ["event", "result"]) {
        for (const flags of [[], ["--raw"], ["--json"], ["--full"]]) {
          const io = recordedIo();
          const id = `raw_payload:${name}-${at}`;
          const args = ["payload", place, id, ...flags];
          const code = await runProgram(args, io);
          assertEquals(code, EXIT.failed, `${args.join(" ")}: ${io.stdout}`);
          assert(!(io.stdout + io.stderr).includes(SECRET));
        }
      }
    }
  }));

Deno.test("a report holds nothing from outside of its bundle", () =>
  inFolder(async (folder) => {
    const place = writeBundle(folder);
    for (const payloads of ["all", "used"]) {
      const file = join(folder, `${payloads}.html`);
      const io = recordedIo();
      const args = ["report", place, "-o", file, `--payloads=${payloads}`];
      const code = await runProgram(args, io);
      assert(code === EXIT.partial || code === EXIT.ok, io.stderr);
      assert(!Deno.readTextFileSync(file).includes(SECRET));
    }
  }));
