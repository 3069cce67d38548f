/**
 * Collects the findings of one check: counts all, keeps a limited number of each code.
 *
 * Both the check and the tolerant replay examine the same events. What both find is reported once,
 * with the message of the check, which knows more. It is an error if the replay skipped the event.
 *
 * @module
 */

import {
  type Diagnostic,
  type DiagnosticCode,
  isPayloadErrorCode,
} from "../errors.ts";
import type {
  Finding,
  FindingCode,
  FindingCounts,
  NewFinding,
} from "./report.ts";

/** How many findings of one code are listed. */
export const MAX_FINDINGS_PER_CODE = 1000;

const UNKNOWN_IDS: readonly DiagnosticCode[] = [
  "unknown_thread",
  "unknown_turn",
  "unknown_inference",
  "unknown_tool_call",
  "unknown_code_cell",
  "unknown_compaction_request",
];

/** Codes of the replay for a finding for which the check has a more specific code. */
const REPLAY_CODES: Partial<Record<FindingCode, readonly DiagnosticCode[]>> = {
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
  /** Findings of the current line, for which diagnostics of the replay may follow. */
  #ofLine: Finding[] = [];
  readonly #brokenPayloads: Set<string> = new Set();
  #isClosed = false;

  /** Ignores all later findings: the bundle's rules are not known. */
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

  /** Adds a diagnostic of the replay. */
  addDiagnostic(diagnostic: Diagnostic): void {
    if (this.#isClosed) return;
    const payload = payloadOf(diagnostic);
    if (payload !== undefined) {
      // The payload was reported with an event that needs it: do not report it a second time.
      if (diagnostic.line === null && this.isBroken(payload)) return;
      this.#brokenPayloads.add(payload);
    }
    const severity = diagnostic.severity === "loss" ? "error" : "note";
    const index = this.#ofLine.findIndex((finding) =>
      isSame(finding, diagnostic)
    );
    const known = this.#ofLine[index];
    if (known === undefined) this.#keep({ ...diagnostic, severity });
    else this.#ofLine[index] = { ...known, severity, lost: diagnostic.lost };
  }

  /** Whether a payload is known to be missing or broken. */
  isBroken(rawPayloadId: string): boolean {
    return this.#brokenPayloads.has(rawPayloadId);
  }

  /** How many findings there are of each severity, listed or not. */
  get counts(): FindingCounts {
    this.#settle();
    return { ...this.#counts };
  }

  /** The kept findings, sorted by line; those about other files first. */
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
    const count = this.#perCode.get(code) ?? 0;
    this.#perCode.set(code, count + 1);
    if (count < MAX_FINDINGS_PER_CODE) this.#kept.push(finding);
  }
}

function isSame(finding: Finding, { code, line }: Diagnostic): boolean {
  if (finding.line !== line) return false;
  return finding.code === code ||
    REPLAY_CODES[finding.code]?.includes(code) === true;
}

function payloadOf({ code, ids }: Diagnostic): string | undefined {
  return isPayloadErrorCode(code) ? ids["raw_payload_id"] : undefined;
}
