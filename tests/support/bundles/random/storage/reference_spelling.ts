/**
 * References to payloads of schema 3 in other spellings.
 *
 * @module
 */

import { Obj, obj } from "../items/json_text.ts";
import type { Prng } from "../prng.ts";

/** The reference in a spelling that means the same. */
export function spellUnusually(p: Prng, ref: Obj): Obj {
  const isComplete = ref.get("capture") === undefined;
  const spelled: readonly (() => Obj)[] = [
    () => isComplete ? ref.with("capture", obj({ status: "complete" })) : ref,
    () => ref.get("parts") === undefined ? ref.with("parts", []) : ref,
    () => ref.get("shard") === null ? ref.without("shard") : ref,
    () => ref.with("path", "payloads/1.json"),
    () => new Obj(p.shuffle(ref.entries)),
  ];
  return p.pick(spelled)();
}
