import { slowTest } from "../../support/cases.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { BundlePayloads } from "../../../lib/bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { FileStorage } from "../../../lib/bundle/payloads/file_storage.ts";
import type { StorageFactory } from "../../../lib/bundle/payloads/payload_storage.ts";
import { PayloadError } from "../../../lib/errors.ts";
import type {
  JsonValue,
  RawPayloadRef,
  RequestWindow,
} from "../../../lib/format/payload.ts";

const inFiles: StorageFactory = (context) => new FileStorage(context);

/** Writes texts as request payloads and opens them in order, with and without sharing. */
function openAll(texts: readonly (string | Uint8Array)[]): {
  shared: (RequestWindow | Error)[];
  full: (RequestWindow | Error)[];
  parsed: number;
  elements: number;
} {
  const dir = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${dir}/payloads`);
    texts.forEach((text, i) =>
      Deno.writeFileSync(
        `${dir}/payloads/${i}.json`,
        typeof text === "string" ? new TextEncoder().encode(text) : text,
      )
    );
    const sharing = new BundlePayloads(new DiskFiles(dir), inFiles);
    const plain = new BundlePayloads(new DiskFiles(dir), inFiles, {
      sharePrefixes: false,
    });
    const shared = texts.map((_, i) => open(sharing, i));
    const full = texts.map((_, i) => open(plain, i));
    const { charactersParsed: parsed, elementsParsed } = sharing.counters;
    return { shared, full, parsed, elements: elementsParsed };
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}

function open(files: BundlePayloads, index: number): RequestWindow | Error {
  const ref: RawPayloadRef = {
    raw_payload_id: `raw_payload:${index}`,
    kind: { type: "inference_request" },
    path: `payloads/${index}.json`,
  };
  try {
    const window = files.openRequest(ref, "thread");
    // Sources are only valid until the next payload is opened.
    const fresh = window.fresh.map((element) => {
      const source = element.source();
      const { value, sameAs } = element;
      return { value, sameAs, source: () => source };
    });
    return { ...window, fresh };
  } catch (error) {
    files.closeThread("thread");
    if (error instanceof PayloadError) return error;
    throw error;
  }
}

/** Replays windows into full lists, as the reducer does. */
function unfold(windows: readonly (RequestWindow | Error)[]) {
  let last: JsonValue[] = [];
  return windows.map((window) => {
    if (window instanceof Error) {
      last = [];
      return "error";
    }
    const { previousResponseId, input, shared, fresh } = window;
    const values = [...last.slice(0, shared), ...fresh.map((e) => e.value)];
    for (const element of fresh) {
      assertEquals(JSON.parse(element.source()), element.value);
      if (element.sameAs === undefined) continue;
      assertEquals(last[element.sameAs], element.value);
    }
    if (previousResponseId === null) last = values;
    return { input, previousResponseId, values };
  });
}

function assertSameWithSharing(texts: readonly (string | Uint8Array)[]) {
  const { shared, full } = openAll(texts);
  assertEquals(unfold(shared), unfold(full));
  return shared;
}

function sharedOf(
  windows: readonly (RequestWindow | Error)[],
): (number | string)[] {
  return windows.map((window) =>
    window instanceof Error ? "error" : window.shared
  );
}

const HEAD = '{"model":"m","input":[';
const TAIL = '],"tools":[{"name":"a"}],"meta":{"k":1}}';

Deno.test("openRequest() shares the elements that the request before had in front", () => {
  const windows = assertSameWithSharing([
    `${HEAD}{"a":1},{"b":2}${TAIL}`,
    `${HEAD}{"a":1},{"b":2},{"c":3}${TAIL}`,
    `${HEAD}{"a":1},{"x":2},{"c":3}${TAIL}`,
    `${HEAD}${TAIL}`,
  ]);
  assertEquals(sharedOf(windows), [0, 2, 1, 0]);
});

Deno.test("openRequest() does not take a number for the beginning of a longer one", () => {
  const windows = assertSameWithSharing([
    `${HEAD}1,1${TAIL}`,
    `${HEAD}1,12${TAIL}`,
  ]);
  assertEquals(sharedOf(windows), [0, 1]);
});

Deno.test("openRequest() lists everything when the request is incremental", () => {
  const windows = assertSameWithSharing([
    `${HEAD}{"a":1}${TAIL}`,
    `${HEAD}{"a":1}],"previous_response_id":"resp_1"}`,
    `${HEAD}{"a":1},{"b":2}${TAIL}`,
  ]);
  assertEquals(sharedOf(windows), [0, 0, 1]);
  const incremental = windows[1];
  assert(!(incremental instanceof Error) && incremental !== undefined);
  assertEquals(incremental.previousResponseId, "resp_1");
});

Deno.test("openRequest() takes the last of repeated keys", () => {
  assertSameWithSharing([
    `{"input":[1],"input":[2,3]}`,
    `{"input":5,"input":[1,2]}`,
    `{"\\u0069nput":[9],"input":[1]}`,
    `{"input":[1],"\\u0069nput":[9]}`,
    `{"input":[1],"previous_response_id":"a","previous_response_id":null}`,
    `{"previous_response_id":"a","input":[1],"previous_response_id":7}`,
    `{"input":[1,2],"previous_response_id":"a","input":"none"}`,
  ]);
});

Deno.test("openRequest() refuses what is no JSON, wherever the fault is", () => {
  const good = `${HEAD}{"a":1},{"b":2}${TAIL}`;
  const bad = [
    good.replace("},{", "}{"),
    good.replace("},{", "},,{"),
    `${HEAD}{"a":1},{"b":2},${TAIL}`,
    `${HEAD}{"a":1},{"b":2}],}`,
    `${HEAD}{"a":1},{"b":2}],"tools":[{"name":"a"}],}`,
    `${HEAD}{"a":1},{"b":2}],"tools":[{"name":"a"}]`,
    `${good}x`,
    `\ufeff${good}`,
    `${HEAD}{"a":1},{"b":"\\ud800"}${TAIL}`,
    `${HEAD}{"a":1},{"b":2},${"[".repeat(126)}${"]".repeat(126)}${TAIL}`,
    `${HEAD}{"a":1},{"b":nul}${TAIL}`,
    good.replace('"m"', "'m'"),
  ];
  for (const text of bad) {
    const windows = assertSameWithSharing([good, text, good]);
    assertEquals(sharedOf(windows), [0, "error", 0], text.slice(0, 200));
  }
});

Deno.test("openRequest() refuses bytes that are not UTF-8", () => {
  const good = new TextEncoder().encode(`${HEAD}{"a":"x"}${TAIL}`);
  const bad = good.slice();
  bad[good.indexOf(0x78)] = 0xff;
  assertEquals(sharedOf(assertSameWithSharing([good, bad])), [0, "error"]);
});

Deno.test("openRequest() distinguishes a payload without a list from one without input", () => {
  const windows = assertSameWithSharing([
    `{"model":"m"}`,
    `{"input":{"a":1}}`,
    `[1]`,
  ]);
  assertEquals(
    windows.map((window) => window instanceof Error ? "error" : window.input),
    ["missing", "malformed", "missing"],
  );
});

Deno.test("openRequest() parses a growing conversation once", () => {
  const element = `{"text":"${"x".repeat(5000)}"}`;
  const texts = Array.from(
    { length: 40 },
    (_, i) => `${HEAD}${Array(i + 1).fill(element).join(",")}${TAIL}`,
  );
  const { shared, parsed } = openAll(texts);
  assertEquals(sharedOf(shared), texts.map((_, i) => i));
  assert(parsed < 41 * (element.length + 200), `parsed ${parsed} characters`);
});

/** What each fresh element of a window repeats. */
function repeatedIn(window: RequestWindow | Error | undefined): unknown[] {
  assert(window !== undefined && !(window instanceof Error));
  return window.fresh.map(({ sameAs }) => sameAs ?? "parsed");
}

Deno.test("openRequest() finds the elements that a change before them has moved", () => {
  const [a, b, c, d, e] = ["a", "bb", "ccc", "dddd", "eeeee"]
    .map((text) => `{"t":"${text}"}`);
  const requests: readonly (readonly unknown[])[] = [
    [a, b, c, d],
    [a, c, d, e],
    [a, b, c, d, e, b],
    [a, b, e, b, d],
    [12, b, e, b, 1],
    [1, b, e, b, 12],
  ];
  for (const gap of ["", "\n  "]) {
    const windows = assertSameWithSharing(
      requests.map((list) =>
        `${HEAD}${gap}${list.join(`,${gap}`)}${gap}${TAIL}`
      ),
    );
    assertEquals(sharedOf(windows), [0, 1, 1, 2, 0, 0]);
    assertEquals(windows.map(repeatedIn), [
      ["parsed", "parsed", "parsed", "parsed"],
      [2, 3, "parsed"],
      ["parsed", "parsed", 2, 3, "parsed"],
      [4, 5, "parsed"],
      ["parsed", 1, 2, 3, "parsed"],
      ["parsed", 1, 2, 3, "parsed"],
    ]);
  }
});

Deno.test("openRequest() parses of a history that is changed in the middle what is new", () => {
  const elements = Array.from(
    { length: 40 },
    (_, i) => `{"text":"${`${i} `.repeat(30)}"}`,
  );
  const texts = Array.from({ length: 20 }, (_, i) => {
    elements.splice(i % 9, 1);
    elements.splice(i % 7, 0, `{"note":${i}}`);
    elements.push(`{"more":${i}}`);
    return `${HEAD}${elements.join(",")}${TAIL}`;
  });
  const { shared, full, elements: parsed } = openAll(texts);
  assertEquals(unfold(shared), unfold(full));
  assert(parsed < 40 + 20 * 5, `parsed ${parsed} elements`);
});

Deno.test("an incremental request that repeats the one before does not change what that has", () => {
  const full = `${HEAD}{"a":1}],"z":[{"b":2},{"c":3}],"y":[]}`;
  assertSameWithSharing([
    full,
    `${HEAD}{"a":1},      {"b":2}],"previous_response_id":"r"}`,
    full.replace('"c"', '"d"'),
  ]);
});

slowTest(
  "openRequest() returns the same with and without sharing on random requests",
  () => {
    const seed = 20260731;
    let s = seed;
    const below = (n: number) => {
      s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
      return Math.floor((s / 2 ** 32) * n);
    };
    const scalars = [
      "1",
      "12",
      '"a"',
      '"\\u0041\\""',
      "null",
      "{}",
      "[]",
      '{"k":[1,{"z":"]"}]}',
    ];
    const pick = (list: readonly string[]) => list[below(list.length)] ?? "";
    for (let round = 0; round < 60; round++) {
      let elements = Array.from({ length: below(5) }, () => pick(scalars));
      const texts: string[] = [];
      for (let i = 0; i < 12; i++) {
        const roll = below(8);
        if (roll < 4) elements = [...elements, pick(scalars)];
        else if (roll < 6) {
          elements = [pick(scalars), ...elements.slice(1)];
        } else elements = elements.slice(0, below(elements.length + 1));
        const space = pick(["", " ", "\n  "]);
        const head = pick([
          HEAD,
          HEAD,
          HEAD,
          '{"input" : [',
          '{"previous_response_id":"r","input":[',
        ]);
        const tail = pick([
          TAIL,
          TAIL,
          "]}",
          `],"t":${below(3)}}`,
          '],"previous_response_id":"q"}',
        ]);
        const text = `${head}${elements.join(`,${space}`)}${space}${tail}`;
        texts.push(below(15) === 0 ? text.slice(0, below(text.length)) : text);
      }
      const { shared, full } = openAll(texts);
      assertEquals(unfold(shared), unfold(full), `seed ${seed} round ${round}`);
    }
  },
);

Deno.test("openRequest() names a payload that does not exist", () => {
  const files = new BundlePayloads(new DiskFiles("testdata"), inFiles);
  const ref: RawPayloadRef = {
    raw_payload_id: "raw_payload:9",
    kind: { type: "inference_request" },
    path: "payloads/none.json",
  };
  assertThrows(
    () => files.openRequest(ref, "t"),
    PayloadError,
    '"raw_payload:9"',
  );
});
