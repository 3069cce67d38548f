/**
 * The registry of schemas: which ones there are, and which one a bundle is read by.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { BundleFormatError } from "../../lib/errors.ts";
import type { TraceBundleManifest } from "../../lib/format/manifest.ts";
import {
  isNewerSchema,
  NEWEST_SCHEMA,
  OLDEST_SCHEMA,
  schemaNumbered,
  schemaOf,
  schemaOfBundle,
  SCHEMAS,
} from "../../lib/schema/registry.ts";
import { deriveSchema, type Schema } from "../../lib/schema/schema.ts";
import { V1 } from "../../lib/schema/v1.ts";
import { V2 } from "../../lib/schema/v2.ts";
import { V3 } from "../../lib/schema/v3.ts";
import { testEvery } from "../support/every_schema.ts";
import { oracleVersion } from "../reduce/reference/oracle.ts";

const NEWER = NEWEST_SCHEMA.version + 1;

function manifest(schema_version: number): TraceBundleManifest {
  return {
    schema_version,
    trace_id: "trace",
    rollout_id: "rollout",
    root_thread_id: "thread",
    started_at_unix_ms: 0,
    raw_event_log: "trace.jsonl",
    payloads_dir: "payloads",
  };
}

Deno.test("SCHEMAS lists the schemas in ascending order, each once", () => {
  const versions = SCHEMAS.map(({ version }) => version);
  assertEquals(versions, [1, 2, 3]);
  assertEquals(versions, [...new Set(versions)].sort((a, b) => a - b));
  assertStrictEquals(OLDEST_SCHEMA, SCHEMAS[0]);
  assertStrictEquals(NEWEST_SCHEMA, SCHEMAS.at(-1));
});

Deno.test("schemaNumbered() knows exactly the versions in SCHEMAS", () => {
  for (const schema of SCHEMAS) {
    assertStrictEquals(schemaNumbered(schema.version), schema);
  }
  for (const version of [-1, 0, 1.5, NEWER, 99, NaN, Infinity]) {
    assertEquals(schemaNumbered(version), undefined, `${version}`);
  }
});

Deno.test("schemaOf() takes every lower number for the oldest schema", () => {
  for (const version of [-(2 ** 31), -1, 0, 1]) {
    assertStrictEquals(schemaOf(version), V1, `${version}`);
  }
  assertStrictEquals(schemaOf(2), V2);
  assertStrictEquals(schemaOf(3), V3);
  for (const version of [NEWER, 99, 2 ** 31 - 1]) {
    assertEquals(schemaOf(version), undefined, `${version}`);
    assert(isNewerSchema(version), `${version}`);
  }
  assert(!SCHEMAS.some(({ version }) => isNewerSchema(version)));
});

/** What each number of a manifest is read by; null where only a tolerant reader reads it. */
const BY_MANIFEST: Readonly<Record<number, Schema | null>> = {
  [-1]: V1,
  0: V1,
  1: V1,
  2: V2,
  3: V3,
  4: null,
  99: null,
};

for (const [number, schema] of Object.entries(BY_MANIFEST)) {
  const version = Number(number);
  Deno.test(`schemaOfBundle() of a manifest with schema ${version}`, () => {
    const tolerant = schemaOfBundle(manifest(version), true);
    assertStrictEquals(tolerant, schema ?? NEWEST_SCHEMA);
    if (schema !== null) {
      assertStrictEquals(schemaOfBundle(manifest(version), false), schema);
      return;
    }
    const error = assertThrows(
      () => schemaOfBundle(manifest(version), false),
      BundleFormatError,
    );
    assertEquals([error.file, error.path, error.line], [
      "manifest.json",
      "schema_version",
      undefined,
    ]);
    assertEquals(
      error.reason,
      `schema_version: the bundle has schema ${version}, and this program ` +
        "knows schemas up to 3: a newer version of it is needed",
    );
  });
}

testEvery(SCHEMAS, "every facet carries the version", (schema) => {
  const { version, reduce, write } = schema;
  assertEquals([reduce.schema, write.schema], [version, version]);
});

testEvery(SCHEMAS, "a schema names the releases that write it", (schema) => {
  const { reference, writtenBy } = schema;
  assert(/^0\.\d+\.\d+$/.test(reference), reference);
  const [, first, last] = /^(0\.\d+) –(?: (0\.\d+))?$/.exec(writtenBy) ?? [];
  assert(first !== undefined, writtenBy);
  assertEquals(last === undefined, schema === NEWEST_SCHEMA, writtenBy);
  const minor = Number(reference.split(".")[1]);
  assert(minor >= Number(first.split(".")[1]), writtenBy);
  if (last !== undefined) assert(reference.startsWith(`${last}.`), writtenBy);
});

Deno.test("the reference of each schema is the release of its specification", () => {
  assertEquals(
    SCHEMAS.map(({ version, reference }) => [version, reference]),
    [[1, "0.164.0"], [2, "0.169.0"], [3, "0.171.0"]],
  );
  for (const { version, reference } of SCHEMAS) {
    assertEquals(oracleVersion(version), reference);
  }
});

testEvery(SCHEMAS, "the closing event is an event of the schema", (schema) => {
  const { log, events, reduce } = schema;
  const types = Object.keys(events.events);
  if (log.closingEvent === null) assertEquals(reduce.recordingKey, null);
  else assert(types.includes(log.closingEvent), log.closingEvent);
  for (const type of Object.keys(reduce.addedHandlers)) {
    assert(types.includes(type), type);
  }
});

testEvery(
  SCHEMAS,
  "the key of the recording is a key of state.json",
  (schema) => {
    const keys = ["recording_complete", "recording_status"];
    const { recordingKey } = schema.reduce;
    const absent = schema.state.absent.root ?? [];
    assertEquals(
      keys.filter((key) => !absent.includes(key)),
      recordingKey === null ? [] : [recordingKey],
    );
  },
);

Deno.test("deriveSchema() changes what it is given and nothing else", () => {
  const derived = deriveSchema(V2, {
    version: 7,
    writtenBy: "0.7 –",
    reference: "0.7.0",
    log: { closingEvent: null },
    reduce: { emptyBodies: false },
    write: { turnsCanFail: false },
  });
  assertEquals(derived.version, 7);
  assertEquals(derived.log, { ...V2.log, closingEvent: null });
  assertEquals(derived.reduce, { ...V2.reduce, schema: 7, emptyBodies: false });
  assertEquals(derived.write, { ...V2.write, schema: 7, turnsCanFail: false });
  assertStrictEquals(derived.events, V2.events);
  assertStrictEquals(derived.storage, V2.storage);
  assertStrictEquals(derived.state, V2.state);
  // The base stays as it is.
  assertEquals([V2.version, V2.reduce.schema, V2.write.schema], [2, 2, 2]);
});
