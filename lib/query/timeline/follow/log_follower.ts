/**
 * Follows a session log while Codex writes it.
 *
 * A log has no LLM requests and no end, so that the session never ends for its reader.
 *
 * @module
 */

import { type Limits, limitsWith } from "../../../bundle/limits.ts";
import { GrowingFile } from "../../../bundle/log/growing_file.ts";
import type { BundleFile } from "../../../bundle/storage/bundle_files.ts";
import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import { splitPath } from "../../../bundle/storage/disk_path.ts";
import { openBundleFile } from "../../../bundle/storage/open_bundle_file.ts";
import { DiagnosticCollector } from "../../session/session_diagnostics.ts";
import { threadInName } from "../../session/session_log/joined/session_time.ts";
import { SessionLogReader } from "../../session/session_log/read_session_log.ts";
import type { FollowStatus } from "./follow_status.ts";
import type { FollowedEvent } from "./followed_event.ts";
import { LogEvents } from "./log_events.ts";
import type { SessionFollower } from "./session_follower.ts";

/** Follows a session, be it a bundle or a session log. */
export type Follower = Pick<SessionFollower, keyof SessionFollower>;

/** An open session log. */
export class LogFollower implements Follower {
  readonly bundle: string;
  readonly newerSchema = null;
  readonly hasEnded = false;
  readonly isCompleted = false;
  readonly outcome = null;
  readonly #opened: BundleFile;
  readonly #file: GrowingFile;
  readonly #reader: SessionLogReader;
  readonly #events: LogEvents;
  #diagnostics = new DiagnosticCollector();

  /**
   * Opens a session log; nothing of it is read yet.
   *
   * @throws {BundleFormatError} If it cannot be read.
   */
  constructor(path: string, limits: Partial<Limits> = {}) {
    this.bundle = path;
    this.#events = new LogEvents(threadInName(path));
    const { folder, name } = splitPath(path);
    const files = new DiskFiles(folder);
    this.#opened = openBundleFile(files, name);
    this.#file = new GrowingFile(files, name, this.#opened);
    this.#reader = new SessionLogReader(
      this.#file.source,
      limitsWith(limits),
      (diagnostic) => this.#diagnostics.add(diagnostic),
      {},
      true,
    );
  }

  get events(): number {
    return this.#reader.count;
  }

  get hasLosses(): boolean {
    return this.#reader.skipped > 0;
  }

  get status(): FollowStatus {
    return this.#events.status;
  }

  skip(): void {
    for (const _ of this.read());
  }

  *read(): Generator<FollowedEvent, void> {
    this.#file.grow();
    for (const line of this.#reader.lines()) {
      yield* this.#readLosses();
      let event: FollowedEvent | undefined;
      this.#reader.guarded(line, () => event = this.#events.read(line));
      if (event !== undefined) yield event;
    }
    yield* this.#readLosses();
  }

  #readLosses(): FollowedEvent[] {
    const { kept } = this.#diagnostics;
    if (kept.length === 0) return [];
    this.#diagnostics = new DiagnosticCollector();
    return kept.map((each) => this.#events.readLoss(each));
  }

  [Symbol.dispose](): void {
    this.#opened[Symbol.dispose]();
  }
}
