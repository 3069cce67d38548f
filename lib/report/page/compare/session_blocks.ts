/**
 * The blocks of a page of several sessions.
 *
 * @module
 */

import type { PageComparison } from "../../build/page_comparison.ts";
import { blockPrefix, BLOCKS } from "../../block_names.ts";
import type { ReadBlock } from "../model/data_blocks.ts";
import { Model } from "../model/model.ts";
import { setLocalTimes } from "../ui/figures.ts";

/** Sessions and comparisons of a page, each parsed when it is first shown. */
export class SessionBlocks {
  /** Names of the sessions. */
  readonly names: readonly string[];
  readonly #read: ReadBlock;
  readonly #models: Map<number, Model> = new Map();
  readonly #comparisons: Map<number, PageComparison> = new Map();

  /** Takes what the page has. */
  constructor(names: readonly string[], read: ReadBlock) {
    this.names = names;
    this.#read = read;
  }

  model(session: number): Model {
    let model = this.#models.get(session);
    if (model === undefined) {
      const prefix = blockPrefix(session);
      model = new Model((name) => this.#read(prefix + name), session);
      setLocalTimes(model.data.has_local_times);
      this.#models.set(session, model);
    }
    return model;
  }

  /** The first session compared with another. */
  comparison(session: number): PageComparison {
    const known = this.#comparisons.get(session);
    if (known !== undefined) return known;
    const json = this.#read(BLOCKS.comparison + session);
    if (json === undefined) throw new Error("this page holds no comparison");
    const parsed: PageComparison = JSON.parse(json);
    this.#comparisons.set(session, parsed);
    return parsed;
  }
}
