/**
 * Bundles that are written in the background: the same as those that are written at once, in the
 * same order, and what is reported when the disk is too slow or fails.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MemoryStore } from "../../../lib/bundle/write/store.ts";
import { stateJson } from "../../../lib/graph/view/state_json.ts";
import { ThreadTraceContext } from "../../../lib/record/thread.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { SCHEMAS } from "../../../lib/schema/registry.ts";
import {
  playSession,
  ROOT_METADATA,
} from "../../support/bundles/host/scripted_host.ts";
import type { RootTraceOptions } from "../../../lib/record/root.ts";
import { slowTest } from "../../support/cases.ts";

const TURN = "turn";

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = Deno.makeTempDirSync({ prefix: "background-" });
  try {
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A recording with an open turn, and the errors that it reported. */
function startIn(folder: string, options: RootTraceOptions = {}) {
  const errors: string[] = [];
  const thread = ThreadTraceContext.startRoot(folder, ROOT_METADATA, {
    writes: "background",
    onError: ({ message }) => errors.push(message),
    ...options,
  });
  thread.recordCodexTurnStarted(TURN);
  return { thread, errors, bundle: thread.bundleDirectory ?? "" };
}

/** Records a request with about so many bytes that cannot be compressed. */
function recordRequest(thread: ThreadTraceContext, bytes: number): void {
  let text = "";
  while (text.length < bytes) {
    const noise = crypto.getRandomValues(new Uint8Array(3 * 16_384));
    text += noise.toBase64();
  }
  text = text.slice(0, bytes);
  const content = [{ type: "input_text", text }];
  const attempt = thread.inference(TURN, "model", "provider").startAttempt();
  attempt.recordStarted({
    input: [{ type: "message", role: "user", content }],
  });
  attempt.recordCompleted(null, null, null, []);
}

function tolerantly(bundle: string) {
  const codes: string[] = [];
  const trace = replayBundle(bundle, {
    tolerant: true,
    onDiagnostic: ({ code }) => codes.push(code),
  });
  return { trace, codes };
}

for (const { version } of SCHEMAS) {
  Deno.test(`schema ${version} is written in the background as it is written at once`, () =>
    withFolder(async (folder) => {
      const [atOnce, later] = (["immediate", "background"] as const).map((
        writes,
      ) => playSession(`${folder}/${writes}`, version, { writes }));
      await later?.flush();
      assertEquals(later?.queuedBytes, 0);
      const [expected = "", actual = ""] = [atOnce, later].map((thread) =>
        thread?.bundleDirectory
      );
      const read = (bundle: string) =>
        Deno.readTextFileSync(`${bundle}/trace.jsonl`);
      assertEquals(read(actual), read(expected));
      assertEquals(
        stateJson(replayBundle(actual)),
        stateJson(replayBundle(expected)),
      );
      const names = (bundle: string) =>
        Array.from(Deno.readDirSync(`${bundle}/payloads`), ({ name }) => name)
          .sort();
      assertEquals(names(actual), names(expected));
    }));
}

slowTest(
  "what is written in the background can be reduced at any moment",
  () =>
    withFolder(async (folder) => {
      const { thread, bundle, errors } = startIn(folder);
      // More than one shard.
      for (let i = 0; i < 10; i++) recordRequest(thread, 1_000_000);
      const sizes = new Set<number>();
      for (let last = Infinity; thread.queuedBytes > 0;) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (last - thread.queuedBytes < 3_000_000) continue;
        last = thread.queuedBytes;
        const { trace, codes } = tolerantly(bundle);
        assertEquals(codes.filter((code) => code !== "truncated_line"), []);
        sizes.add(trace.inference_calls.size);
      }
      assert(sizes.size > 1, "nothing was read in between");
      thread.recordCodexTurnEvent(TURN, { type: "task_complete" });
      thread.recordEnded("completed");
      await thread.flush();
      assertEquals(replayBundle(bundle).recording_status, "complete");
      assertEquals(errors, []);
    }),
);

Deno.test("what is written in the background keeps two files open, however many there are", () =>
  withFolder(async (folder) => {
    const open = Deno.open;
    const opened = new Set<Deno.FsFile>();
    let most = 0;
    Deno.open = async (...args) => {
      const file = await open(...args);
      opened.add(file);
      most = Math.max(most, opened.size);
      const close = file.close.bind(file);
      file.close = () => {
        opened.delete(file);
        close();
      };
      return file;
    };
    try {
      const { thread, bundle, errors } = startIn(folder);
      for (let i = 0; i < 5; i++) {
        // Each picture has a shard of its own.
        const image_url = `data:image/png;base64,${i}`;
        const content = [{ type: "input_image", image_url }];
        thread.inference(TURN, "m", "p").startAttempt().recordStarted({
          input: [{ type: "message", role: "user", content }],
        });
      }
      await thread.flush();
      assert([...Deno.readDirSync(`${bundle}/payloads`)].length > 5);
      assertEquals(most, 3);
      thread.recordEnded("completed");
      await thread.flush();
      assertEquals([opened.size, errors], [0, []]);
    } finally {
      Deno.open = open;
    }
  }));

Deno.test("what exceeds the queue is lost and reported, and the rest can be reduced", () =>
  withFolder(async (folder) => {
    const { thread, errors, bundle } = startIn(folder, {
      maxQueuedBytes: 100_000,
    });
    recordRequest(thread, 200_000);
    recordRequest(thread, 1000);
    await thread.flush();
    recordRequest(thread, 1000);
    thread.recordCodexTurnEvent(TURN, { type: "task_complete" });
    thread.recordEnded("completed");
    await thread.flush();
    assertEquals(errors.length, 1);
    assertMatch(
      errors[0] ?? "",
      /inference_started.*bytes behind, and 100000 may wait/,
    );
    const trace = replayBundle(bundle);
    assertEquals(trace.inference_calls.size, 2);
    assertEquals(trace.recording_status, "unclosed");
  }));

Deno.test("a write that fails in the background ends the recording, and is reported once", () =>
  withFolder(async (folder) => {
    const { thread, errors, bundle } = startIn(folder);
    await thread.flush();
    Deno.removeSync(`${bundle}/payloads`, { recursive: true });
    recordRequest(thread, 1000);
    recordRequest(thread, 1000);
    await thread.flush();
    assertEquals(thread.isEnabled(), false);
    recordRequest(thread, 1000);
    thread.recordEnded("completed");
    await thread.flush();
    assertEquals(errors.length, 1);
    assertMatch(errors[0] ?? "", /^Cannot write the recording: /);
    assertEquals(tolerantly(bundle).trace.inference_calls.size, 0);
  }));

Deno.test("a store of the host is not written in the background", () => {
  assertThrows(
    () =>
      ThreadTraceContext.startRoot(new MemoryStore(), ROOT_METADATA, {
        writes: "background",
      }),
    TypeError,
    "name a folder",
  );
});
