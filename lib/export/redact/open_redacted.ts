/**
 * A session without what must not leave, for outputs that are shared: a page, a transcript.
 *
 * @module
 */

import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import {
  openFiles,
  type OpenOptions,
} from "../../query/session/open_bundle.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { MemoryCopy } from "./bundle/memory_copy.ts";
import { OutputScan } from "./output_scan.ts";
import { LeftOverError, type RedactionReceipt } from "./receipt.ts";
import { finish, Redaction, type RedactOptions } from "./redaction.ts";

/** A session of a copy in memory. */
export interface RedactedSession {
  /** The session; its place is the name of the folder alone. */
  readonly session: TraceSession;
  /** What was replaced, and what was not looked into. */
  readonly receipt: RedactionReceipt;
  /**
   * Scans texts that were made of the session, by the same rules and for every value that was
   * replaced; each text is a document of JSON, or plain.
   *
   * @throws {LeftOverError} If anything is found: the texts must not leave.
   */
  requireClean(texts: Iterable<string>): void;
}

/**
 * Opens the bundle in `dir` as a session without what must not leave: that of the copy which
 * `redactBundle()` would write, in memory. Nothing is written.
 *
 * @throws {LeftOverError} If the second scan finds anything in the copy.
 * @throws {BundleFormatError} If manifest or log cannot be read.
 * @throws {LimitError} If a limit is exceeded.
 * @throws {PatternError} If a pattern of the options cannot be used.
 * @throws {RangeError} If no event is of a thread of `onlyThreads`.
 */
export function openRedacted(
  dir: string,
  options:
    & RedactOptions
    & Pick<OpenOptions, "measuresRequests" | "keepsRecords"> = {},
): RedactedSession {
  const redaction = new Redaction(new DiskFiles(dir), options);
  const copy = new MemoryCopy();
  finish(redaction.replace(copy));
  const files = copy.files(redaction.name);
  finish(redaction.scan(files));
  const leftOver = redaction.leftOver ?? [];
  if (leftOver.length > 0) throw new LeftOverError(leftOver);
  return {
    session: openFiles(files, options),
    receipt: redaction.receipt(),
    requireClean: (texts) => {
      const scan = new OutputScan(redaction.detectors, redaction.values);
      for (const text of texts) scan.add(text);
      if (scan.kinds.length === 0) return;
      throw new LeftOverError(
        scan.kinds.map((kind) => ({ kind, file: "the output", place: "" })),
      );
    },
  };
}
