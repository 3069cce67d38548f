/**
 * Lists of ids in which each stands once, however long they get.
 *
 * Nearly all such lists have one or two ids; for the others a set spares the search.
 *
 * @module
 */

/** Up to this length a search is as fast. */
const SHORT = 16;

/** Adds to lists. A list that it was once given must not be changed by anybody else. */
export class UniqueIds {
  readonly #known: WeakMap<readonly string[], Set<string>> = new WeakMap();

  /** Adds an id to a list unless it is there already. */
  push(list: string[], id: string): void {
    if (list.length <= SHORT) {
      if (!list.includes(id)) list.push(id);
      return;
    }
    let known = this.#known.get(list);
    if (known === undefined) this.#known.set(list, known = new Set(list));
    if (known.has(id)) return;
    known.add(id);
    list.push(id);
  }
}
