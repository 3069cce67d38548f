/**
 * Follows the bundle of one session while it is recorded.
 *
 * @module
 */

import { type Limits, limitsWith } from "../../../bundle/limits.ts";
import { readManifest } from "../../../bundle/manifest_file.ts";
import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import type { DiagnosticCode } from "../../../errors.ts";
import { BundleReplay } from "../../../replay.ts";
import { schemaOfBundle } from "../../../schema/registry.ts";
import type { Outcome } from "../../failures/outcome/outcome.ts";
import { DiagnosticCollector } from "../../session/session_diagnostics.ts";
import type { FollowedEvent } from "./followed_event.ts";
import { FollowReader } from "./follow_reader.ts";
import { type FollowStatus, StatusTotals } from "./follow_status.ts";
import { Evidence } from "./payload_facts.ts";

/** Reported once for the session, or of a text that is read all the same. */
const NOT_FOLLOWED: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "newer_schema",
  "unpaired_surrogate",
]);

/** An open session. */
export class SessionFollower implements Disposable {
  /** The bundle, as the user named it. */
  readonly bundle: string;
  /** Schema of the bundle if it is newer than every known one; else null. */
  readonly newerSchema: number | null;
  readonly #replay: BundleReplay;
  readonly #reader: FollowReader;
  readonly #totals = new StatusTotals();
  #diagnostics = new DiagnosticCollector();

  /**
   * Opens a bundle; nothing of its log is read yet.
   *
   * @throws {BundleFormatError} If the manifest or the log cannot be read.
   */
  constructor(bundle: string, limits: Partial<Limits> = {}) {
    this.bundle = bundle;
    const files = new DiskFiles(bundle);
    const known = limitsWith(limits);
    const manifest = readManifest(files, known);
    const schema = schemaOfBundle(manifest, true);
    const { schema_version: version } = manifest;
    this.newerSchema = version > schema.version ? version : null;
    this.#replay = new BundleReplay({ files, manifest, schema }, {
      limits: known,
      tolerant: true,
      growsIn: files,
      onDiagnostic: (each) => {
        if (!NOT_FOLLOWED.has(each.code)) this.#diagnostics.add(each);
      },
    });
    this.#reader = new FollowReader(
      manifest.root_thread_id,
      manifest.started_at_unix_ms,
    );
  }

  /** How many events and faulty lines were read. */
  get events(): number {
    return this.#replay.counts.events;
  }

  /** Whether the end of the session was recorded; events may follow it. */
  get hasEnded(): boolean {
    return this.#reader.hasEnded;
  }

  /** Whether nothing follows: the recorder closed the log. */
  get isCompleted(): boolean {
    return this.#reader.isCompleted;
  }

  /** Whether part of the log could not be read. */
  get hasLosses(): boolean {
    return this.#reader.hasLosses;
  }

  /** What became of the session so far; null where it may be in a lost event. */
  get outcome(): Outcome | null {
    return this.#reader.outcome;
  }

  /** What the session does at the moment. */
  get status(): FollowStatus {
    return this.#totals.statusOf(this.#reader.open);
  }

  /** Reads what was recorded so far without its payloads. */
  skip(): void {
    this.#totals.skip();
    for (const event of this.#replay.events()) {
      this.#readLosses();
      this.#reader.read(event, null);
    }
    this.#readLosses();
  }

  /**
   * Yields what was recorded since the last call.
   *
   * @throws {BundleFormatError} If the log was replaced, truncated or removed.
   * @throws {LimitError} If the log exceeds a limit.
   */
  *read(): Generator<FollowedEvent, void> {
    const { payloads } = this.#replay;
    const evidence = new Evidence(payloads);
    for (const event of this.#replay.events()) {
      yield* this.#readLosses();
      const followed = this.#reader.read(event, evidence);
      const { payload } = event.event;
      if (payload.type === "thread_ended") {
        payloads.closeThread(payload.thread_id);
      }
      if (followed === undefined) continue;
      this.#totals.add(followed);
      yield followed;
    }
    yield* this.#readLosses();
  }

  #readLosses(): FollowedEvent[] {
    const { kept } = this.#diagnostics;
    if (kept.length === 0) return [];
    this.#diagnostics = new DiagnosticCollector();
    return kept.map((each) => this.#reader.readLoss(each));
  }

  /** Closes the log. */
  [Symbol.dispose](): void {
    this.#replay[Symbol.dispose]();
  }
}
