/**
 * The limit of outputs: a small bundle cannot fill the disk or flood a pipe.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { processIo } from "../../lib/cli/process_io.ts";
import { runProgram } from "../../lib/cli/program.ts";
import { minStateBytes } from "../../lib/graph/view/state_size.ts";
import { stateJson } from "../../lib/graph/view/state_json.ts";
import { replayBundle } from "../../lib/replay.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { writeBenchBundle } from "../support/bundles/long/long_bundle.ts";
import { inFolderAsync, namesIn } from "../support/cli.ts";
import { slowTest } from "../support/cases.ts";

/** Each request has one more item: the graph grows with the square of their number. */
const SHAPE = { calls: 60, tools: 1, outBytes: 10, delta: true } as const;

interface Written {
  readonly code: number;
  readonly stdout: number;
  readonly stderr: string;
}

async function written(args: readonly string[]): Promise<Written> {
  let [stdout, stderr] = [0, ""];
  const io = processIo({
    writeSync: ({ length }) => (stdout += length, length),
    isTerminal: () => false,
  });
  const code = await runProgram(args, {
    ...io,
    stderrLine: (line) => void (stderr += `${line}\n`),
  });
  return { code, stdout, stderr };
}

for (const { version: schema } of SCHEMAS) {
  slowTest(
    `outputs of schema ${schema} end at the limit`,
    () =>
      inFolderAsync(async (folder) => {
        const bundle = join(folder, "bundle");
        writeBenchBundle(bundle, { schema, ...SHAPE });
        const trace = replayBundle(bundle);
        const size = new TextEncoder().encode(stateJson(trace)).length;
        const least = minStateBytes(trace);
        assert(least <= size && least > size / 8, `${least} of ${size}`);

        const output = join(folder, "out");
        const before = namesIn(folder);
        // Refused by the estimate, and while it is written or counted.
        for (const max of [least - 1, size - 1]) {
          for (const path of [output, "-"]) {
            assertRefused(
              await written([
                ...["reduce", bundle, "-o", path, "--limit", `output=${max}`],
              ]),
            );
            assertEquals(namesIn(folder), before);
          }
        }
        for (const path of [output, "-"]) {
          assertRefused(
            await written([
              ...["report", bundle, "-o", path, "--limit", "output=250K"],
            ]),
          );
          assertEquals(namesIn(folder), before);
        }
        assertRefused(
          await written([
            ...["export", bundle, "-o", output, "--format", "chrome"],
            ...["--limit", "output=1000"],
          ]),
        );
        assertEquals(namesIn(folder), before);
        for (const format of ["parquet", "ndjson", "csv", "sqlite"]) {
          assertRefused(
            await written([
              ...["tables", bundle, "-o", output, "--format", format],
              ...["--limit", "output=100"],
            ]),
          );
          assertEquals(namesIn(folder), before);
        }
        const exact = ["--limit", `output=${size}`];
        assertEquals(
          (await written(["reduce", bundle, "-o", "-", ...exact])).stdout,
          size,
        );
        assertEquals(
          (await written(["reduce", bundle, "-o", output, ...exact])).code,
          0,
        );

        for (const command of ["show", "timeline", "stats", "transcript"]) {
          const asked = [command, bundle, "--json", "--limit", "output=100"];
          assertRefused(await written(asked));
        }
        const text = await written([
          "timeline",
          bundle,
          "--limit",
          "output=300",
        ]);
        assertEquals(text.code, 4);
        assert(text.stdout <= 300);
      }),
  );
}

function assertRefused({ code, stdout, stderr }: Written): void {
  assertEquals([code, stdout], [4, 0], stderr);
  assertStringIncludes(stderr, "the output exceeds the limit output=");
  assertStringIncludes(stderr, "--limit output=VALUE");
}
