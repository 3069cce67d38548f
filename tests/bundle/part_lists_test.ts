/**
 * Lists of parts that lines of the log repeat are not parsed again. What is read must be what
 * each line contains when it is read alone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { readEventLog } from "../../lib/bundle/log/event_log.ts";
import { BundleFormatError, LimitError } from "../../lib/errors.ts";
import { V3 } from "../../lib/schema/v3.ts";
import { Prng } from "../support/bundles/random/prng.ts";

const encoder = new TextEncoder();

/** What a log contains: its events, or why it is refused. */
function outcome(lines: readonly string[]): string {
  const bytes = encoder.encode(lines.join("\n"));
  let at = 0;
  const source = {
    readSync(buffer: Uint8Array): number | null {
      if (at === bytes.length) return null;
      const piece = bytes.subarray(at, at + buffer.length);
      buffer.set(piece);
      at += piece.length;
      return piece.length;
    },
  };
  const texts: string[] = [];
  try {
    for (const { event, payloads } of readEventLog(source, V3.events)) {
      texts.push(spelled({ event, payloads }));
    }
  } catch (error) {
    if (!(error instanceof BundleFormatError || error instanceof LimitError)) {
      throw error;
    }
    texts.push(error.message);
  }
  return texts.at(-1) ?? "";
}

function spelled(value: unknown): string {
  return JSON.stringify(
    value,
    (_, each) => typeof each === "bigint" ? `${each}n` : each,
  );
}

/** Every line must be read after the ones before it as it is read alone. */
function assertReadAsAlone(lines: readonly string[]): void {
  const read: string[] = [];
  lines.forEach((line, index) => {
    const blanks = lines.slice(0, index).map(() => "");
    const alone = outcome([...blanks, line]);
    assertEquals(outcome([...read, line]), alone, line);
    // A line that is refused ends the reading.
    const isRefused = !alone.startsWith("{");
    read.push(isRefused ? "" : line);
  });
}

const ref = (id: string, rest = ',"shard":1') =>
  `{"raw_payload_id":"${id}","kind":{"type":"model_item"}${rest}}`;

function line(list: string, { rest = "", extra = "" } = {}): string {
  return '{"schema_version":3,"seq":1,"wall_time_unix_ms":2,"rollout_id":"r",' +
    `"thread_id":null,"codex_turn_id":null${extra},"payload":` +
    '{"type":"protocol_event_observed","event_type":"x","event_payload":' +
    '{"raw_payload_id":"p","kind":{"type":"prepared_prompt"},"shard":1,' +
    `"parts":[${list}]${rest}}}}`;
}

const ABC = [ref("a"), ref("b"), ref("c")].join();

Deno.test("lists of parts that grow, shrink and change are read as they are written", () => {
  assertReadAsAlone([
    line(""),
    line(ref("a")),
    line(ABC),
    line(ABC),
    line(`${ABC},${ref("d")}`),
    line(ref("a")),
    line(`${ref("a")},${ref("é")},${ref("\ufffd")}`),
    line(`${ref("a")},${ref("é")},${ref("\ufffd")},${ref("x")}`),
    line(`${ref("a")},${ref("e")}`),
    line(""),
  ]);
});

Deno.test("parts with parts, captures and large numbers are read as they are written", () => {
  const truncated =
    ',"shard":1,"capture":{"status":"truncated","original_bytes":9,"retained_bytes":2}';
  const omitted =
    ',"shard":null,"capture":{"status":"omitted","original_bytes":9}';
  const huge = ',"shard":18446744073709551615';
  const nested = `,"shard":1,"parts":[${ABC}]`;
  for (const rest of [truncated, omitted, huge, nested, "", ',"shard":null']) {
    const list = `${ref("a")},${ref("b", rest)},${ref("c")}`;
    assertReadAsAlone([
      line(list),
      line(list),
      line(`${list},${ref("d")}`),
      line(ABC),
      line(list),
    ]);
  }
});

Deno.test("a list at an unusual place, or with unusual neighbours, is read as it is written", () => {
  const list = `${ref("q")},${ref("r")}`;
  assertReadAsAlone([
    line(ABC),
    line(ABC, { extra: `,"other":{"a":1,"parts":[${ABC}]}` }),
    line(list, { extra: `,"other":{"a":1,"parts":[${ABC}]}` }),
    line(ABC, { rest: `,"parts":[${ABC}]` }),
    line(ABC, { rest: ',"path":"x"' }),
    line(`${ABC},5`),
    line(`${ABC},`),
    line(`,${ABC}`),
    line(`${ABC} `),
    line(` ${ABC}`),
    line(ABC).replace('"p"', '"\\u0070"'),
    line(ABC).replace('"p"', '"x,\\"parts\\":["'),
    line(ABC).replace('"parts"', '"p\\u0061rts"'),
    line(`{"$shared_parts":{}},${ABC}`),
    line('{"$shared_parts":{}}'),
    line('{"\\u0024shared_parts":{}}'),
    line(`${ABC},{"$shared_parts":{}}`),
    line(list, {
      extra: `,"other":{"a":1,"parts":[{"$shared_parts":{}}]}`,
    }),
    line(ABC, { extra: `,"other":{"$shared_parts":{}}` }),
    line(ABC).replace("protocol_event_observed", "unknown"),
    line(ABC).replace('"seq":1', '"seq":"x"'),
    line(ABC).replaceAll("[", "[[[["),
    line(ABC),
  ]);
});

Deno.test("nesting is limited around a list of parts as anywhere", () => {
  const deep = `${"[".repeat(200)}${"]".repeat(200)}`;
  assertReadAsAlone([
    line(ABC),
    line(ABC, { extra: `,"other":${deep}` }),
    line(ABC, { rest: `,"other":${deep}` }),
    line(`${ref("a")},${ref("b", `,"other":${deep}`)}`),
    line(`${ref("a")},${ref("b", `,"other":${deep}`)}`),
  ]);
});

Deno.test("damaged lines with lists of parts are read as they are alone", () => {
  const pieces = [",", "[", "]", "{", "}", '"', "\\", "0", ref("a"), ' "', ":"];
  const random = new Prng(7);
  const full = line(`${ABC},${ref("d")},${ref("e")}`);
  let refused = 0;
  for (let round = 0; round < 300; round++) {
    const start = random.int(full.length);
    const end = start + random.int(4);
    const piece = pieces[random.int(pieces.length)] ?? "";
    const damaged = full.slice(0, start) + piece + full.slice(end);
    assertReadAsAlone([full, damaged, full]);
    if (!outcome([damaged]).startsWith("{")) refused++;
  }
  assert(refused > 100);
});
