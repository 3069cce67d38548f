/**
 * Watches over the events: each of the watches hears every event, and then that there is no more.
 *
 * @module
 */

import type { DecodedEvent } from "../format/event.ts";
import type { LogRules, OrderedEvent } from "../bundle/log/event_order.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../format/manifest.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { quote } from "../errors.ts";
import type { FindingSink } from "./finding.ts";
import { LifeWatch } from "./life_watch.ts";
import { type Expected, OrderWatch } from "./order_watch.ts";
import { PayloadWatch } from "./payload_watch.ts";

/** Most types that are counted apart though the schema does not have them. */
const MAX_UNKNOWN_TYPES = 100;
/** Where more of them are counted; no type of an event has spaces. */
const MORE_UNKNOWN_TYPES = "more unknown types";

/** Hears of every event that could be decoded, whether a replay takes it or not. */
export class EventWatch {
  readonly #sink: FindingSink;
  readonly #order: OrderWatch;
  readonly #lives: LifeWatch;
  readonly #types: Map<string, number> = new Map();
  /** The payloads that were named. */
  readonly payloads: PayloadWatch;
  #unknownTypes = 0;
  #count = 0;
  #lastType = "";

  /** Tells `sink` what is wrong; `expected` is the manifest, as far as it is known. */
  constructor(sink: FindingSink, expected: Partial<Expected>) {
    this.#sink = sink;
    this.#order = new OrderWatch(sink, { ...expected });
    this.#lives = new LifeWatch(sink);
    this.payloads = new PayloadWatch(sink);
  }

  /** How many events there were. */
  get count(): number {
    return this.#count;
  }

  /** How many there were of each type, in the order of the alphabet. */
  get byType(): Record<string, number> {
    return Object.fromEntries([...this.#types].sort());
  }

  /** Wall clock of the first event and of the last. */
  get span(): OrderWatch["span"] {
    return this.#order.span;
  }

  /** Must be called for every event, in order; also for one of an unknown type. */
  observe(decoded: DecodedEvent | OrderedEvent): void {
    const { type } = decoded.event.payload;
    this.#count++;
    this.#lastType = type;
    const isKnown = "meaning" in decoded;
    this.#countType(type, isKnown);
    this.#order.observe(decoded);
    if (!isKnown) return;
    this.#order.observeRollout(decoded);
    this.#lives.observe(decoded);
    this.payloads.observe(decoded);
  }

  #countType(type: string, isKnown: boolean): void {
    const isNew = !isKnown && !this.#types.has(type);
    const isCounted = !isNew || ++this.#unknownTypes <= MAX_UNKNOWN_TYPES;
    const name = isCounted ? type : MORE_UNKNOWN_TYPES;
    this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
  }

  /** Hears that there is no more; `isWhole` unless reading stopped before the end of the log. */
  finish(rules: LogRules, isWhole: boolean): void {
    this.#lives.finish();
    this.payloads.finish();
    if (isWhole) this.#checkEnd(rules);
  }

  #checkEnd({ closingEvent }: LogRules): void {
    const about = { severity: "warning", file: EVENT_LOG_FILE } as const;
    if (this.#count === 0) {
      const message = "the log has no event";
      return this.#sink({ ...about, code: "log_empty", message });
    }
    if (!this.#types.has("rollout_ended")) {
      return this.#sink({
        ...about,
        code: "rollout_not_ended",
        message:
          "the end of the rollout was not recorded: the recording was cut off, or still goes on",
      });
    }
    if (closingEvent === null || this.#lastType === closingEvent) return;
    this.#sink({
      ...about,
      code: "recording_incomplete",
      message:
        "the recorder did not close the log: events may be missing at its end",
    });
  }

  /** Checks that the threads which a graph tells of were started. */
  checkThreads({ threads, root_thread_id }: RolloutTrace): void {
    if (this.#count === 0) return;
    if (!this.#lives.knowsThread(root_thread_id)) {
      this.#sink({
        code: "unknown_thread",
        severity: "warning",
        file: MANIFEST_FILE,
        ids: { thread_id: root_thread_id },
        message: `the root thread ${quote(root_thread_id)} was never started`,
      });
    }
    for (const { thread_id, origin } of threads.values()) {
      if (origin.type !== "spawned") continue;
      const { parent_thread_id } = origin;
      if (this.#lives.knowsThread(parent_thread_id)) continue;
      this.#sink({
        code: "unknown_thread",
        severity: "warning",
        file: EVENT_LOG_FILE,
        ids: { thread_id, parent_thread_id },
        message: `thread ${quote(thread_id)} was spawned by thread ${
          quote(parent_thread_id)
        }, which was never started`,
      });
    }
  }
}
