/**
 * Reads the log of a session that is still recorded.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { EventDecoder } from "../../format/events/event_decoder.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { BundleFile } from "../storage/bundle_files.ts";
import type { DiskFiles } from "../storage/disk_files.ts";
import { EventLogReader, type FaultPolicy } from "./event_log.ts";
import type { LineOrder } from "./event_order.ts";
import { GrowingFile } from "./growing_file.ts";
import type { LogLimits } from "./log_limits.ts";

/** An open log that may grow. */
export class GrowingLog {
  readonly #file: GrowingFile;
  readonly #reader: EventLogReader;

  /**
   * Reads the log of a bundle.
   *
   * @param opened The log, open at its start. The caller closes it.
   * @param onFault Decides about faulty lines. It should throw what ends the reading.
   * @throws {BundleFormatError} If there is no log any more.
   */
  constructor(
    files: DiskFiles,
    opened: BundleFile,
    decoder: EventDecoder,
    order: LineOrder | undefined,
    onFault: FaultPolicy,
    limits: LogLimits,
  ) {
    this.#file = new GrowingFile(files, EVENT_LOG_FILE, opened);
    this.#reader = new EventLogReader(
      this.#file.source,
      decoder,
      order,
      onFault,
      limits,
      true,
    );
  }

  /**
   * Yields the events of the lines that were completed since the last call, and before this one: the
   * payloads of a later event may be newer than what was opened for the first.
   *
   * @throws {BundleFormatError} If the log was replaced, truncated or removed.
   */
  *events(): Generator<DecodedEvent, void> {
    this.#file.grow();
    yield* this.#reader.events();
  }
}
