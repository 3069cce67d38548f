/**
 * Reads the log of a session that is still recorded.
 *
 * A recorder only appends. A log that was replaced or is shorter than before is another one, of which
 * it is unknown what was read already.
 *
 * @module
 */

import { BundleFormatError } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { EventDecoder } from "../../format/events/event_decoder.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { BundleFile } from "../storage/bundle_files.ts";
import type { DiskFiles, FileIdentity } from "../storage/disk_files.ts";
import { EventLogReader, type FaultPolicy } from "./event_log.ts";
import type { LineOrder } from "./event_order.ts";
import type { LogLimits } from "./log_limits.ts";

/** An open log that may grow. */
export class GrowingLog {
  readonly #files: DiskFiles;
  readonly #info: FileIdentity;
  readonly #reader: EventLogReader;
  #bytesRead = 0;
  /** Bytes that the log had when its events were last asked for. */
  #size = 0;

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
    this.#files = files;
    this.#info = this.#infoNow();
    const source = {
      readSync: (buffer: Uint8Array) => {
        // The payloads of a later event may be newer than what was opened for the first.
        const left = this.#size - this.#bytesRead;
        if (left <= 0) return null;
        const read = opened.source.readSync(buffer.subarray(0, left));
        this.#bytesRead += read ?? 0;
        return read;
      },
    };
    this.#reader = new EventLogReader(
      source,
      decoder,
      order,
      onFault,
      limits,
      true,
    );
  }

  /**
   * Yields the events of the lines that were completed since the last call, and before this one.
   *
   * @throws {BundleFormatError} If the log was replaced, truncated or removed.
   */
  *events(): Generator<DecodedEvent, void> {
    const { ino, dev, size } = this.#infoNow();
    if (ino !== this.#info.ino || dev !== this.#info.dev) {
      throw changed("was replaced by another file while it was followed");
    }
    if (size < this.#bytesRead) {
      throw changed(
        `was truncated while it was followed: it has ${size} bytes, and ` +
          `${this.#bytesRead} were read`,
      );
    }
    this.#size = size;
    yield* this.#reader.events();
  }

  #infoNow(): FileIdentity {
    const info = this.#files.identityOf(EVENT_LOG_FILE);
    if (info === undefined) throw changed("was removed while it was followed");
    return info;
  }
}

function changed(reason: string): BundleFormatError {
  return new BundleFormatError(reason, { file: EVENT_LOG_FILE });
}
