/**
 * Tests of rules that several schemas have, and what tests ask about a schema.
 *
 * @module
 */

import { schemaNumbered } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";

/** A schema, or its number. */
export type SchemaOrNumber = Schema | number;

/** The schema of that number. */
export function asSchema(schema: SchemaOrNumber): Schema {
  if (typeof schema !== "number") return schema;
  const known = schemaNumbered(schema);
  if (known !== undefined) return known;
  throw new RangeError(`schema ${schema} is not known`);
}

/** Whether payloads are records of shards. Where they are files, references name a path. */
export function usesShards(schema: SchemaOrNumber): boolean {
  return asSchema(schema).state.absent.payload?.includes("path") ?? false;
}

/** Registers a test of a rule for each schema that has it. */
export function testEvery(
  schemas: readonly Schema[],
  name: string,
  run: (schema: Schema) => void,
): void {
  for (const schema of schemas) {
    Deno.test(`${name} (schema ${schema.version})`, () => run(schema));
  }
}
