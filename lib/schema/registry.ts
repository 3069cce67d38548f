/**
 * Every schema version that the program knows, and which one a bundle is read by.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";
import { MANIFEST_FILE, type TraceBundleManifest } from "../format/manifest.ts";
import type { Schema } from "./schema.ts";
import { V1 } from "./v1.ts";
import { V2 } from "./v2.ts";
import { V3 } from "./v3.ts";

/** The known schemas, the oldest first. */
export const SCHEMAS: readonly [Schema, ...Schema[]] = [V1, V2, V3];

/** The oldest known schema. Its reducer never checked the number, so lower ones count as it. */
export const OLDEST_SCHEMA: Schema = V1;

/** The newest known schema; what a writer uses unless another one is asked for. */
export const NEWEST_SCHEMA: Schema = V3;

/** The schema of exactly that number, `undefined` when it is not known. */
export function schemaNumbered(version: number): Schema | undefined {
  return SCHEMAS.find((schema) => schema.version === version);
}

/** The schema by which a number in a manifest is read, `undefined` when it is not known. */
export function schemaOf(version: number): Schema | undefined {
  return version < OLDEST_SCHEMA.version
    ? OLDEST_SCHEMA
    : schemaNumbered(version);
}

/** Whether a number is above that of every known schema. */
export function isNewerSchema(version: number): boolean {
  return version > NEWEST_SCHEMA.version;
}

/**
 * The schema that a bundle is read by.
 *
 * @param allowNewer Whether a bundle of a newer schema is read by the rules of the newest known
 * one, as far as these go.
 * @throws {BundleFormatError} If the schema is not known.
 */
export function schemaOfBundle(
  { schema_version: version }: TraceBundleManifest,
  allowNewer: boolean,
): Schema {
  const schema = schemaOf(version);
  if (schema !== undefined) return schema;
  if (allowNewer) return NEWEST_SCHEMA;
  throw new BundleFormatError(
    `the bundle has schema ${version}, and this program knows schemas up to ${NEWEST_SCHEMA.version}: ` +
      "a newer version of it is needed",
    { file: MANIFEST_FILE, path: "schema_version" },
  );
}
