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

/** The payloads that a log names. */
export class PayloadRefs {
  readonly #byId = new Map<string, NamedPayload>();
  readonly #byPath = new Map<string, NamedPayload>();

  /** Adds the references of a line. */
  addLine(line: string): void {
    if (!line.includes("raw_payload_id")) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    this.#addAll(value, 0);
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

  #addAll(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) {
      return;
    }
    if (typeof Reflect.get(value, "raw_payload_id") === "string") {
      this.#add(value);
      return;
    }
    for (const member of Object.values(value)) this.#addAll(member, depth + 1);
  }

  #add(value: object): NamedPayload {
    const payload = payloadOf(value, (part) => this.#add(part));
    if (!this.#byId.has(payload.id)) this.#byId.set(payload.id, payload);
    const { path } = payload;
    if (path !== undefined && !this.#byPath.has(path)) {
      this.#byPath.set(path, payload);
    }
    return payload;
  }
}

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
