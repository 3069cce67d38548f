/**
 * A copy of a bundle without what must not leave.
 *
 * 1. A pass over all documents finds values; then each gets its placeholder.
 * 2. A second pass replaces them, in every document and every spelling, and writes the copy.
 * 3. A scan of the copy finds nothing any more. Only then the copy gets its name.
 *
 * @module
 */

import { type Limits, limitsWith } from "../../bundle/limits.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { BundleDocuments } from "./bundle/bundle_documents.ts";
import { BundlePass } from "./bundle/bundle_pass.ts";
import { CopyFolder } from "./bundle/copy_folder.ts";
import { Collector } from "./collector.ts";
import { type DetectorOptions, Detectors } from "./detect/detectors.ts";
import { ContentTable } from "./content.ts";
import { Replacer } from "./replacer.ts";
import type { FoundValue, RedactionReceipt } from "./receipt.ts";

/** Which texts of a session a copy has. */
export type ContentLevel = "all" | "none";

/** How a bundle is redacted. */
export interface RedactOptions extends DetectorOptions {
  /** Whether texts are kept. Default `all`; with `none`, names and figures alone are. */
  readonly content?: ContentLevel;
  /** Limits on what is read and written; the defaults where absent. */
  readonly limits?: Partial<Limits>;
}

/** What was done. */
export interface Redaction {
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
 * @throws {InterruptedError} If a signal arrived.
 */
export async function redactBundle(
  dir: string,
  output: string | null,
  options: RedactOptions = {},
): Promise<Redaction> {
  const limits = limitsWith(options.limits);
  const { content = "all" } = options;
  const source = new DiskFiles(dir);
  const { schema_version } = readManifest(source, limits);
  const detectors = new Detectors(options);
  const collector = new Collector(detectors);
  const documents = new BundleDocuments(source, limits);
  const first = new BundlePass(documents, collector);
  await first.run();
  const values = collector.finish();
  const replacer = new Replacer(
    detectors,
    collector,
    content === "none" ? new ContentTable() : undefined,
  );
  const receipt = (
    scan: RedactionReceipt["second_scan"],
    pass: BundlePass,
  ): RedactionReceipt => ({
    format: "rollout-trace.redaction.1",
    schema_version,
    level: options.personal ? "personal" : "secrets",
    content,
    kept: options.keep ?? [],
    rules: detectors.ruleSets(),
    bytes: documents.bytesRead,
    kinds: replacer.replacements.kinds(),
    places: replacer.replacements.places(),
    not_covered: collector.notCovered.list(),
    not_copied: pass.notCopied.map(({ file, reason }) => ({
      file: replacer.walkName(file),
      reason,
    })),
    second_scan: scan,
  });
  const second = () => new BundleDocuments(source, limits);
  if (output === null) {
    const pass = new BundlePass(second(), replacer, undefined, first.refs);
    await pass.run();
    const { replacements } = replacer;
    return {
      receipt: receipt(null, pass),
      found: replacements.found(),
      isWritten: false,
    };
  }
  using copy = new CopyFolder(output, limits);
  const pass = new BundlePass(second(), replacer, copy, first.refs);
  await pass.run();
  const scanner = new Collector(
    new Detectors(options),
    values,
    content === "none",
  );
  const copied = new BundleDocuments(
    new DiskFiles(copy.temporary),
    limits,
  );
  await new BundlePass(copied, scanner).run();
  scanner.finish();
  const left_over = scanner.leftOver.map((each) => ({
    ...each,
    file: replacer.walkName(each.file),
    place: replacer.walkName(each.place),
  }));
  const isWritten = left_over.length === 0;
  if (isWritten) copy.finish();
  return {
    receipt: receipt({ left_over }, pass),
    found: replacer.replacements.found(),
    isWritten,
  };
}
