/**
 * Checks the manifest: whether it can be read, and whether it is as recorders leave it.
 *
 * @module
 */

import type { FolderListing } from "../bundle/folder_listing.ts";
import type { BundleFolder } from "../bundle/inside_file.ts";
import type { Limits } from "../bundle/limits.ts";
import { readManifest } from "../bundle/manifest_file.ts";
import { BundleFormatError, LimitError, quote } from "../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  type TraceBundleManifest,
} from "../format/manifest.ts";
import {
  isNewerSchema,
  NEWEST_SCHEMA,
  OLDEST_SCHEMA,
  schemaOfBundle,
} from "../schema/registry.ts";
import type { Schema } from "../schema/schema.ts";
import type { CheckCode, NewFinding } from "./finding.ts";

/** A manifest and by which schema its bundle is read. */
export interface KnownManifest {
  readonly manifest: TraceBundleManifest;
  readonly schema: Schema;
}

/** Reads the manifest; or tells what keeps it from being read. */
export function checkManifest(
  folder: BundleFolder,
  listing: FolderListing,
  limits: Limits,
): KnownManifest | NewFinding {
  try {
    const manifest = readManifest(folder, limits);
    return { manifest, schema: schemaOfBundle(manifest, true) };
  } catch (error) {
    return faultOf(error, listing);
  }
}

/** What about a manifest is not as recorders leave it. */
export function odditiesOf(known: KnownManifest | undefined): NewFinding[] {
  return known === undefined ? [] : oddities(known.manifest).map((message) => ({
    code: "manifest_nonstandard",
    severity: "warning",
    file: MANIFEST_FILE,
    message,
  }));
}

/** That a manifest has a schema which this program does not know, `undefined` when it knows it. */
export function newerSchemaOf(
  known: KnownManifest | undefined,
): NewFinding | undefined {
  if (known === undefined) return undefined;
  const { schema_version: version } = known.manifest;
  if (!isNewerSchema(version)) return undefined;
  return {
    code: "manifest_schema",
    severity: "error",
    file: MANIFEST_FILE,
    message:
      `the bundle has schema ${version}, and this program knows schemas up to ${NEWEST_SCHEMA.version}; lines and payloads were not examined`,
  };
}

function faultOf(error: unknown, listing: FolderListing): NewFinding {
  const about = { severity: "error", file: MANIFEST_FILE } as const;
  if (error instanceof LimitError) {
    return { ...about, code: error.code, message: error.reason };
  }
  if (!(error instanceof BundleFormatError)) throw error;
  return { ...about, code: codeOf(listing), message: error.reason };
}

function codeOf(listing: FolderListing): CheckCode {
  return listing.has(MANIFEST_FILE) ? "manifest_malformed" : "manifest_missing";
}

function oddities(manifest: TraceBundleManifest): string[] {
  const { schema_version, raw_event_log, payloads_dir } = manifest;
  const odd: string[] = [];
  if (schema_version < OLDEST_SCHEMA.version) {
    odd.push(
      `schema ${schema_version} was never written; it is read as ${OLDEST_SCHEMA.version}`,
    );
  }
  if (raw_event_log !== EVENT_LOG_FILE) {
    odd.push(
      `raw_event_log is ${
        quote(raw_event_log)
      }; ${EVENT_LOG_FILE} is read all the same`,
    );
  }
  if (payloads_dir !== PAYLOADS_DIR) {
    odd.push(
      `payloads_dir is ${
        quote(payloads_dir)
      }; payloads are read as events name them`,
    );
  }
  return odd;
}
