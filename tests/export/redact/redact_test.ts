/**
 * A redacted copy has nothing that was planted, in any spelling, and is otherwise the same bundle.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { checkBundle } from "../../../lib/check/check.ts";
import { CopyFolder } from "../../../lib/export/redact/bundle/copy_folder.ts";
import { PatternError } from "../../../lib/export/redact/detect/custom_patterns.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { replayBundle } from "../../../lib/replay.ts";
import { NEWEST_SCHEMA, SCHEMAS } from "../../../lib/schema/registry.ts";
import { slowTest } from "../../support/cases.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolderAsync, namesIn } from "../../support/cli.ts";
import { stateText } from "../../support/state_text.ts";
import { leftIn, plantBundle, spellingsOf, textsOf } from "./planted_bundle.ts";
import { plantedValues } from "./planted_values.ts";

/** Whether a text has a placeholder, in any spelling; in the name of a file it has hyphens. */
function isRedacted(text: string): boolean {
  return spellingsOf(text).some((each) =>
    /(?:secret|personal)[:-][a-z0-9-]+[:-]\d+/.test(each)
  );
}

/** Asserts that two values have the same shape, and differ only where something was replaced. */
function assertIsomorphic(a: unknown, b: unknown, path = ""): void {
  if (typeof a === "string" && typeof b === "string") {
    assert(a === b || isRedacted(b), `${path}: ${a} is ${b}`);
    return;
  }
  if (typeof a !== "object" || a === null || typeof b !== "object") {
    assertEquals(b, a, path);
    return;
  }
  assert(b !== null, path);
  const [left, right] = [Object.entries(a), Object.entries(b)];
  assertEquals(right.map(([key]) => key), left.map(([key]) => key), path);
  left.forEach(([key, value], at) =>
    assertIsomorphic(value, right[at]?.[1], `${path}.${key}`)
  );
}

for (const { version } of SCHEMAS) {
  // One schema in little time, every one in the slow run.
  const test = version === NEWEST_SCHEMA.version ? Deno.test : slowTest;
  test(`a copy has none of the planted values, and the same graph (schema ${version})`, async () => {
    await inFolderAsync(async (folder) => {
      const planted = plantedValues(version);
      const [source, copy] = [join(folder, "source"), join(folder, "copy")];
      plantBundle(source, version, planted);
      assertEquals(
        leftIn(source, planted).length,
        planted.length,
        "every value is found where it was planted",
      );
      const { receipt, isWritten } = await redactBundle(source, copy, {
        personal: true,
      });
      assertEquals(receipt.second_scan?.left_over, []);
      assert(isWritten);
      assertEquals(leftIn(copy, planted), []);
      const [before, after] = [source, copy].map((each) => checkBundle(each));
      assertEquals(
        after?.findings.map(({ code }) => code),
        before?.findings.map(({ code }) => code),
      );
      assertIsomorphic(
        JSON.parse(stateText(replayBundle(source))),
        JSON.parse(stateText(replayBundle(copy))),
      );
    });
  });
}

Deno.test("without personal data asked for, secrets alone are replaced", async () => {
  await inFolderAsync(async (folder) => {
    const planted = plantedValues(7);
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 3, planted);
    const { receipt } = await redactBundle(source, copy);
    const left = leftIn(copy, planted);
    assertEquals(
      left,
      planted.filter(({ isPersonal }) => isPersonal).map(({ name }) => name),
    );
    assertEquals(receipt.kinds.filter(({ level }) => level !== "secret"), []);
  });
});

