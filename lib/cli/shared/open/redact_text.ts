/**
 * A redaction as lines of text.
 *
 * @module
 */

import type {
  FoundValue,
  NotCovered,
  RedactionReceipt,
} from "../../../export/redact/receipt.ts";
import { bytesOf, counted } from "../../../text/figures.ts";

/** The values of a dry run, one a line: placeholder, how often, excerpt, and where first. */
export function foundLines(found: readonly FoundValue[]): string[] {
  return found.map(({ placeholder, replacements, excerpt, file, place }) =>
    `${placeholder}  ${replacements} x  ${excerpt}  ${file} ${place}`.trimEnd()
  );
}

/** What was replaced, what was not looked into, and what the second scan found. */
export function summaryLines(receipt: RedactionReceipt): string[] {
  const { kinds, level, not_covered, not_copied, second_scan } = receipt;
  const { content, only_threads } = receipt;
  return [
    totalOf(receipt),
    ...only_threads === null
      ? []
      : [`texts of ${counted(only_threads.length, "thread")} kept, no others`],
    ...kinds.map(({ kind, values, replacements }) =>
      `  ${kind}: ${counted(values, "value")}, ${
        counted(replacements, "place")
      }`
    ),
    ...level === "secrets" && content === "all" ? [NOT_PERSONAL] : [],
    ...not_covered.map((each) =>
      `not looked into: ${notCoveredText(each)}${firstOf(each)}`
    ),
    ...not_copied.map(({ file, reason }) => `not copied: ${file}: ${reason}`),
    ...secondScanLines(second_scan),
  ];
}

/** The same in one line, for an output that is made of the copy. */
export function summaryLine(receipt: RedactionReceipt): string {
  const gaps = receipt.not_covered.map(notCoveredText);
  return totalOf(receipt) +
    (gaps.length === 0 ? "" : `; not looked into: ${gaps.join(", ")}`);
}

function totalOf({ kinds, second_scan }: RedactionReceipt): string {
  const total = kinds.reduce((sum, { replacements }) => sum + replacements, 0);
  const values = kinds.reduce((sum, each) => sum + each.values, 0);
  const verb = second_scan === null ? "found" : "replaced";
  return `${counted(values, "value")} ${verb} at ${counted(total, "place")}`;
}

function notCoveredText({ what, count, bytes }: NotCovered): string {
  return `${count} x ${what}${bytes === null ? "" : `, ${bytesOf(bytes)}`}`;
}

const NOT_PERSONAL =
  "not searched for: names of users and hosts, emails, addresses (--personal)";

function firstOf({ count, file, place }: NotCovered): string {
  if (file === "") return "";
  return `${count === 1 ? "," : ", first"} in ${`${file} ${place}`.trimEnd()}`;
}

function secondScanLines(scan: RedactionReceipt["second_scan"]): string[] {
  if (scan === null) return [];
  const { left_over } = scan;
  if (left_over.length === 0) return ["second scan: nothing found"];
  return left_over.map(({ kind, file, place }) =>
    `second scan: ${kind} in ${file} ${place}`.trimEnd()
  );
}
