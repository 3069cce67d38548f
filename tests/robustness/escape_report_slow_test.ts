/**
 * Figures of bundles made to attack: nothing of them steers a terminal or leaves the page.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import stringWidth from "string-width";
import { escapeControls } from "../../lib/text/escape.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { SECRET, STEERING, writeAttackBundle } from "./attack_bundle.ts";
import { inFolderAsync } from "../support/cli.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";

const ASKED: readonly (readonly string[])[] = [
  ["show"],
  ["stats"],
  ["stats", "--by", "turn"],
  ["stats", "--by", "tool"],
  ["stats", "--by", "thread"],
  ["stats", "--by", "bundle"],
  ["stats", "--csv"],
  ["stats", "--jsonl"],
  ["list"],
];
/** Forms that no width changes. */
const WIDE: readonly string[] = ["--csv", "--jsonl"];

async function assertEscaped(
  bundle: string,
  widths: readonly number[] = [60, 100],
): Promise<void> {
  for (const [command = "", ...flags] of ASKED) {
    for (const width of widths) {
      const args = [command, bundle, ...flags, `--width=${width}`];
      const { stdout, stderr, code } = await printed(args);
      assert([0, 3].includes(code), `${args.join(" ")}: ${code} ${stderr}`);
      assert(!stdout.includes(SECRET));
      const isWide = flags.some((flag) => WIDE.includes(flag));
      for (const line of stdout.replaceAll("\r\n", "\n").split("\n")) {
        assertEquals(escapeControls(line), line, args.join(" "));
        const columns = stringWidth(line);
        // A path that is to be pasted is not wrapped.
        const isFit = isWide || columns <= width || line.includes(bundle);
        assert(isFit, `${columns} of ${width}: ${line}`);
      }
      for (const line of stderr.split("\n")) {
        assertEquals(escapeControls(line), line);
      }
    }
  }
}

/** A session in which every id and every text is `evil`. */
function evilBundle(evil: string): RawBundle {
  const bundle = new RawBundle(2);
  const thread = `thread ${evil}`;
  const turn = `turn ${evil}`;
  const statement = (role: string) => ({
    type: "message",
    role,
    content: [{ type: "input_text", text: evil }],
  });
  const within = { thread_id: thread, codex_turn_id: turn };
  const evilPayload = (
    kind: "protocol_event" | "inference_request",
    body: object,
  ) => ({
    ...bundle.payload(kind, body),
    raw_payload_id: `payload ${evil} ${bundle.lines.length}`,
  });
  bundle.event({
    type: "thread_started",
    thread_id: thread,
    agent_path: `/root/${evil}`,
    metadata_payload: bundle.payload("session_metadata", {
      nickname: evil,
      model: evil,
      cwd: evil,
      session_source: evil,
    }),
  }, within);
  bundle.event({
    type: "codex_turn_started",
    codex_turn_id: turn,
    thread_id: thread,
  }, within);
  for (const failing of [true, false]) {
    const call = { inference_call_id: `call ${evil} ${failing}` };
    bundle.event({
      type: "inference_started",
      ...call,
      ...within,
      model: evil,
      provider_name: evil,
      request_payload: evilPayload("inference_request", {
        input: [statement("user")],
      }),
    }, within);
    if (failing) {
      bundle.event({
        type: "inference_failed",
        ...call,
        upstream_request_id: null,
        error: JSON.stringify({ error: { message: evil } }),
        partial_response_payload: null,
      }, within);
    }
  }
  bundle.event({
    type: "compaction_request_started",
    compaction_id: `compaction ${evil}`,
    compaction_request_id: `request ${evil}`,
    ...within,
    model: evil,
    provider_name: evil,
    request_payload: evilPayload("inference_request", { input: [] }),
  }, within);
  bundle.event({
    type: "compaction_request_failed",
    compaction_id: `compaction ${evil}`,
    compaction_request_id: `request ${evil}`,
    error: evil,
  }, within);
  bundle.event({
    type: "protocol_event_observed",
    event_type: "error",
    event_payload: evilPayload("protocol_event", { message: evil }),
  }, within);
  bundle.event({
    type: "codex_turn_ended",
    codex_turn_id: turn,
    status: "failed",
  }, within);
  return bundle;
}

const EVILS: readonly string[] = [
  STEERING,
  "=1+2",
  "漢字🧑‍🚀".repeat(60),
  "e\u0301\u0302\u0303".repeat(300),
  "word ".repeat(2000),
];

for (const evil of EVILS) {
  Deno.test(`show, stats and list keep ${JSON.stringify(evil.slice(0, 12))} on the page`, async () => {
    await inFolderAsync(async (folder) => {
      const bundle = evilBundle(evil).writeTo(`${folder}/bundle`);
      await assertEscaped(bundle);
      const { stdout } = await printed(["show", bundle]);
      assert(stdout.includes("first error"), stdout);
    });
  });
}

Deno.test("show, stats and list of a bundle made to attack stay on the page", async () => {
  await inFolderAsync(async (folder) => {
    await assertEscaped(writeAttackBundle(folder), [60]);
  });
});

Deno.test("a bundle whose folder has an evil name is shown and listed harmlessly", async () => {
  await inFolderAsync(async (folder) => {
    const name = `${folder}/\u001b[31m 漢字 \u202e`;
    new RawBundle(2).writeTo(name);
    for (const command of ["show", "stats", "list"]) {
      for (const place of command === "show" ? [name] : [name, folder]) {
        const { stdout, stderr } = await printed([
          command,
          place,
          "--width=60",
        ]);
        for (const line of `${stdout}${stderr}`.split("\n")) {
          assertEquals(escapeControls(line), line);
        }
      }
    }
  });
});
