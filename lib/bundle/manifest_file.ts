/**
 * Reads the manifest of a bundle.
 *
 * @module
 */

import { BundleFormatError, LimitError } from "../errors.ts";
import { DecodeError } from "../format/decode/decode.ts";
import { nestsDeeper } from "../format/json/json_strict.ts";
import {
  decodeManifest,
  MANIFEST_FILE,
  type TraceBundleManifest,
} from "../format/manifest.ts";
import type { BundleFiles } from "./storage/bundle_files.ts";
import { openBundleFile } from "./storage/open_bundle_file.ts";
import { ByteBuffer, TextEncodingError } from "./byte_buffer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

/**
 * Reads `manifest.json`.
 *
 * @throws {BundleFormatError} If it is missing or malformed.
 * @throws {LimitError} If it is longer than a line may be, or nests too deep.
 */
export function readManifest(
  files: BundleFiles,
  limits: Limits = DEFAULT_LIMITS,
): TraceBundleManifest {
  const text = readText(files, limits);
  if (nestsDeeper(text, limits.depth)) {
    throw exceeded("depth", limits, "nests deeper than");
  }
  return decode(text);
}

function exceeded(
  limit: "line" | "depth",
  limits: Limits,
  what: string,
): LimitError {
  return new LimitError(limit, limits[limit], what, { file: MANIFEST_FILE });
}

/** More than the manifest of a recorder has. */
const MANIFEST_BYTES = 2048;

function readText(files: BundleFiles, limits: Limits): string {
  using opened = openBundleFile(files, MANIFEST_FILE);
  const buffer = new ByteBuffer(MANIFEST_BYTES);
  if (!buffer.fill(opened.source, limits.line)) {
    throw exceeded("line", limits, "has more bytes than");
  }
  try {
    return buffer.text();
  } catch (cause) {
    if (!(cause instanceof TextEncodingError)) throw cause;
    throw new BundleFormatError(cause.message, { file: MANIFEST_FILE }, {
      cause,
    });
  }
}

function decode(text: string): TraceBundleManifest {
  if (text.startsWith("\ufeff")) {
    throw new BundleFormatError(
      "begins with a byte order mark (BOM), which is not JSON: save it as UTF-8 without one",
      { file: MANIFEST_FILE },
    );
  }
  try {
    return decodeManifest(text);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    const position = { file: MANIFEST_FILE, path: cause.path };
    throw new BundleFormatError(cause.reason, position, { cause });
  }
}
