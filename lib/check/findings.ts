/**
 * The findings of one check, collected: counted all, kept as far as memory allows.
 *
 * Two look at the same events: this check, and the tolerant replay. What both find is told once,
 * in the words of the check, which knows more; that the replay had to skip it makes it an error.
 *
 * @module
 */

import type { Diagnostic, DiagnosticCode } from "../diagnostic.ts";
import type {
  Finding,
  FindingCode,
  FindingSeverity,
  NewFinding,
} from "./finding.ts";

/** More of one code tell nothing new. */
export const MOST_OF_A_CODE = 1000;

/** How many findings there are of each severity. */
export type FindingCounts = { readonly [S in FindingSeverity]: number };

const UNKNOWN_IDS: readonly DiagnosticCode[] = [
  "unknown_thread",
  "unknown_turn",
  "unknown_inference",
  "unknown_tool_call",
  "unknown_code_cell",
  "unknown_compaction_request",
];

/** What the replay calls a finding that the check knows under a more telling name. */
const SAME: Partial<Record<FindingCode, readonly DiagnosticCode[]>> = {
  end_without_start: UNKNOWN_IDS,
  sequence_repeated: ["sequence_gap"],
  sequence_backward: ["sequence_gap"],
  byte_order_mark: ["malformed_line", "truncated_line"],
};

/** Collects findings. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #perCode: Map<FindingCode, number> = new Map();
  readonly #counts = { error: 0, warning: 0, note: 0 };
  /** Findings of the line that is being read: the replay has not spoken about it yet. */
  #ofLine: Finding[] = [];
  readonly #brokenPayloads: Set<string> = new Set();
  #isClosed = false;

  /** Takes no more findings: what follows cannot be judged. */
  close(): void {
    this.#isClosed = true;
  }

  /** Adds what the check found. */
  add(found: NewFinding): void {
    if (this.#isClosed) return;
    const finding = {
      line: null,
      seq: null,
      event_type: null,
      ids: {},
      lost: null,
      ...found,
    };
    if (this.#ofLine[0]?.line !== finding.line) this.#settle();
    if (finding.line === null) this.#keep(finding);
    else this.#ofLine.push(finding);
  }

  /** Adds what the replay tells. */
  addDiagnostic(diagnostic: Diagnostic): void {
    if (this.#isClosed) return;
    const payload = payloadOf(diagnostic);
    if (payload !== undefined) {
      // Told with an event that needed it, a payload need not be told once more for itself.
      if (diagnostic.line === null && this.isBroken(payload)) return;
      this.#brokenPayloads.add(payload);
    }
    const severity = diagnostic.severity === "loss" ? "error" : "note";
    const at = this.#ofLine.findIndex((finding) => isSame(finding, diagnostic));
    const known = this.#ofLine[at];
    if (known === undefined) this.#keep({ ...diagnostic, severity });
    else this.#ofLine[at] = { ...known, severity, lost: diagnostic.lost };
  }

  /** Whether a payload is known to be missing or broken. */
  isBroken(rawPayloadId: string): boolean {
    return this.#brokenPayloads.has(rawPayloadId);
  }

  /** How many there are of each severity. */
  get counts(): FindingCounts {
    this.#settle();
    return { ...this.#counts };
  }

  /** Those that were kept, by line; those about other files first. */
  list(): Finding[] {
    this.#settle();
    return this.#kept.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }

  #settle(): void {
    for (const finding of this.#ofLine) this.#keep(finding);
    this.#ofLine = [];
  }

  #keep(finding: Finding): void {
    const { code, severity } = finding;
    this.#counts[severity]++;
    const sofar = this.#perCode.get(code) ?? 0;
    this.#perCode.set(code, sofar + 1);
    if (sofar < MOST_OF_A_CODE) this.#kept.push(finding);
  }
}

function isSame(finding: Finding, { code, line }: Diagnostic): boolean {
  if (finding.line !== line) return false;
  return finding.code === code || SAME[finding.code]?.includes(code) === true;
}

function payloadOf({ code, ids }: Diagnostic): string | undefined {
  return code.startsWith("payload_") ? ids["raw_payload_id"] : undefined;
}
