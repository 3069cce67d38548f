/**
 * The limits of a log: bytes of a line, nesting, events, payloads.
 *
 * @module
 */

import { LimitError, type LimitName } from "../../errors.ts";
import type { DecodedEvent } from "../../format/event.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { countSameFirst, type RawPayloadRef } from "../../format/payload.ts";
import { exceededStructure, STRUCTURE_WORDS } from "../json_reader.ts";
import { DEFAULT_LIMITS, type Limits, ReadBudget } from "../limits.ts";
import type { ByteSource, Line } from "./line_reader.ts";

/** Checks the limits of one log, and counts its bytes, events and payloads. */
export class LogLimits {
  readonly #limits: Limits;
  readonly #budget: ReadBudget;
  readonly #payloadIds: DistinctCount;
  /** The last one with parts: the next one often starts with the same parts. */
  #lastWithParts: RawPayloadRef | undefined;
  #events = 0;

  /** Checks `limits`; `budget` is that of the complete bundle. */
  constructor(
    limits: Limits = DEFAULT_LIMITS,
    budget: ReadBudget = new ReadBudget(limits),
  ) {
    this.#limits = limits;
    this.#budget = budget;
    this.#payloadIds = new DistinctCount(limits.payloads);
  }

  /** Maximum number of bytes of a line. */
  get maxLineBytes(): number {
    return this.#limits.line;
  }

  /** Returns a source that counts the bytes that are read. */
  countBytes(source: ByteSource): ByteSource {
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
   * Checks the structure of a line before it is parsed.
   *
   * @throws {LimitError} If it exceeds a limit.
   */
  checkStructure(text: string, line: number): void {
    const limit = exceededStructure(text, this.#limits);
    if (limit !== undefined) {
      throw this.#exceeded(limit, STRUCTURE_WORDS[limit], line);
    }
  }

  /**
   * Counts an event and the payloads that it names, including their parts.
   *
   * @throws {LimitError} If there are too many.
   */
  countEvent({ line, payloads }: DecodedEvent): void {
    if (++this.#events > this.#limits.events) {
      throw this.#exceeded("events", "brings more events than", line);
    }
    for (const ref of payloads) {
      if (this.#countRef(ref)) continue;
      throw this.#exceeded("payloads", "names more payloads than", line);
    }
  }

  /** Counts a payload and its parts; returns false when there are too many. */
  #countRef(ref: RawPayloadRef): boolean {
    const { raw_payload_id, parts } = ref;
    if (!this.#payloadIds.add(raw_payload_id)) return false;
    if (parts === undefined) return true;
    const counted = countSameFirst(this.#lastWithParts?.parts ?? [], parts);
    if (!parts.slice(counted).every((part) => this.#countRef(part))) {
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

/** Counts different ids, up to a limit. */
class DistinctCount {
  readonly #max: number;
  /** All ids, while their number is within the limit even if all of them differ. */
  #all: string[] = [];
  /** The different ids, after that. */
  #distinct: Set<string> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** Counts an id; returns false when there are too many. */
  add(id: string): boolean {
    if (this.#distinct === undefined) {
      this.#all.push(id);
      if (this.#all.length <= this.#max) return true;
      this.#distinct = new Set(this.#all);
      this.#all = [];
    }
    return this.#distinct.add(id).size <= this.#max;
  }
}
