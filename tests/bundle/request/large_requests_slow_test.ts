/**
 * Requests of several megabytes, compared with the one before: larger than any buffer they are
 * read through, and different from one another at every kind of place.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { FileStorage } from "../../../lib/bundle/payloads/file_storage.ts";
import type { StorageFactory } from "../../../lib/bundle/payloads/payload_storage.ts";
import { PayloadError } from "../../../lib/errors.ts";
import type { JsonValue } from "../../../lib/format/payload.ts";
import { inFolder } from "../../support/cli.ts";
import { Prng } from "../../support/bundles/random/prng.ts";

const inFiles: StorageFactory = (context) => new FileStorage(context);

const KIB = 1024;

/** A request and how its text is made. */
interface Request {
  readonly items: readonly string[];
  /** Text before `input`; so the place where requests differ can be shifted by bytes. */
  readonly model?: string;
  readonly tools?: string;
  readonly previous?: { readonly id: string; readonly first: boolean };
}

function textOf({ items, model, tools, previous }: Request): string {
  const id = previous === undefined
    ? ""
    : `"previous_response_id":"${previous.id}",`;
  const first = previous?.first === true ? id : "";
  const last = previous?.first === false ? id : "";
  return `{${first}"model":"${model ?? "m"}","input":[${items.join(",\n")}],` +
    `${last}"tools":${tools ?? '[{"name":"a"}]'},"meta":{"k":1}}`;
}

function item(prng: Prng, length: number): string {
  return JSON.stringify({ id: prng.hex(8), text: "x".repeat(length) });
}

/** Opens requests one after the other and compares each list with that of a plain parse. */
function assertReportedExactly(texts: readonly string[]): number[] {
  const counts: number[] = [];
  inFolder((folder) => {
    Deno.mkdirSync(join(folder, "payloads"));
    const files = new BundlePayloads(new DiskFiles(folder), inFiles);
    let last: JsonValue[] = [];
    texts.forEach((text, index) => {
      const path = `payloads/${index}.json`;
      Deno.writeTextFileSync(join(folder, path), text);
      const window = files.openRequest({
        raw_payload_id: `raw_payload:${index}`,
        kind: { type: "inference_request" },
        path,
      }, "thread");
      const fresh = window.fresh.map((element) => {
        assertEquals(JSON.parse(element.source()), element.value);
        return element.value;
      });
      const list = [...last.slice(0, window.shared), ...fresh];
      const plain = JSON.parse(text);
      // Not assertEquals on all of it: a diff of megabytes takes minutes.
      assert(
        JSON.stringify(list) === JSON.stringify(plain.input),
        `request ${index}`,
      );
      const previous = plain.previous_response_id ?? null;
      assertEquals(window.previousResponseId, previous, `request ${index}`);
      if (previous === null) last = list;
      counts.push(window.shared);
    });
  });
  return counts;
}

function manyItems(prng: Prng, count: number, length: number): string[] {
  return Array.from({ length: count }, () => item(prng, length));
}

Deno.test("openRequest() shares large requests that grow by a little", () => {
  const prng = new Prng(1);
  const items = manyItems(prng, 300, 5000);
  const shared = assertReportedExactly(
    [300, 300, 301, 340, 340].map((count) => {
      while (items.length < count) items.push(item(prng, 3000));
      return textOf({ items });
    }),
  );
  assertEquals(shared, [0, 300, 300, 301, 340]);
});

Deno.test("openRequest() finds a change at any byte of a large request", () => {
  const prng = new Prng(2);
  // Elements of one size, so that some end exactly where a power of two is.
  const items = manyItems(prng, 1200, 1024 - 26);
  const texts: string[] = [];
  for (const at of [512 * KIB, 1024 * KIB, 64 * KIB, 0]) {
    for (const shift of [-1024, -1, 0, 1, 2, 1024]) {
      const changed = [...items];
      const index = Math.max(0, Math.floor((at + shift) / 1026));
      changed[index] = item(prng, 1024 - 26 + Math.abs(shift % 3));
      texts.push(
        textOf({ items: changed, model: "m".repeat(1 + texts.length % 5) }),
      );
      texts.push(textOf({ items: changed }), textOf({ items }));
    }
  }
  const shared = assertReportedExactly(texts);
  assert(shared.some((count) => count > 1000));
});

Deno.test("openRequest() lets a large request become short and long again", () => {
  const prng = new Prng(3);
  const items = manyItems(prng, 400, 4000);
  const shared = assertReportedExactly(
    [400, 3, 400, 130, 131, 0, 1, 400].map((count) =>
      textOf({ items: items.slice(0, count) })
    ),
  );
  assertEquals(shared, [0, 3, 3, 130, 130, 0, 0, 1]);
});

Deno.test("openRequest() keeps the full request while incremental ones go by", () => {
  const prng = new Prng(4);
  const items = manyItems(prng, 300, 5000);
  const news = manyItems(prng, 2, 700_000);
  const increment = (first: boolean) => ({ id: prng.hex(6), first });
  const shared = assertReportedExactly([
    textOf({ items }),
    textOf({ items: news, previous: increment(true) }),
    textOf({
      items: [...items.slice(0, 9), ...news],
      previous: increment(false),
    }),
    textOf({ items: [], previous: increment(true) }),
    textOf({ items: [...items, ...news] }),
    textOf({ items: [...items, ...news], tools: "[]" }),
  ]);
  assertEquals(shared, [0, 0, 0, 0, 300, 302]);
});

Deno.test("openRequest() distinguishes requests exactly, whatever happens to them", () => {
  for (let seed = 10; seed < 14; seed++) {
    const prng = new Prng(seed);
    let items = manyItems(prng, 200, 6000);
    const texts: string[] = [];
    for (let step = 0; step < 25; step++) {
      const at = prng.int(items.length);
      if (prng.chance(0.3)) items = items.toSpliced(at, 1);
      if (prng.chance(0.3)) items = items.toSpliced(at, 0, item(prng, 9000));
      if (prng.chance(0.1)) items = items.slice(0, prng.int(items.length) + 1);
      for (let n = prng.int(9); n > 0; n--) {
        items = [...items, item(prng, 8000)];
      }
      const isIncrement = prng.chance(0.2);
      texts.push(textOf({
        items: isIncrement ? items.slice(at) : items,
        tools: `[${item(prng, prng.pick([10, 30_000]))}]`,
        ...(isIncrement
          ? { previous: { id: `r${step}`, first: prng.chance(0.5) } }
          : {}),
      }));
    }
    assertReportedExactly(texts);
  }
});

Deno.test("openRequest() continues after a large request that is truncated", () => {
  const prng = new Prng(5);
  const items = manyItems(prng, 300, 5000);
  const text = textOf({ items });
  inFolder((folder) => {
    Deno.mkdirSync(join(folder, "payloads"));
    const files = new BundlePayloads(new DiskFiles(folder), inFiles);
    const open = (index: number, content: string) => {
      const path = `payloads/${index}.json`;
      Deno.writeTextFileSync(join(folder, path), content);
      return files.openRequest({
        raw_payload_id: `raw_payload:${index}`,
        kind: { type: "inference_request" },
        path,
      }, "thread");
    };
    assertEquals(open(0, text).shared, 0);
    let refusal: unknown;
    try {
      open(1, text.slice(0, 900 * KIB));
    } catch (error) {
      refusal = error;
    }
    assert(refusal instanceof PayloadError);
    const next = open(2, text);
    assertEquals(next.shared + next.fresh.length, 300);
    const last = next.fresh.at(-1)?.value;
    assertEquals(last, JSON.parse(items.at(-1) ?? ""));
  });
});
