/**
 * Payloads as records of compressed shards, which may be put together from parts. Schema 3.
 *
 * A shard is decompressed once, as long as the events that need it follow one another: what the
 * final check asks of its records is answered before it is given up.
 *
 * @module
 */

import { PayloadError, type PayloadLocation } from "../../errors.ts";
import { compareUtf8 } from "../../format/json/utf8_order.ts";
import { PAYLOADS_DIR } from "../../format/manifest.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import { shardFile, type ShardRecords } from "../shard/shard_records.ts";
import { PartComposer } from "./part_composer.ts";
import {
  type PayloadStorage,
  type StorageContext,
  storedBytes,
  type StoredText,
} from "./payload_storage.ts";
import { ShardCache } from "./shard_cache.ts";
import { RecordCheck } from "./record_check.ts";

/** What is to be checked of one shard. */
interface ShardChecks {
  readonly shard: Integer;
  /** The first payload that was registered of it. */
  readonly named: string;
  /** References that were not checked yet. */
  pending: RawPayloadRef[];
  readonly faults: Map<string, unknown>;
  /** Whether its last frame is complete; null until the shard was read. */
  isSealed: boolean | null;
}

/** Reads the shards of a bundle. */
export class ShardStorage implements PayloadStorage {
  readonly #context: StorageContext;
  readonly #check: RecordCheck;
  readonly #cache: ShardCache;
  readonly #composer: PartComposer;
  readonly #checks: Map<string, ShardChecks> = new Map();
  /** References that name no shard. */
  readonly #unstored: RawPayloadRef[] = [];
  #wasRead: (ref: RawPayloadRef) => boolean = () => false;

