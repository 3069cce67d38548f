/**
 * Shards as files: where one may be, and what may not be in its place.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { checkBundle } from "../../../lib/check/check.ts";
import { BundleFormatError } from "../../../lib/errors.ts";
import { replayBundle } from "../../../lib/replay.ts";
import {
  payloadFault,
  replayTolerantly,
  ShardBundle,
  shardRefTo,
} from "./shard_bundle.ts";
import { shardBytes } from "../../support/bundles/shards.ts";
import { observeOpens } from "../../support/bundles/opened_files.ts";

const FILE = "payloads/000001.zst";

const UNIX = Deno.build.os !== "windows";

/** A bundle with a payload in shard 1, whose file `put` makes in place of the shard. */
function replaced(
  put: (file: string, dir: string) => void,
  use: (dir: string) => void,
): void {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", '"inside"'));
  bundle.inFolder((dir) => {
    const file = join(dir, FILE);
    Deno.removeSync(file);
    put(file, dir);
    use(dir);
  });
}

function assertRefused(dir: string, code: string): void {
  assertEquals(payloadFault(() => replayBundle(dir)), [code, "p", FILE]);
  assertEquals(replayTolerantly(dir).diagnostics.map(({ code }) => code), [
    code,
  ]);
  assertEquals(checkBundle(dir).reduction.refused_by?.code, code);
}

/** Shards that lead elsewhere, by the code that they are refused with. */
const ELSEWHERE: readonly (readonly [
  what: string,
  code: string,
  put: (file: string, dir: string) => void,
])[] = [
  ["a folder", "payload_not_regular", (file) => Deno.mkdirSync(file)],
  [
    "a link to a file outside",
    "payload_path_refused",
    (file, dir) => {
      const outside = `${dir}/../outside.zst`;
      Deno.writeFileSync(outside, shardBytes([{ id: "p", data: "1" }]));
      Deno.symlinkSync("../../outside.zst", file);
    },
  ],
  [
    "a link to a device",
    "payload_path_refused",
    (file) => Deno.symlinkSync("/dev/zero", file),
  ],
  [
    "a link that leads nowhere",
    "payload_unreadable",
    (file) => Deno.symlinkSync("nowhere.zst", file),
  ],
  [
    "a link to itself",
    "payload_unreadable",
    (file) => Deno.symlinkSync("000001.zst", file),
  ],
];

for (const [what, code, put] of ELSEWHERE) {
  Deno.test({
    name: `a shard is a regular file inside the bundle: ${what}`,
    ignore: !UNIX,
    fn: () => replaced(put, (dir) => assertRefused(dir, code)),
  });
}

Deno.test({
  name: "a shard that is a pipe is refused, and not waited for",
  ignore: !UNIX,
  fn: () => {
    replaced((file) => {
      const made = new Deno.Command("mkfifo", { args: [file] }).outputSync();
      assert(made.success);
    }, (dir) => assertRefused(dir, "payload_not_regular"));
  },
});

Deno.test({
  name: "a shard that is a link to another shard of the bundle is read",
  ignore: !UNIX,
  fn: () => {
    replaced((file, dir) => {
      const other = join(dir, "payloads", "000007.zst");
      Deno.writeFileSync(other, shardBytes([{ id: "p", data: "1" }]));
      Deno.symlinkSync("000007.zst", file);
    }, (dir) => assertEquals(replayTolerantly(dir).diagnostics, []));
  },
});

Deno.test({
  name: "a folder of shards that leads outside is refused",
  ignore: !UNIX,
  fn: () => {
    const bundle = new ShardBundle();
    bundle.observe(bundle.put("p", "1"));
    bundle.inFolder((dir) => {
      Deno.renameSync(join(dir, "payloads"), join(dir, "..", "outside"));
      Deno.symlinkSync("../outside", join(dir, "payloads"));
      assertRefused(dir, "payload_path_refused");
    });
  },
});

Deno.test("a folder of shards that is replaced while it is read ends the reading", () => {
  const bundle = new ShardBundle();
  bundle.observe(bundle.put("p", "1", { shard: 1 }));
  bundle.observe(bundle.put("q", "1", { shard: 2 }));
  bundle.inFolder((dir) => {
    let replacedOnce = false;
    using _ = observeOpens((path) => {
      if (path.endsWith("000001.zst") && !replacedOnce) {
        replacedOnce = true;
        const folder = join(dir, "payloads");
        Deno.renameSync(folder, join(dir, "..", "moved"));
        Deno.mkdirSync(folder);
        const bytes = shardBytes([{ id: "q", data: '"another"' }]);
        Deno.writeFileSync(join(folder, "000002.zst"), bytes);
      }
    });
    assertThrows(() => replayBundle(dir), BundleFormatError, "replaced");
    assert(replacedOnce);
  });
});

Deno.test("a reference to a shard beside the bundle's names none", () => {
  const bundle = new ShardBundle();
  bundle.put("p", "1");
  // Numbers alone make a name: nothing else is a reference.
  for (const shard of ["1", "../1", -1, 1.5, [1], { n: 1 }, true, 2n ** 64n]) {
    const bad = new ShardBundle();
    bad.observe({ ...shardRefTo("p"), shard });
    const error = assertThrows(() => bad.replay(), BundleFormatError);
    assertEquals(error.path, "payload.event_payload.shard", `${shard}`);
  }
});
