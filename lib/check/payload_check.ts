/**
 * Checks the payload files against what events say of them, and the folder against both.
 *
 * @module
 */

import type { FolderListing } from "../bundle/folder_listing.ts";
import type { BundlePayloads } from "../bundle/payloads/bundle_payloads.ts";
import { PayloadError } from "../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
  STATE_FILE,
} from "../format/manifest.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import type { Findings } from "./findings.ts";
import type { PayloadWatch } from "./payload_watch.ts";

/**
 * Makes sure that every payload that is named exists and is what its reference claims.
 *
 * @param wasChecked Whether the reduction checked a reference already.
 * @throws {LimitError} If they are too much in all.
 */
export function checkPayloads(
  payloads: BundlePayloads,
  named: PayloadWatch,
  wasChecked: (ref: RawPayloadRef) => boolean,
  findings: Findings,
): void {
  for (const ref of named.refs) {
    if (findings.isBroken(ref.raw_payload_id) || wasChecked(ref)) continue;
    try {
      payloads.verify(ref);
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      findings.addDiagnostic({
        code: error.code,
        severity: "loss",
        file: error.file,
        line: null,
        seq: null,
        event_type: null,
        ids: { raw_payload_id: error.rawPayloadId },
        message: error.message,
        lost: "the evidence in the payload; no object of the graph needs it",
      });
    }
  }
}

/** How much lies in the folder of the payloads. */
export interface PayloadTotals {
  readonly payload_files: number;
  readonly payload_bytes: number;
}

/** Looks for files that nobody names; `isComplete` says whether all names are known. */
export function checkPayloadFolder(
  listing: FolderListing,
  named: PayloadWatch,
  isComplete: boolean,
  findings: Findings,
): PayloadTotals {
  let files = 0;
  let bytes = 0;
  for (const { path, size } of listing.payloadEntries()) {
    files++;
    bytes += size;
    if (named.names(path)) continue;
    if (isTemporary(path)) addTemporary(path, findings);
    else if (isComplete) {
      findings.add({
        code: "payload_orphaned",
        severity: "warning",
        file: path,
        message: "no event names this file: the event was not recorded",
      });
    }
  }
  return { payload_files: files, payload_bytes: bytes };
}

const EXPECTED: readonly string[] = [
  MANIFEST_FILE,
  EVENT_LOG_FILE,
  PAYLOADS_DIR,
  STATE_FILE,
];

/** Looks for what does not belong into a bundle. */
export function checkStrays(listing: FolderListing, findings: Findings): void {
  for (const { path } of listing.topEntries()) {
    if (EXPECTED.includes(path)) continue;
    if (isTemporary(path)) addTemporary(path, findings);
    else {
      findings.add({
        code: "unknown_file",
        severity: "note",
        file: path,
        message: "no part of a bundle",
      });
    }
  }
}

function isTemporary(path: string): boolean {
  return /\.tmp$/.test(path);
}

function addTemporary(path: string, findings: Findings): void {
  findings.add({
    code: "temporary_file",
    severity: "note",
    file: path,
    message: "left behind by a write that was interrupted, or in progress",
  });
}
