/**
 * Random trace bundles from a seed: mostly sessions that could have happened, some of them
 * perturbed until they contradict themselves, some laid out oddly on disk.
 *
 * @module
 */

import type { RandomBundle, Schema } from "./bundle.ts";
import { unusualLayout } from "./storage/layout.ts";
import { mutate } from "./mutate.ts";
import { Prng } from "./prng.ts";
import { walk } from "./scenario.ts";

export {
  type RandomBundle,
  readBundle,
  type Schema,
  writeBundle,
} from "./bundle.ts";

/** How a seed becomes a bundle. */
export interface RandomOptions {
  /** Share of bundles that are perturbed. */
  mutated?: number;
  /** Share of bundles that are laid out oddly. */
  laidOut?: number;
}

/** The bundle of a seed. */
export function randomBundle(
  seed: number,
  schema: Schema,
  options: RandomOptions = {},
): RandomBundle {
  const p = new Prng(seed ^ 0x5eed);
  const bundle = walk(seed, schema);
  const perturbed = p.chance(options.mutated ?? 0.2)
    ? mutate(p, bundle, p.between(1, 2))
    : bundle;
  return p.chance(options.laidOut ?? 0.15)
    ? unusualLayout(p, perturbed)
    : perturbed;
}

/** A perturbed copy of a bundle that was recorded. */
export function mutatedBundle(
  seed: number,
  recorded: RandomBundle,
): RandomBundle {
  const p = new Prng(seed ^ 0xc0de);
  const perturbed = mutate(p, recorded, p.between(1, 3));
  return p.chance(0.1) ? unusualLayout(p, perturbed) : perturbed;
}
