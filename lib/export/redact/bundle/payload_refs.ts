/**
 * What the log has about payloads: their kinds, files and parts.
 *
 * The log may be damaged, and is read as far as it can be.
 *
 * @module
 */

/** A payload, as far as a reference in the log describes it. */
export interface NamedPayload {
  readonly id: string;
  /** Its kind; `unknown` where the reference has none. */
  readonly kind: string;
  /** Its file. Schemas 1 and 2. */
  readonly path: string | undefined;
  /** Number of its shard, in decimal. Schema 3. */
  readonly shard: string | undefined;
  /** Whether the recorder kept its start only. */
  readonly isTruncated: boolean;
  /** Its parts, in order; empty without any. */
  readonly parts: readonly NamedPayload[];
}

/** A line of the log, as far as it can be read. */
export interface NamedLine {
  /** The thread that its event is of; `undefined` where it names none. */
  readonly thread: string | undefined;
}

/** The payloads that a log names. */
export class PayloadRefs {
  readonly #byId = new Map<string, NamedPayload>();
  readonly #byPath = new Map<string, NamedPayload>();
  readonly #named = new Set<string>();
  /** The lines, and their bytes: the last one may be longer when the log is read again. */
  readonly #lines = new Map<number, NamedLine & { readonly length: number }>();
  /** The threads whose events refer to a payload, by its id. */
  readonly #threads = new Map<string, Set<string>>();

  /** Whether the references of a line were added. */
  hasLine(number: number, { length }: Uint8Array): boolean {
    return this.#lines.get(number)?.length === length;
  }

  /** Adds the references of a line, by its number, once. Returns what it is about. */
  addLine(
    number: number,
    { length }: Uint8Array,
    text: string,
  ): NamedLine {
    const known = this.#lines.get(number);
    if (known?.length === length) return known;
    const line = { length, ...this.#addLine(text) };
    this.#lines.set(number, line);
    return line;
  }

  #addLine(line: string): NamedLine {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return { thread: undefined };
    }
    const id = memberOf(value, "thread_id");
    const thread = typeof id === "string" ? id : undefined;
    if (thread !== undefined) this.#named.add(thread);
    this.#addAll(value, thread, 0);
    return { thread };
  }

  /** The threads that events are of. */
  get threads(): ReadonlySet<string> {
    return this.#named;
  }

  /** The threads whose events refer to a payload; empty where none does. */
  threadsOf({ id }: NamedPayload): ReadonlySet<string> {
    return this.#threads.get(id) ?? NO_THREADS;
  }

  /** The payload with an id. */
  byId(id: string): NamedPayload | undefined {
    return this.#byId.get(id);
  }

  /** The payload in a file. */
  byPath(path: string): NamedPayload | undefined {
    return this.#byPath.get(path);
  }

  /** Every file that a reference names, in the order of the log. */
  paths(): Iterable<string> {
    return this.#byPath.keys();
  }

  #addAll(value: unknown, thread: string | undefined, depth: number): void {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) {
      return;
    }
    if (typeof Reflect.get(value, "raw_payload_id") === "string") {
      this.#add(value, thread);
      return;
    }
    for (const member of Object.values(value)) {
      this.#addAll(member, thread, depth + 1);
    }
  }

  #add(value: object, thread: string | undefined): NamedPayload {
    const payload = payloadOf(value, (part) => this.#add(part, thread));
    if (thread !== undefined) {
      const threads = this.#threads.get(payload.id) ?? new Set();
      this.#threads.set(payload.id, threads.add(thread));
    }
    if (!this.#byId.has(payload.id)) this.#byId.set(payload.id, payload);
    const { path } = payload;
    if (path !== undefined && !this.#byPath.has(path)) {
      this.#byPath.set(path, payload);
    }
    return payload;
  }
}

const NO_THREADS: ReadonlySet<string> = new Set();
/** References are not deeper inside an event. */
const MAX_DEPTH = 8;

function payloadOf(
  value: object,
  add: (part: object) => NamedPayload,
): NamedPayload {
  const member = (key: string): unknown => Reflect.get(value, key);
  const text = (key: string) => {
    const found = member(key);
    return typeof found === "string" ? found : undefined;
  };
  const kind = memberOf(member("kind"), "type");
  const parts = member("parts");
  const shard = member("shard");
  return {
    id: text("raw_payload_id") ?? "",
    kind: typeof kind === "string" ? kind : "unknown",
    path: text("path"),
    shard: typeof shard === "number" ? String(shard) : undefined,
    isTruncated: memberOf(member("capture"), "status") === "truncated",
    parts: Array.isArray(parts)
      ? parts.filter(isObject).map((part) => add(part))
      : [],
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function memberOf(value: unknown, key: string): unknown {
  return isObject(value) ? Reflect.get(value, key) : undefined;
}
