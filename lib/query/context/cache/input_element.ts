/**
 * An element of the input of a request, as it is compared with those of another request.
 *
 * @module
 */

import { parseExact } from "../../../format/json/json_parse.ts";
import { canonicalJson } from "../../../format/json/json_print.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";

/** What an element is made of. What is a function is called when it is needed, if ever. */
export interface ElementFacts {
  /** Its type, such as `message`; null where it has none. */
  readonly type: string | null;
  /** The item; null for an element that is none. */
  readonly item: () => ObjectRef | null;
  /** The payload of an item that was not recorded; null for any other. */
  readonly lost: string | null;
  /** Elements with the same one are the same; null where each has to be compared. */
  readonly identity: string | null;
  /** Elements with different ones differ. */
  readonly label: string;
  /** Its JSON as written, or a key of its content; null where it was not recorded. */
  readonly source: () => string | null;
}

/** Compares elements by what a model reads of them. */
export class InputElement {
  /** Its type, such as `message`; null where it has none. */
  readonly type: string | null;
  /** The payload of an item that was not recorded; null for any other. */
  readonly lost: string | null;
  readonly #facts: ElementFacts;
  #source: string | null | undefined;
  #content: string | undefined;

  /** Reads nothing yet. */
  constructor(facts: ElementFacts) {
    this.#facts = facts;
    this.type = facts.type;
    this.lost = facts.lost;
  }

  /** The item; null for an element that is none. */
  get item(): ObjectRef | null {
    return this.#facts.item();
  }

  /** Its JSON as written, or a key of its content; null where it was not recorded. */
  get source(): string | null {
    return this.#source ??= this.#facts.source();
  }

  /** Whether another element has the same content; ids do not count, which no model reads. */
  isSameAs(other: InputElement): boolean {
    const [mine, others] = [this.#facts, other.#facts];
    if (mine.identity !== null && mine.identity === others.identity) {
      return true;
    }
    if (mine.label !== others.label) return false;
    const [a, b] = [this.source, other.source];
    return a !== null && b !== null &&
      (a === b || this.#withoutId(a) === other.#withoutId(b));
  }

  #withoutId(source: string): string {
    return this.#content ??= withoutId(source);
  }
}

/** The JSON of an element without its id. */
function withoutId(source: string): string {
  const node = parseExact(source);
  if (node instanceof Map) node.delete("id");
  return canonicalJson(node);
}
