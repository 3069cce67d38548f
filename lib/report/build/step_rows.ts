/**
 * The causes and effects of each object, one step at a time: the data of `explain`.
 *
 * The page joins the steps to chains, so that no part of a chain is stored twice.
 *
 * @module
 */

import type { Link } from "../../query/explain/link.ts";
import {
  downstreamLinks,
  upstreamLinks,
} from "../../query/explain/relations/relations.ts";
import type { ExplainContext } from "../../query/explain/explain_context.ts";
import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
  type ObjectRef,
} from "../../query/session/names/object_kind.ts";
import type { EvidenceSource } from "../../query/evidence/links/evidence.ts";
import type { FlatColumn } from "./flat_column.ts";
import { StringTable } from "../packed_table.ts";

/** Maximum number of events that one step refers to. */
const MAX_EVENTS = 6;
/** The rows of lists of this length are found again rather than kept. */
const MAX_SHORT = 16;

/** The steps of one object after another, as the lists of `StepTuple` are packed. */
export class StepColumn {
  readonly #lengths: number[] = [];
  readonly #relations: number[] = [];
  readonly #kinds: number[] = [];
  readonly #rows: number[] = [];
  readonly #notes: number[] = [];
  readonly #events: number[] = [];
  readonly #eventCounts: number[] = [];
  #begin = 0;

  /** Adds a step of the object whose steps are ended next. */
  add(
    relation: number,
    kind: number,
    row: number,
    note: number,
    events: readonly number[],
  ): void {
    this.#relations.push(relation);
    this.#kinds.push(kind);
    this.#rows.push(row);
    this.#notes.push(note);
    this.#eventCounts.push(events.length);
    for (const each of events) this.#events.push(each);
  }

  /** Ends the steps of an object. */
  end(): void {
    const { length } = this.#relations;
    this.#lengths.push(length - this.#begin);
    this.#begin = length;
  }

  /** What was added. */
  column(): FlatColumn {
    const events = { lengths: this.#eventCounts, elements: this.#events };
    return {
      lengths: this.#lengths,
      elements: {
        places: [
          this.#relations,
          this.#kinds,
          this.#rows,
          this.#notes,
          events,
        ],
      },
    };
  }
}

/** Collects steps; texts that many of them share are stored once. */
export class StepRows {
  readonly #scene: ExplainContext;
  readonly #eventAt: ReadonlyMap<number, number>;
  readonly #events: WeakMap<readonly EvidenceSource[], readonly number[]> =
    new WeakMap();
  #last: {
    readonly evidence: readonly EvidenceSource[] | null;
    readonly events: readonly number[];
  } = { evidence: null, events: [] };
  readonly #texts: StringTable = new StringTable();
  readonly #rows: Map<ObjectKind, ReadonlyMap<string, number>> = new Map();

  /** `eventAt` is the row of the event in each line of the log. */
  constructor(scene: ExplainContext, eventAt: ReadonlyMap<number, number>) {
    this.#scene = scene;
    this.#eventAt = eventAt;
  }

  /** Adds the steps to the causes of an object. */
  addUpstream(object: ObjectRef, column: StepColumn): void {
    this.#add(upstreamLinks(this.#scene, object), column);
  }

  /** Adds the steps to the effects of an object. */
  addDownstream(object: ObjectRef, column: StepColumn): void {
    this.#add(downstreamLinks(this.#scene, object), column);
  }

  /** The texts that steps refer to by their index. */
  texts(): string[] {
    return this.#texts.all();
  }

  #add(links: readonly Link[], column: StepColumn): void {
    for (const { relation, to, note, evidence } of links) {
      const row = this.#rowsOf(to.kind).get(to.id);
      if (row === undefined) continue;
      column.add(
        this.#texts.intern(relation),
        OBJECT_KINDS.indexOf(to.kind),
        row,
        note === undefined ? -1 : this.#texts.intern(note),
        this.#eventsOf(evidence()),
      );
    }
    column.end();
  }

  /** Rows of the first events; all links to the objects that name a payload have the same list. */
  #eventsOf(evidence: readonly EvidenceSource[]): readonly number[] {
    if (evidence === this.#last.evidence) return this.#last.events;
    let events = this.#events.get(evidence);
    if (events === undefined) {
      const lines = evidence.flatMap((each) => "line" in each ? each.line : []);
      events = [...new Set(lines)].sort((a, b) => a - b)
        .slice(0, MAX_EVENTS).flatMap((line) => this.#eventAt.get(line) ?? []);
      if (evidence.length > MAX_SHORT) this.#events.set(evidence, events);
    }
    this.#last = { evidence, events };
    return events;
  }

  #rowsOf(kind: ObjectKind): ReadonlyMap<string, number> {
    let rows = this.#rows.get(kind);
    if (rows === undefined) {
      const ids = this.#scene.trace[OBJECT_MAPS[kind]].keys();
      rows = new Map(Array.from(ids, (id, row) => [id, row]));
      this.#rows.set(kind, rows);
    }
    return rows;
  }
}
