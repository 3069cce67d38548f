/**
 * Payloads kept as texts, for reductions without a disk.
 *
 * @module
 */

import { PayloadError } from "../../lib/errors.ts";
import {
  compactJson,
  JsonSyntaxError,
  parseExact,
} from "../../lib/format/json/json_exact.ts";
import type { JsonNode } from "../../lib/format/json/json_node.ts";
import type {
  JsonValue,
  PayloadDocument,
  PayloadSource,
  RawElement,
  RawPayloadRef,
  RequestWindow,
} from "../../lib/format/payload.ts";

/** Payloads by path. No request shares anything with the one before it. */
export class MemoryPayloads implements PayloadSource {
  readonly #texts: ReadonlyMap<string, string>;

  /** Serves `texts`, by path. */
  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
  }

  /** {@inheritDoc PayloadSource.open} */
  open(ref: RawPayloadRef): PayloadDocument {
    const text = this.#texts.get(ref.path);
    if (text === undefined) {
      throw new PayloadError("payload_unreadable", ref, "does not exist");
    }
    try {
      return new TextDocument(text);
    } catch (cause) {
      if (!(cause instanceof JsonSyntaxError)) throw cause;
      throw new PayloadError("payload_not_json", ref, cause.message, { cause });
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

  /** {@inheritDoc PayloadSource.verify} */
  verify(ref: RawPayloadRef): void {
    this.open(ref);
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
