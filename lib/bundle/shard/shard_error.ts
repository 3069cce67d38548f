/**
 * The error of everything that reads a shard.
 *
 * @module
 */

/** What is wrong with a shard. */
export type ShardErrorCode =
  /** The bytes are not a zstd stream, or a frame contradicts itself. */
  | "corrupt"
  /** A frame is well formed, but its content has another checksum. */
  | "wrong_checksum"
  /** A frame needs a window above the limit of the format. */
  | "window_too_large"
  /** A frame was compressed with a dictionary. */
  | "dictionary_required"
  /** The content has more bytes than the caller allows. */
  | "over_limit"
  /** The content has more records than the caller allows. */
  | "too_many_records"
  /** A sealed shard ends inside a record. */
  | "partial_record"
  /** Two records have the same id. */
  | "duplicate_id"
  /** The id of a record is not UTF-8. */
  | "id_not_utf8";

/** A shard that cannot be read. The message names neither the file nor the shard. */
export class ShardError extends Error {
  /** Name of the class. */
  override readonly name = "ShardError";
  /** Stable name of the fault. */
  readonly code: ShardErrorCode;

  /** The message follows the name of the shard, as in `shard 1 is corrupt: …`. */
  constructor(code: ShardErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A {@linkcode ShardError} about bytes that are not a zstd stream. */
export function corrupt(reason: string): ShardError {
  return new ShardError("corrupt", `is corrupt: ${reason}`);
}

/** A {@linkcode ShardError} about more content than is allowed. */
export function overLimit(maxBytes: number): ShardError {
  return new ShardError(
    "over_limit",
    `has more than ${maxBytes} bytes of content`,
  );
}