slowTest(
  "without content, a copy has no text, and the same graph",
  async () => {
    for (const { version } of SCHEMAS) {
      await inFolderAsync(async (folder) => {
        const canary = "a canary sings";
        const planted = plantedValues(version).map((each) => ({
          ...each,
          text: `${canary} ${each.text}`,
          // Keys are names, and kept.
          key: each.name,
        }));
        const [source, copy] = [join(folder, "source"), join(folder, "copy")];
        plantBundle(source, version, planted);
        const { receipt } = await redactBundle(source, copy, {
          personal: true,
          content: "none",
        });
        assertEquals(receipt.second_scan?.left_over, []);
        const sung = [...textsOf(copy)].filter(([, text]) =>
          spellingsOf(text).some((each) => each.includes("canary"))
        );
        assertEquals(sung.map(([path]) => path.slice(copy.length)), []);
        const [before, after] = [source, copy].map((each) =>
          Object.keys(JSON.parse(stateText(replayBundle(each))))
        );
        assertEquals(after, before);
        assertEquals(
          replayBundle(copy).conversation_items.size,
          replayBundle(source).conversation_items.size,
        );
      });
    }
  },
);

slowTest("a copy of a copy is the same, byte for byte", async () => {
  await inFolderAsync(async (folder) => {
    const [source, one, two] = ["source", "one", "two"].map((name) =>
      join(folder, name)
    );
    assert(source && one && two);
    plantBundle(source, 2, plantedValues(11));
    await redactBundle(source, one, { personal: true });
    const { receipt } = await redactBundle(one, two, { personal: true });
    assertEquals(receipt.kinds, []);
    const texts = (folder: string) =>
      [...textsOf(folder)].map(([path, text]) =>
        [path.slice(folder.length), text] as const
      ).filter(([path]) => path !== "");
    assertEquals(texts(two), texts(one));
  });
});

Deno.test("a dry run writes nothing, and shows no value", async () => {
  await inFolderAsync(async (folder) => {
    const planted = plantedValues(13);
    const source = join(folder, "source");
    plantBundle(source, 1, planted);
    const { receipt, found } = await redactBundle(source, null, {
      personal: true,
    });
    assertEquals(namesIn(folder), ["source"]);
    const printed = JSON.stringify([receipt, found]);
    const shown = planted.filter(({ value }) => printed.includes(value));
    assertEquals(shown.map(({ name }) => name), []);
    assertEquals(receipt.second_scan, null);
    assert(found.length >= planted.length, `${found.length}`);
  });
});

Deno.test("patterns of a user are found, and allowed values are kept", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const text = "ticket ACME-4711, contact jane.doe@example.org, bob@acme.org";
    plantBundle(source, 3, [
      { name: "t", value: text, text, isPersonal: true, isAlone: true },
    ]);
    const { receipt } = await redactBundle(source, copy, {
      personal: true,
      patterns: [{ name: "ticket", pattern: "ACME-\\d+", level: "secret" }],
      allow: ["/.*@acme\\.org/"],
    });
    assertEquals(receipt.second_scan?.left_over, []);
    const texts = [...textsOf(copy).values()].join("\n");
    assert(!texts.includes("ACME-4711"), "the pattern");
    assert(!texts.includes("jane.doe"), "the email");
    assert(texts.includes("bob@acme.org"), "the allowed email");
    assert(texts.includes("[secret:ticket:1]"), "the placeholder");
  });
});

Deno.test("a pattern that matches a word of the format is refused before anything is read", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 3, []);
    for (const pattern of ["thread_id", "^content$", "inference_f", "\\w+"]) {
      const patterns = [{ name: "own", pattern, level: "secret" as const }];
      await assertRejects(
        () => redactBundle(source, copy, { patterns }),
        PatternError,
        "patterns[0].pattern matches",
      );
    }
    assertEquals(namesIn(folder), ["source"]);
  });
});

Deno.test("a value that is a word of the format is replaced only where a pattern finds it", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const text = "customer: thread_id, customer: type";
    plantBundle(source, 3, [
      { name: "t", value: text, text, isPersonal: true, isAlone: true },
    ]);
    const { isWritten } = await redactBundle(source, copy, {
      patterns: [
        { name: "own", pattern: "customer: (\\w+)", level: "secret" },
      ],
    });
    assert(isWritten);
    const texts = [...textsOf(copy).values()].join("\n");
    assert(!texts.includes("customer: thread_id"), "the value");
    assert(texts.includes("customer: [secret:own:1]"), "the placeholder");
    assertEquals(
      Object.keys(JSON.parse(stateText(replayBundle(copy)))),
      Object.keys(JSON.parse(stateText(replayBundle(source)))),
    );
  });
});

