/**
 * Payloads kept as texts, for reductions without a disk.
 *
 * @module
 */

import { PayloadError, type PayloadLocation } from "../../../lib/errors.ts";
import {
  type JsonNode,
  parseExact,
} from "../../../lib/format/json/json_parse.ts";
import { compactJson } from "../../../lib/format/json/json_print.ts";
import { JsonSyntaxError } from "../../../lib/format/json/json_scanner.ts";
import { sortUtf8 } from "../../../lib/format/json/utf8_order.ts";
import type {
  JsonValue,
  PayloadDocument,
  PayloadSource,
  RawElement,
  RawPayloadRef,
  RequestWindow,
} from "../../../lib/format/payload.ts";

/**
 * The key of a payload among the texts: its path, or its id where references name no path.
 */
export function payloadKey({ path, raw_payload_id }: RawPayloadRef): string {
  return path ?? raw_payload_id;
}

/**
 * Payloads by {@linkcode payloadKey}. No request shares anything with the one before it, and no
 * payload has parts.
 */
export class MemoryPayloads implements PayloadSource {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #refs: Map<string, RawPayloadRef> = new Map();

  /** Serves `texts`. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** {@inheritDoc PayloadSource.register} */
  register(ref: RawPayloadRef): void {
    this.#refs.set(ref.raw_payload_id, ref);
  }

  /** {@inheritDoc PayloadSource.open} */
  open(ref: RawPayloadRef): PayloadDocument {
    const key = payloadKey(ref);
    const text = this.#texts.get(key);
    const place: PayloadLocation = {
      raw_payload_id: ref.raw_payload_id,
      path: key,
    };
    if (text === undefined) {
      throw new PayloadError("payload_unreadable", place, "does not exist");
    }
    try {
      return new TextDocument(text);
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      const { message } = cause;
      throw new PayloadError("payload_not_json", place, message, { cause });
    }
  }

  /** {@inheritDoc PayloadSource.openRequest} */
  openRequest(ref: RawPayloadRef): RequestWindow {
    const document = this.open(ref);
    const previous = document.member("previous_response_id")?.value;
    const fresh = document.elements("input");
    return {
      input: fresh === undefined ? "missing" : "list",
      previousResponseId: typeof previous === "string" ? previous : null,
      shared: 0,
      fresh: fresh ?? [],
    };
  }

  /** {@inheritDoc PayloadSource.closeThread} */
  closeThread(): void {}

  /** {@inheritDoc PayloadSource.verifyAll} */
  verifyAll(_isClosed: boolean, report: (fault: unknown) => void): void {
    for (const id of sortUtf8([...this.#refs.keys()])) {
      const ref = this.#refs.get(id);
      if (ref === undefined || ref.capture !== undefined) continue;
      try {
        this.open(ref);
      } catch (fault) {
        report(fault);
      }
    }
  }
}

class TextDocument implements PayloadDocument {
  readonly value: JsonValue;
  readonly #exact: JsonNode;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#exact = parseExact(text);
    this.value = JSON.parse(text);
  }

  source(): string {
    return this.#text;
  }

  exact(): JsonNode {
    return this.#exact;
  }

  member(key: string): RawElement | undefined {
    const node = this.#exact instanceof Map ? this.#exact.get(key) : undefined;
    return node === undefined ? undefined : element(node);
  }

  elements(key: string): readonly RawElement[] | undefined {
    const node = this.#exact instanceof Map ? this.#exact.get(key) : undefined;
    return Array.isArray(node) ? node.map(element) : undefined;
  }
}

function element(node: JsonNode): RawElement {
  const text = compactJson(node);
  return { value: JSON.parse(text), source: () => text };
}