  /** Opens nothing yet. `before` read the same shards before they grew. */
  constructor(context: StorageContext, before?: ShardStorage) {
    this.#context = context;
    this.#check = new RecordCheck(context);
    this.#cache = new ShardCache(
      context,
      (key, records) => this.#settle(key, records),
      before === undefined ? undefined : before.#cache,
    );
    this.#composer = new PartComposer(context, (ref) => this.#recordOf(ref));
  }

  /** {@inheritDoc PayloadStorage.watch} */
  watch(wasRead: (ref: RawPayloadRef) => boolean): void {
    this.#wasRead = wasRead;
  }

  /** {@inheritDoc PayloadStorage.reopen} */
  reopen(context: StorageContext): PayloadStorage {
    return new ShardStorage(context, this);
  }

  /** {@inheritDoc PayloadStorage.register} */
  register(ref: RawPayloadRef): void {
    const { shard } = ref;
    if (shard === undefined || shard === null) {
      this.#unstored.push(ref);
      return;
    }
    const key = String(shard);
    let checks = this.#checks.get(key);
    if (checks === undefined) {
      checks = {
        shard,
        named: ref.raw_payload_id,
        pending: [],
        faults: new Map(),
        isSealed: null,
      };
      this.#checks.set(key, checks);
    }
    checks.pending.push(ref);
  }

  /** {@inheritDoc PayloadStorage.open} */
  open(ref: RawPayloadRef): StoredText {
    return storedBytes(
      isComposed(ref) ? this.#composer.compose(ref) : this.#recordOf(ref),
    );
  }

  /** {@inheritDoc PayloadStorage.keep} Its shard is kept when it is evicted. */
  keep(): void {}

  /** {@inheritDoc PayloadStorage.openRecord} */
  openRecord(ref: RawPayloadRef): StoredText {
    return storedBytes(this.#recordOf(ref));
  }

  /** {@inheritDoc PayloadStorage.sizeOf} */
  sizeOf(ref: RawPayloadRef): number {
    return isComposed(ref)
      ? this.#composer.sizeOf(ref)
      : this.#recordOf(ref).length;
  }

  /** {@inheritDoc PayloadStorage.fileOf} */
  fileOf({ shard }: RawPayloadRef): string | null {
    return shard === undefined || shard === null ? null : shardFile(shard);
  }

  /** {@inheritDoc PayloadStorage.finish} */
  finish(): void {
    this.#cache.checkFolders();
  }

  /** The data of a payload's record. Valid until the next shard is read. */
  #recordOf(ref: RawPayloadRef): Uint8Array {
    const { shard, raw_payload_id: id } = ref;
    if (shard === undefined || shard === null) {
      throw ref.capture === undefined ? notStored(ref) : new PayloadError(
        "payload_not_recorded",
        { raw_payload_id: id, path: PAYLOADS_DIR },
        "was not recorded: it was omitted by the recorder's limit",
      );
    }
    const data = this.#context.kept?.find(shard, id) ??
      this.#cache.read(shard, id).find(id);
    if (data !== undefined) return data;
    throw missingRecord({ raw_payload_id: id, path: shardFile(shard) });
  }

  /** Checks what is pending of a shard while its records are there. */
  #settle(key: string, records: ShardRecords): void {
    this.#context.keepIn?.keep(key, records);
    const checks = this.#checks.get(key);
    if (checks === undefined) return;
    checks.isSealed = records.isSealed;
    const { pending, faults } = checks;
    checks.pending = [];
    for (const ref of pending) {
      if (this.#wasRead(ref)) continue;
      try {
        this.#verifyIn(records, ref, shardFile(checks.shard));
      } catch (fault) {
        faults.set(ref.raw_payload_id, fault);
      }
    }
  }

  #verifyIn(records: ShardRecords, ref: RawPayloadRef, path: string): void {
    const place = { raw_payload_id: ref.raw_payload_id, path };
    const data = records.find(ref.raw_payload_id);
    if (data === undefined) throw missingRecord(place);
    if (this.#check.verify(ref, place, data)) return;
    this.#composer.verify(ref, place);
  }

  /** {@inheritDoc PayloadStorage.verify} */
  verify(ref: RawPayloadRef): void {
    const { shard } = ref;
    if (shard === undefined || shard === null) {
      if (ref.capture?.status !== "omitted") throw notStored(ref);
      return;
    }
    const records = this.#cache.read(shard, ref.raw_payload_id);
    this.#verifyIn(records, ref, shardFile(shard));
  }

  /** {@inheritDoc PayloadStorage.verifyAll} */
  verifyAll(isClosed: boolean, report: (fault: unknown) => void): void {
    for (const ref of this.#unstored.sort(byId)) {
      if (ref.capture?.status === "omitted") continue;
      report(notStored(ref));
    }
    this.#cache.clear();
    const ascending = [...this.#checks.values()].sort((a, b) =>
      a.shard < b.shard ? -1 : 1
    );
    const last = ascending.at(-1);
    for (const checks of ascending) {
      // A recorder seals a shard before it begins the next one.
      const mustBeSealed = isClosed || checks !== last;
      this.#verifyShard(checks, mustBeSealed, report);
    }
  }

  #verifyShard(
    checks: ShardChecks,
    mustBeSealed: boolean,
    report: (fault: unknown) => void,
  ): void {
    const [first] = checks.pending.sort(byId);
    if (first !== undefined) {
      try {
        this.#cache.read(checks.shard, first.raw_payload_id);
        this.#cache.clear();
      } catch (fault) {
        reportEach(checks.pending, fault, report);
        return;
      }
    }
    if (mustBeSealed && checks.isSealed === false) report(notSealed(checks));
    const faults = [...checks.faults].sort(([a], [b]) => compareUtf8(a, b));
    for (const [, fault] of faults) report(fault);
  }
}

/** Whether the text of a payload is put together from parts; of a truncated one, it is the record. */
function isComposed({ parts, capture }: RawPayloadRef): boolean {
  return parts !== undefined && capture === undefined;
}

/** Reported once, with a payload of the shard: nothing of what can be read is lost by it. */
function notSealed({ shard, named }: ShardChecks): PayloadError {
  return new PayloadError(
    "shard_not_sealed",
    { raw_payload_id: named, path: shardFile(shard) },
    "is in a shard that was not sealed, although the recorder continued after it",
  );
}

function notStored({ raw_payload_id }: RawPayloadRef): PayloadError {
  return new PayloadError(
    "payload_capture_mismatch",
    { raw_payload_id, path: PAYLOADS_DIR },
    "is in no shard, although it is not marked as omitted",
  );
}

function missingRecord(place: PayloadLocation): PayloadError {
  return new PayloadError("payload_missing", place, "is not in its shard");
}

/** A shard that cannot be read is a fault of every payload in it. */
function reportEach(
  refs: readonly RawPayloadRef[],
  fault: unknown,
  report: (fault: unknown) => void,
): void {
  if (!(fault instanceof PayloadError)) throw fault;
  for (const { raw_payload_id } of refs) {
    report(fault.forPayload(raw_payload_id));
  }
}

function byId(a: RawPayloadRef, b: RawPayloadRef): number {
  return compareUtf8(a.raw_payload_id, b.raw_payload_id);
}
