/**
 * A copy of a bundle in which nothing is to be replaced: it is not walked again, and yet scanned.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DiskFiles } from "../../../lib/bundle/storage/disk_files.ts";
import { CopyFolder } from "../../../lib/export/redact/bundle/copy_folder.ts";
import { redactBundle } from "../../../lib/export/redact/redact_bundle.ts";
import { Redaction } from "../../../lib/export/redact/redaction.ts";
import { inFolderAsync, namesIn } from "../../support/cli.ts";
import { plantBundle } from "./planted_bundle.ts";

const TOKEN = "ghp_R4nd0mChars7wX2yZ9aB1cD3eF5gH6iJ8kL";

/** The files of a folder and what they have. */
function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    [
      ...["manifest.json", "trace.jsonl"],
      ...namesIn(join(folder, "payloads")).map((name) => `payloads/${name}`),
    ].map((name) => [
      name,
      Deno.readTextFileSync(join(folder, name)),
    ]),
  );
}

/** Copies a bundle without values; `change` is called between the steps of it. */
async function copied(
  folder: string,
  change: (places: { source: string; copy: string; step: string }) => void,
): Promise<Redaction> {
  const source = join(folder, "source");
  plantBundle(source, 1, []);
  const redaction = new Redaction(new DiskFiles(source), {});
  await using target = new CopyFolder(join(folder, "copy"));
  const copy = target.temporary;
  change({ source, copy, step: "found" });
  for (const _ of redaction.replace(target)) await target.pause();
  await target.settle();
  change({ source, copy, step: "written" });
  for (const _ of redaction.scan(new DiskFiles(copy))) await target.pause();
  return redaction;
}

function withToken(path: string): void {
  const text = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, text.replace("{", `{"note":"${TOKEN}",`));
}

const FIRST = join("payloads", "1.json");

Deno.test("a copy in which nothing is replaced has the bytes of the bundle", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 1, []);
    const { receipt, isWritten } = await redactBundle(source, copy);
    assertEquals([receipt.kinds, isWritten], [[], true]);
    assertEquals(filesOf(copy), filesOf(source));
  });
});

Deno.test("the second scan finds what is in the files of a copy in which nothing was replaced", async () => {
  await inFolderAsync(async (folder) => {
    const { leftOver } = await copied(folder, ({ copy, step }) => {
      if (step === "written") withToken(join(copy, FIRST));
    });
    assertEquals(leftOver?.map(({ kind, file }) => [kind, file]), [
      ["github-token", "payloads/1.json"],
    ]);
  });
});

Deno.test("the second scan finds a file that a copy has beside the files of the bundle", async () => {
  await inFolderAsync(async (folder) => {
    const { leftOver } = await copied(folder, ({ copy, step }) => {
      if (step !== "written") return;
      Deno.writeTextFileSync(join(copy, "payloads", "9999.json"), TOKEN);
    });
    assertEquals(leftOver?.map(({ kind, file }) => [kind, file]), [
      ["github-token", "payloads/9999.json"],
    ]);
  });
});

Deno.test("a bundle that changes after values were searched for is scanned as it is copied", async () => {
  await inFolderAsync(async (folder) => {
    const { leftOver } = await copied(folder, ({ source, step }) => {
      if (step === "found") withToken(join(source, FIRST));
    });
    assertEquals(leftOver?.map(({ kind, file }) => [kind, file]), [
      ["github-token", "payloads/1.json"],
    ]);
  });
});

Deno.test("the name of a file with a placeholder is spelled for files where nothing is replaced", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 1, []);
    const log = join(source, "trace.jsonl");
    const name = "[text:1:340].json";
    Deno.renameSync(join(source, FIRST), join(source, "payloads", name));
    Deno.writeTextFileSync(
      log,
      Deno.readTextFileSync(log).replace(
        '"payloads/1.json"',
        `"payloads/${name}"`,
      ),
    );
    await redactBundle(source, copy);
    const changed = Deno.readTextFileSync(join(copy, "trace.jsonl"));
    assertEquals(changed.includes('"payloads/text-1-340.json"'), true);
    assertEquals(
      namesIn(join(copy, "payloads")).includes("text-1-340.json"),
      true,
    );
  });
});

Deno.test("a value in the manifest is replaced", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 1, []);
    withToken(join(source, "manifest.json"));
    const { receipt } = await redactBundle(source, copy);
    const text = Deno.readTextFileSync(join(copy, "manifest.json"));
    assertEquals(text.includes(TOKEN), false);
    assertEquals(receipt.kinds.map(({ kind }) => kind), ["github-token"]);
  });
});

Deno.test("a value in the name of a file that no event names is replaced", async () => {
  await inFolderAsync(async (folder) => {
    const [source, copy] = [join(folder, "source"), join(folder, "copy")];
    plantBundle(source, 1, []);
    Deno.writeTextFileSync(join(source, "payloads", `${TOKEN}.json`), "{}");
    const { isWritten } = await redactBundle(source, copy);
    const names = namesIn(join(copy, "payloads"));
    assertEquals(isWritten, true);
    assertEquals(names.includes("secret-github-token-1.json"), true);
    assertEquals(names.some((name) => name.includes(TOKEN)), false);
  });
});
