/**
 * Plainer ways to store the payloads of a bundle: steps of the shrinker.
 *
 * @module
 */

import {
  isBytes,
  type PayloadFile,
  type RandomBundle,
} from "../../support/bundles/random/bundle.ts";
import { inlineParts } from "../../support/bundles/random/storage/inline_parts.ts";
import { partMark } from "../../support/bundles/random/storage/parts.ts";
import {
  storedById,
  updateReferences,
} from "../../support/bundles/random/storage/stored.ts";

type Payloads = ReadonlyMap<string, PayloadFile>;

/** The bundle with other payloads, and the references that follow from them. */
function withPayloads(bundle: RandomBundle, payloads: Payloads): RandomBundle {
  const before = storedById(bundle.payloads.values());
  const after = storedById(payloads.values());
  const isStored = after.size > 0;
  return {
    ...bundle,
    payloads: new Map(payloads),
    events: isStored
      ? bundle.events.map((event) => updateReferences(event, before, after))
      : bundle.events,
  };
}

/** The bundle with one payload changed. */
export function withPayload(
  bundle: RandomBundle,
  path: string,
  file: PayloadFile,
): RandomBundle {
  return withPayloads(bundle, new Map(bundle.payloads).set(path, file));
}

function mapPayloads(
  bundle: RandomBundle,
  change: (file: PayloadFile) => PayloadFile,
): RandomBundle {
  const changed = [...bundle.payloads].map(([path, file]) =>
    [path, change(file)] as const
  );
  return withPayloads(bundle, new Map(changed));
}

/** The payload with every part in place that is there. */
function full(file: PayloadFile, bundle: RandomBundle): PayloadFile {
  if (file.storage === undefined || isBytes(file.body)) return file;
  const all = storedById(bundle.payloads.values());
  return { ...file, body: inlineParts(file, all, partMark) };
}

function inFirstShard(file: PayloadFile): PayloadFile {
  if (file.storage === undefined || file.storage.shard === null) return file;
  return { ...file, storage: { ...file.storage, shard: 1 } };
}

function withoutExtras(bundle: RandomBundle): RandomBundle {
  const payloads = [...bundle.payloads].filter(([, file]) =>
    file.extra !== true
  );
  return { ...bundle, payloads: new Map(payloads) };
}

/** The bundle with complete payloads in one sealed shard. */
export function plainStorage(bundle: RandomBundle): RandomBundle {
  const bare = withoutExtras({ ...bundle, shards: new Map() });
  const inlined = mapPayloads(bare, (file) => full(file, bare));
  return mapPayloads(inlined, inFirstShard);
}

/** The steps towards {@linkcode plainStorage}, each for itself. */
export function plainerStorages(
  bundle: RandomBundle,
): ((bundle: RandomBundle) => RandomBundle)[] {
  const each = [...bundle.payloads.keys()].map((path) => (b: RandomBundle) => {
    const file = b.payloads.get(path);
    return file === undefined ? b : withPayload(b, path, full(file, b));
  });
  return [
    (b) => ({ ...b, shards: new Map() }),
    withoutExtras,
    (b) => mapPayloads(b, inFirstShard),
    (b) => mapPayloads(b, (file) => full(file, b)),
    ...each,
  ];
}
