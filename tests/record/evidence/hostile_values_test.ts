/**
 * Hosts with errors of their own: they see nothing of it, each loss is reported once, and readers take
 * the bundle.
 *
 * @module
 */

import { COVERS_ALL_CASES, isInSample } from "../../support/cases.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CALLS, VALUES } from "../../support/bundles/host/hostile_host.ts";
import { play, testEvery } from "./strict_recording.ts";

/** Every value where tests cover all cases; else one in four. */
const SOME_VALUES = Object.values(VALUES).filter((_, at) => isInSample(at));

for (const [name, call] of Object.entries(CALLS)) {
  testEvery(
    `hostile values in ${name} leave a bundle that replays`,
    (schema) => {
      play(schema, (thread) => {
        for (const value of SOME_VALUES) {
          call(thread, value() as never);
        }
      });
    },
  );
}

testEvery(
  "any sequence of hostile calls leaves a bundle that replays",
  (schema) => {
    const calls = fc.constantFrom(...Object.values(CALLS));
    const values = fc.constantFrom(...Object.values(VALUES));
    const sequence = fc.array(fc.tuple(calls, values), { maxLength: 12 });
    fc.assert(
      fc.property(sequence, (steps) => {
        play(schema, (thread) => {
          for (const [call, value] of steps) call(thread, value() as never);
        });
      }),
      { numRuns: COVERS_ALL_CASES ? 40 : 8, seed: 20_261_130 },
    );
  },
);

Deno.test("what the host throws is reported even when it has no text", () => {
  const { errors } = play(1, (thread) => {
    thread.startToolDispatch(() => {
      throw Object.create(null);
    });
  });
  assertEquals(errors, [
    "Cannot record: the host threw a value without a text",
  ]);
});

Deno.test("a callback that rejects does not end the host", async () => {
  play(1, (thread) => thread.recordProtocolEvent(null as never), {
    onError: () => Promise.reject(new Error("the host's")),
  });
  await Promise.resolve();
});
