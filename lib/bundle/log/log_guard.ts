/**
 * Watches over the reading of a log: not too much of anything.
 *
 * @module
 */

import { LimitError, type LimitName } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import { nestsDeeper } from "../../format/json/json_strict.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { countSameFirst, type RawPayloadRef } from "../../format/payload.ts";
import { DEFAULT_LIMITS, type Limits, ReadBudget } from "../limits.ts";
import type { ByteSource, Line } from "./line_reader.ts";

/** Knows what a log may have, and counts what it had so far. */
export class LogGuard {
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #payloadIds: DistinctCount;
  /** The last one that has parts: the next one often begins with the same. */
  #lastWithParts: RawPayloadRef | undefined;
  #events = 0;

  /** Allows what `limits` say; `budget` is that of the whole bundle. */
  constructor(
    limits: Limits = DEFAULT_LIMITS,
    budget: ReadBudget = new ReadBudget(limits),
  ) {
    this.#limits = limits;
    this.#budget = budget;
    this.#payloadIds = new DistinctCount(limits.payloads);
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
   * Counts an event and the payloads it names, their parts included.
   *
   * @throws {LimitError} If it is one too many.
   */
  admit({ line, payloads }: DecodedEvent): void {
    if (++this.#events > this.#limits.events) {
      throw this.#exceeded("events", "brings more events than", line);
    }
    for (const ref of payloads) {
      if (this.#admitsRef(ref)) continue;
      throw this.#exceeded("payloads", "names more payloads than", line);
    }
  }

  /** Counts a payload and its parts; false when it is one too many. */
  #admitsRef(ref: RawPayloadRef): boolean {
    const { raw_payload_id, parts } = ref;
    if (!this.#payloadIds.admits(raw_payload_id)) return false;
    if (parts === undefined) return true;
    const counted = countSameFirst(this.#lastWithParts?.parts ?? [], parts);
    if (!parts.slice(counted).every((part) => this.#admitsRef(part))) {
      return false;
    }
    this.#lastWithParts = ref;
    return true;
  }

  #exceeded(limit: LimitName, what: string, line: number): LimitError {
    const position = { file: EVENT_LOG_FILE, line };
    return new LimitError(limit, this.#limits[limit], what, position);
  }
}

/** Counts different ids, up to the most there may be. */
class DistinctCount {
  readonly #most: number;
  /** Every id that came, as long as there are not too many even if all of them differ. */
  #all: string[] = [];
  /** The different ones, from then on. */
  #distinct: Set<string> | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts an id; false when it is one too many. */
  admits(id: string): boolean {
    if (this.#distinct === undefined) {
      this.#all.push(id);
      if (this.#all.length <= this.#most) return true;
      this.#distinct = new Set(this.#all);
      this.#all = [];
    }
    return this.#distinct.add(id).size <= this.#most;
  }
}