Deno.test("a file that no event names is redacted, and not copied if it is not UTF-8", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const secret = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
    const text = new TextEncoder().encode(`{"note":"${secret}"}`);
    plantBundle(source, 2, []);
    const packed = await new Response(
      new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
    ).arrayBuffer();
    const wide = new Uint8Array(text.length * 2 + 1).fill(0xff, 0, 1);
    text.forEach((byte, at) => wide[2 * at + 1] = byte);
    const payloads = join(source, "payloads");
    Deno.writeFileSync(join(payloads, "900.json"), text);
    Deno.writeFileSync(join(payloads, "901.gz"), new Uint8Array(packed));
    Deno.writeFileSync(join(payloads, "902.txt"), wide);
    const { receipt, isWritten } = await redactBundle(source, copy);
    assert(isWritten);
    const note = Deno.readTextFileSync(join(copy, "payloads", "900.json"));
    assertEquals(note, `{"note":"[secret:github-token:1]"}`);
    assertEquals(
      receipt.not_copied,
      ["901.gz", "902.txt"].map((name) => ({
        file: `payloads/${name}`,
        reason: "no event names it, and it is not UTF-8",
      })),
    );
    assert(!existsSync(join(copy, "payloads", "901.gz")));
    assert(!existsSync(join(copy, "payloads", "902.txt")));
  });
});

Deno.test("a file that events name by several paths is copied once, by the first", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    const bundle = new RawBundle(1);
    const path = "payloads/1.json";
    bundle.payload("protocol_event", { note: "first" });
    for (const each of [path.replace("/", "/./"), path.replace("/", "//")]) {
      bundle.event({
        type: "protocol_event_observed",
        event_type: "note",
        event_payload: {
          raw_payload_id: each,
          kind: { type: "protocol_event" },
          path: each,
        },
      });
    }
    bundle.end().writeTo(source);
    const { receipt, isWritten } = await redactBundle(source, copy);
    assert(isWritten);
    assertEquals(receipt.not_copied, []);
    assertEquals(
      Deno.readTextFileSync(join(copy, path)),
      Deno.readTextFileSync(join(source, path)),
    );
  });
});

Deno.test("a folder that exists is not replaced, and nothing stays behind after an error", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 2, plantedValues(17).slice(0, 2));
    Deno.mkdirSync(copy);
    let message = "";
    try {
      await redactBundle(source, copy);
    } catch (error) {
      message = String(error);
    }
    assert(message.includes("it exists already"), message);
    Deno.removeSync(copy);
    try {
      await redactBundle(source, copy, { limits: { output: 2000 } });
    } catch (error) {
      message = String(error);
    }
    assert(message.includes("exceeds"), message);
    assert(!existsSync(copy));
    assertEquals(namesIn(folder), ["source"]);
  });
});

Deno.test("what a killed run left is removed with its folder, and nothing of one that runs", async () => {
  await inFolderAsync(async (folder) => {
    const copy = join(folder, "copy");
    const killed = join(folder, ".rollout-trace-0123abcd.tmp");
    Deno.writeTextFileSync(killed, "");
    Deno.mkdirSync(join(`${killed}.d`, "payloads"), { recursive: true });
    await using running = new CopyFolder(join(folder, "other"));
    running.write("payloads/1.json", new Uint8Array(1));
    await running.settle();
    plantBundle(join(folder, "source"), 2, plantedValues(17).slice(0, 2));
    await redactBundle(join(folder, "source"), copy);
    assert(!existsSync(killed) && !existsSync(`${killed}.d`));
    assert(existsSync(join(running.temporary, "payloads", "1.json")));
    running.finish();
    await running[Symbol.asyncDispose]();
    assertEquals(namesIn(folder), ["copy", "other", "source"]);
  });
});
