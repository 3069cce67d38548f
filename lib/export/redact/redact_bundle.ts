/**
 * A copy of a bundle, in a folder, without what must not leave.
 *
 * @module
 */

import { removeLeftovers } from "../../bundle/output/temporary_file.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import { CopyFolder } from "./bundle/copy_folder.ts";
import type { FoundValue, RedactionReceipt } from "./receipt.ts";
import { finish, Redaction, type RedactOptions } from "./redaction.ts";

/** What was done. */
export interface RedactedCopy {
  /** What was replaced, and what was not looked into. */
  readonly receipt: RedactionReceipt;
  /** The values, masked. */
  readonly found: readonly FoundValue[];
  /** Whether there is a copy: the second scan found nothing. */
  readonly isWritten: boolean;
}

/**
 * Writes a copy of the bundle in `dir` to the folder `output`, which must not exist. The copy is a
 * bundle of the same schema with the same graph, ids and times. If the second scan finds anything,
 * there is no copy.
 *
 * @param output The folder of the copy; null to write nothing.
 * @throws {BundleFormatError} If manifest or log cannot be read.
 * @throws {LimitError} If a limit is exceeded.
 * @throws {OutputError} If the copy cannot be written.
 * @throws {PatternError} If a pattern of the options cannot be used.
 * @throws {RangeError} If no event is of a thread of `onlyThreads`.
 * @throws {InterruptedError} If a signal arrived.
 */
export async function redactBundle(
  dir: string,
  output: string | null,
  options: RedactOptions = {},
): Promise<RedactedCopy> {
  const redaction = new Redaction(new DiskFiles(dir), options);
  if (output === null) {
    finish(redaction.replace());
    const { found } = redaction;
    return { receipt: redaction.receipt(), found, isWritten: false };
  }
  await removeLeftovers(output);
  await using copy = new CopyFolder(output, options.limits);
  for (const _ of redaction.replace(copy)) await copy.pause();
  await copy.settle();
  for (const _ of redaction.scan(new DiskFiles(copy.temporary))) {
    await copy.pause();
  }
  const isWritten = redaction.leftOver?.length === 0;
  if (isWritten) copy.finish();
  return {
    receipt: redaction.receipt(),
    found: redaction.found,
    isWritten,
  };
}
