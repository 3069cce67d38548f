/**
 * Watches over the reading of a log: not too much of anything.
 *
 * @module
 */

import { LimitError, type LimitName } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import { nestsDeeper } from "../../format/json/json_depth.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { DEFAULT_LIMITS, type Limits, ReadBudget } from "../limits.ts";
import type { ByteSource, Line } from "./line_reader.ts";

/** Knows what a log may have, and counts what it had so far. */
export class LogGuard {
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #payloadIds: Set<string> = new Set();
  #events = 0;

  /** Allows what `limits` say; `budget` is that of the whole bundle. */
  constructor(
    limits: Limits = DEFAULT_LIMITS,
    budget: ReadBudget = new ReadBudget(limits),
  ) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /** The most bytes that a line may have. */
  get longestLine(): number {
    return this.#limits.line;
  }

  /** The log, with its bytes counted as they are read. */
  counting(source: ByteSource): ByteSource {
    return {
      readSync: (buffer) => {
        const read = source.readSync(buffer);
        this.#budget.spend(read ?? 0, EVENT_LOG_FILE);
        return read;
      },
    };
  }

  /**
   * Checks the length of a line.
   *
   * @throws {LimitError} If it is too long.
   */
  checkLine({ tooLong, number }: Line): void {
    if (tooLong) throw this.#exceeded("line", "has more bytes than", number);
  }

  /**
   * Checks how deep a line nests, before it goes to a parser.
   *
   * @throws {LimitError} If it nests too deep.
   */
  checkDepth(text: string, line: number): void {
    if (nestsDeeper(text, this.#limits.depth)) {
      throw this.#exceeded("depth", "nests deeper than", line);
    }
  }

  /**
   * Counts an event and the payloads it names.
   *
   * @throws {LimitError} If it is one too many.
   */
  admit({ line, payloads }: DecodedEvent): void {
    if (++this.#events > this.#limits.events) {
      throw this.#exceeded("events", "brings more events than", line);
    }
    for (const { raw_payload_id } of payloads) {
      this.#payloadIds.add(raw_payload_id);
    }
    if (this.#payloadIds.size > this.#limits.payloads) {
      throw this.#exceeded("payloads", "names more payloads than", line);
    }
  }

  #exceeded(limit: LimitName, what: string, line: number): LimitError {
    const position = { file: EVENT_LOG_FILE, line };
    return new LimitError(limit, this.#limits[limit], what, position);
  }
}
