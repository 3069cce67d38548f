/**
 * Follows the bundle of one session while it is recorded.
 *
 * @module
 */

import { type Limits, limitsWith } from "../../../bundle/limits.ts";
import { EventOrder } from "../../../bundle/log/event_order.ts";
import { tolerantPolicy } from "../../../bundle/log/fault_policy.ts";
import { GrowingLog } from "../../../bundle/log/growing_log.ts";
import { LogLimits } from "../../../bundle/log/log_limits.ts";
import { readManifest } from "../../../bundle/manifest_file.ts";
import { BundlePayloads } from "../../../bundle/payloads/bundle_payloads.ts";
import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import { schemaOfBundle } from "../../../schema/registry.ts";
import type { Schema } from "../../../schema/schema.ts";
import type { Outcome } from "../../failures/outcome/outcome.ts";
import { DiagnosticCollector } from "../../session/session_diagnostics.ts";
import type { FollowedEvent } from "./followed_event.ts";
import { FollowReader } from "./follow_reader.ts";
import { Evidence } from "./payload_facts.ts";

/** An open session. */
export class SessionFollower implements Disposable {
  /** The bundle, as the user named it. */
  readonly bundle: string;
  /** Schema of the bundle if it is newer than every known one; else null. */
  readonly newerSchema: number | null;
  readonly #limits: Limits;
  readonly #schema: Schema;
  readonly #log: GrowingLog;
  readonly #reader: FollowReader;
  #diagnostics = new DiagnosticCollector();
  #events = 0;

  /**
   * Opens a bundle; nothing of its log is read yet.
   *
   * @throws {BundleFormatError} If the manifest or the log cannot be read.
   */
  constructor(bundle: string, limits: Partial<Limits> = {}) {
    this.bundle = bundle;
    this.#limits = limitsWith(limits);
    const files = new DiskFiles(bundle);
    const manifest = readManifest(files, this.#limits);
    const { schema_version: version } = manifest;
    this.#schema = schemaOfBundle(manifest, true);
    this.newerSchema = version > this.#schema.version ? version : null;
    const policy = tolerantPolicy((each) => this.#diagnostics.add(each));
    this.#log = new GrowingLog(
      files,
      this.#schema.events,
      EventOrder.of(this.#schema.log, manifest),
      (fault) => {
        this.#events++;
        if (fault.endsReading) throw fault.error;
        return policy(fault);
      },
      new LogLimits(this.#limits),
    );
    this.#reader = new FollowReader(
      manifest.root_thread_id,
      manifest.started_at_unix_ms,
    );
  }

  /** How many events and faulty lines were read. */
  get events(): number {
    return this.#events;
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

  /** Reads what was recorded so far without its payloads. */
  skip(): void {
    for (const event of this.#log.events()) {
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
    // New ones each time: the recorder may have written to a shard that was read.
    let payloads: BundlePayloads | undefined;
    const evidence = new Evidence((ref) => {
      const files = new DiskFiles(this.bundle);
      payloads ??= new BundlePayloads(files, this.#schema.storage, {
        limits: this.#limits,
        onSurrogate: () => {},
      });
      return payloads.open(ref);
    });
    for (const event of this.#log.events()) {
      this.#events++;
      yield* this.#readLosses();
      const followed = this.#reader.read(event, evidence);
      if (followed !== undefined) yield followed;
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
    this.#log[Symbol.dispose]();
  }
}
