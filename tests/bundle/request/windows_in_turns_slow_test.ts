/**
 * Requests of many threads, taking turns, beginning and ending.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { FileStorage } from "../../../lib/bundle/payloads/file_storage.ts";
import type { StorageFactory } from "../../../lib/bundle/payloads/payload_storage.ts";
import type { JsonValue, RawPayloadRef } from "../../../lib/format/payload.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { FIRST_SEED } from "../../support/random_seed.ts";

const inFiles: StorageFactory = (context) => new FileStorage(context);

const THREADS = 40;
const REQUESTS = 1200;

/** A thread whose requests continue, change in the middle, or begin anew. */
class Talk {
  items: string[] = [];
  #tools = "t";

  next(p: Prng): string {
    const { items } = this;
    const step = p.int(10);
    if (step === 0) this.items = [];
    else if (step === 1) items[p.int(items.length + 1)] = p.pick(["x", "y"]);
    else if (step === 2) this.#tools = "u".repeat(p.int(300_000));
    const length = p.pick([3, 100, 5000, 90_000]);
    this.items.push(String.fromCharCode(97 + p.int(26)).repeat(length));
    const model = p.int(30) === 0 ? "another" : "m";
    return JSON.stringify({
      model,
      input: this.items,
      tools: [{ name: this.#tools }],
    });
  }
}

Deno.test("requests of many threads are read as if each were read alone", () => {
  const dir = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${dir}/payloads`);
    const p = new Prng(FIRST_SEED);
    const files = new BundlePayloads(new DiskFiles(dir), inFiles);
    const talks = new Map<string, Talk>();
    const seen = new Map<string, readonly JsonValue[]>();
    let shared = 0;
    for (let n = 0; n < REQUESTS; n++) {
      const thread = `thread ${p.int(n < REQUESTS / 2 ? 5 : THREADS)}`;
      if (p.int(25) === 0) {
        files.closeThread(thread);
        talks.delete(thread);
        seen.delete(thread);
      }
      const talk = talks.get(thread) ?? new Talk();
      talks.set(thread, talk);
      const text = talk.next(p);
      const ref: RawPayloadRef = {
        raw_payload_id: `raw_payload:${n}`,
        kind: { type: "inference_request" },
        path: `payloads/${n % 50}.json`,
      };
      Deno.writeTextFileSync(`${dir}/${ref.path}`, text);
      const window = files.openRequest(ref, thread);
      const values = [
        ...(seen.get(thread) ?? []).slice(0, window.shared),
        ...window.fresh.map(({ value }) => value),
      ];
      assertEquals(values, talk.items, `request ${n} of ${thread}`);
      seen.set(thread, values);
      shared += window.shared;
    }
    assert(shared > REQUESTS, `only ${shared} elements were shared`);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});
