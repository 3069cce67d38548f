/**
 * Checks the manifest: whether it can be read, and whether recorders write such a manifest.
 *
 * @module
 */

import type { Limits } from "../bundle/limits.ts";
import { readManifest } from "../bundle/manifest_file.ts";
import type { BundleFiles } from "../bundle/storage/bundle_files.ts";
import type { FolderListing } from "../bundle/storage/folder_listing.ts";
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
import type { CheckCode, NewFinding } from "./report.ts";

/** A manifest and by which schema its bundle is read. */
export interface KnownManifest {
  readonly manifest: TraceBundleManifest;
  readonly schema: Schema;
}

/** Reads the manifest, or returns the finding that explains why it cannot be read. */
export function checkManifest(
  files: BundleFiles,
  listing: FolderListing,
  limits: Limits,
): KnownManifest | NewFinding {
  try {
    const manifest = readManifest(files, limits);
    return { manifest, schema: schemaOfBundle(manifest, true) };
  } catch (error) {
    return manifestFault(error, listing);
  }
}

/** Findings about values in a manifest that no recorder writes. */
export function nonstandardValues(
  known: KnownManifest | undefined,
): NewFinding[] {
  return known === undefined
    ? []
    : nonstandardMessages(known.manifest).map((message) => ({
      code: "manifest_nonstandard",
      severity: "warning",
      file: MANIFEST_FILE,
      message,
    }));
}

/** The finding that a manifest has a newer schema; undefined for a known schema. */
export function newerSchemaFinding(
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

function manifestFault(error: unknown, listing: FolderListing): NewFinding {
  const location = { severity: "error", file: MANIFEST_FILE } as const;
  if (error instanceof LimitError) {
    return { ...location, code: error.code, message: error.reason };
  }
  if (!(error instanceof BundleFormatError)) throw error;
  return { ...location, code: codeOf(listing), message: error.reason };
}

function codeOf(listing: FolderListing): CheckCode {
  return listing.has(MANIFEST_FILE) ? "manifest_malformed" : "manifest_missing";
}

function nonstandardMessages(manifest: TraceBundleManifest): string[] {
  const { schema_version, raw_event_log, payloads_dir } = manifest;
  const messages: string[] = [];
  if (schema_version < OLDEST_SCHEMA.version) {
    messages.push(
      `schema ${schema_version} was never in use; it is read as ${OLDEST_SCHEMA.version}`,
    );
  }
  if (raw_event_log !== EVENT_LOG_FILE) {
    messages.push(
      `raw_event_log is ${
        quote(raw_event_log)
      }; ${EVENT_LOG_FILE} is read nonetheless`,
    );
  }
  if (payloads_dir !== PAYLOADS_DIR) {
    messages.push(
      `payloads_dir is ${
        quote(payloads_dir)
      }; payloads are read as events name them`,
    );
  }
  return messages;
}
