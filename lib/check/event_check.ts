/**
 * Checks the events of a log: passes each event to every check of events, and counts them by type.
 *
 * @module
 */

import type { DecodedEvent } from "../format/event.ts";
import type { LogRules, OrderedEvent } from "../bundle/log/event_order.ts";
import { EVENT_LOG_FILE, MANIFEST_FILE } from "../format/manifest.ts";
import { unresolvedReferences } from "../graph/codec/unresolved_references.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { quote } from "../errors.ts";
import type { FindingSink } from "./report.ts";
import { LifecycleCheck } from "./lifecycle_check.ts";
import { type Expected, SequenceCheck } from "./sequence_check.ts";
import { PayloadRefs } from "./payload_check.ts";

/** How many types that the schema does not have are counted by name. */
const MAX_UNKNOWN_TYPES = 100;
/** The name under which the others are counted; the type of an event has no spaces. */
const MORE_UNKNOWN_TYPES = "more unknown types";

/** Checks every event that could be decoded, including those that a replay skips. */
export class EventCheck {
  readonly #sink: FindingSink;
  readonly #sequence: SequenceCheck;
  readonly #lifecycles: LifecycleCheck;
  readonly #types: Map<string, number> = new Map();
  /** The payloads that were named. */
  readonly payloads: PayloadRefs;
  #unknownTypes = 0;
  #count = 0;
  #lastType = "";

  /**
   * Reports findings to `sink`.
   *
   * @param expected What is known of the manifest.
   * @param isWindows Whether `\\` separates names in paths.
   */
  constructor(
    sink: FindingSink,
    expected: Partial<Expected>,
    isWindows: boolean,
  ) {
    this.#sink = sink;
    this.#sequence = new SequenceCheck(sink, { ...expected });
    this.#lifecycles = new LifecycleCheck(sink);
    this.payloads = new PayloadRefs(sink, isWindows);
  }

  /** How many events there were. */
  get count(): number {
    return this.#count;
  }

  /** How many events there were of each type, sorted by type. */
  get byType(): Record<string, number> {
    return Object.fromEntries([...this.#types].sort());
  }

  /** Wall clock of the first event and of the last. */
  get span(): SequenceCheck["span"] {
    return this.#sequence.span;
  }

  /** Whether the wall clock went back. */
  get hasTimeBackward(): boolean {
    return this.#sequence.hasTimeBackward;
  }

  /** Must be called for every event, in order; also for one of an unknown type. */
  observe(decoded: DecodedEvent | OrderedEvent): void {
    const { type } = decoded.event.payload;
    this.#count++;
    this.#lastType = type;
    const isKnown = "meaning" in decoded;
    this.#countType(type, isKnown);
    this.#sequence.observe(decoded);
    if (!isKnown) return;
    this.#sequence.observeRollout(decoded);
    this.#lifecycles.observe(decoded);
    this.payloads.observe(decoded);
  }

  #countType(type: string, isKnown: boolean): void {
    const isNew = !isKnown && !this.#types.has(type);
    const isCounted = !isNew || ++this.#unknownTypes <= MAX_UNKNOWN_TYPES;
    const name = isCounted ? type : MORE_UNKNOWN_TYPES;
    this.#types.set(name, (this.#types.get(name) ?? 0) + 1);
  }

  /** Must be called after the last event; `isComplete` is false if reading stopped early. */
  finish(rules: LogRules, isComplete: boolean): void {
    this.#lifecycles.finish();
    this.payloads.finish();
    if (isComplete) this.#checkEnd(rules);
  }

  #checkEnd({ closingEvent }: LogRules): void {
    const location = { severity: "warning", file: EVENT_LOG_FILE } as const;
    if (this.#count === 0) {
      const message = "the log has no event";
      return this.#sink({ ...location, code: "log_empty", message });
    }
    if (!this.#types.has("rollout_ended")) {
      return this.#sink({
        ...location,
        code: "rollout_not_ended",
        message:
          "the end of the rollout was not recorded: the recording was interrupted or is in progress",
      });
    }
    if (closingEvent === null || this.#lastType === closingEvent) return;
    this.#sink({
      ...location,
      code: "recording_incomplete",
      message:
        "the recorder did not close the log: events may be missing at its end",
    });
  }

  /** Reports objects of the graph that name one which is not there, except parents of threads. */
  checkReferences(trace: RolloutTrace): void {
    for (const { from, role, to } of unresolvedReferences(trace)) {
      if (role === "parent_thread") continue;
      const words = (kind: string) => kind.replaceAll("_", " ");
      this.#sink({
        code: "not_recorded",
        severity: "note",
        file: EVENT_LOG_FILE,
        ids: { [from.kind]: from.id, [role]: to.id },
        message: `${words(from.kind)} ${quote(from.id)} names ${words(role)} ${
          quote(to.id)
        }, which was not recorded`,
      });
    }
  }

  /** Checks that the root thread and every parent thread in the graph were started. */
  checkThreads({ threads, root_thread_id }: RolloutTrace): void {
    if (this.#count === 0) return;
    if (!this.#lifecycles.hasStartedThread(root_thread_id)) {
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
      if (this.#lifecycles.hasStartedThread(parent_thread_id)) continue;
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
