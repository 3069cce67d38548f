/**
 * What the details copy: the text of an object, its JSON, its handle, and commands about it.
 *
 * @module
 */

import type { Pointer, TextRef } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";

/** A text, or why there is none. */
export type CopyResult = { readonly text: string } | { readonly why: string };

/** Something to copy; its text is made when it is copied. */
export interface Copyable {
  readonly name: string;
  readonly make: () => CopyResult;
}

/** Everything that can be copied of an object. */
export function copyables(model: Model, found: Found): readonly Copyable[] {
  const pointer: Pointer = [found.kind, found.row.id];
  const { name } = model.data.session;
  const known = (text: string | null): CopyResult =>
    text === null ? { why: "the object has no text in this page" } : { text };
  return [
    { name: "text", make: () => known(textOf(model, found)) },
    { name: "JSON", make: () => ({ text: rawJson(model, found) }) },
    { name: "handle", make: () => ({ text: model.handle(pointer) }) },
    // A session log has nothing to explain.
    ...model.isSessionLog ? [] : [{
      name: "CLI command",
      make: () => ({ text: commandOf(name, model.handle(pointer)) }),
    }],
    ...found.kind === "inference_call" || found.kind === "compaction_request"
      ? [{
        name: "curl",
        make: () => curlOf(model, found.row.request_payload_id),
      }]
      : [],
  ];
}

/** The text of an object as it was recorded; null where it has none in this page. */
function textOf(model: Model, found: Found): string | null {
  const all = (refs: readonly (TextRef | null)[]) =>
    refs.filter((ref) => ref !== null).map((ref) => model.text(ref))
      .filter((text) => text !== "").join("\n") || null;
  switch (found.kind) {
    case "item":
      return all(found.row.parts.map(({ text }) => text));
    case "tool_call": {
      const operation = model.operation(found.row.operation_id);
      return all(
        operation === undefined
          ? [found.row.input, found.row.output]
          : [operation.input, operation.stdout, operation.stderr],
      );
    }
    case "terminal_operation":
      return all([found.row.input, found.row.stdout, found.row.stderr]);
    case "code_cell":
      return all([found.row.source]);
    case "inference_call":
      return found.row.response_ids.flatMap((id) => {
        const row = model.item(id);
        return row === undefined
          ? []
          : textOf(model, { kind: "item", row }) ?? [];
      }).join("\n\n") || null;
    case "payload":
      return model.payloadText(found.row) ?? null;
    default:
      return null;
  }
}

/** Fields that only the page understands. */
const INTERNAL: ReadonlySet<string> = new Set([
  "events",
  "upstream",
  "downstream",
]);

/** Fields that hold indexes of texts. */
const TEXTS: ReadonlySet<string> = new Set([
  "text",
  "input",
  "output",
  "source",
  "stdout",
  "stderr",
  "formatted",
]);

/** Fields that hold lists of items. */
const LISTS: ReadonlySet<string> = new Set(["items", "request", "replacement"]);

/** An object as the page has it, as JSON: texts in full, lists as the handles of their items. */
export function rawJson(model: Model, found: Found): string {
  const isCompaction = found.kind === "compaction";
  const plain = (name: string, value: unknown): unknown => {
    if (INTERNAL.has(name)) return undefined;
    const isList = LISTS.has(name) || (isCompaction && name === "input");
    if (isList && isItemList(value)) {
      const items = model.list(value);
      return Array.from(
        { length: items.length },
        (_, at) => items.at(at)?.handle ?? null,
      );
    }
    if (TEXTS.has(name) && typeof value === "number") return model.text(value);
    return value;
  };
  return JSON.stringify({ kind: found.kind, ...found.row }, plain, 2);
}

function isItemList(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((each) => typeof each === "number");
}

/** The command that explains an object of a bundle. */
export function commandOf(bundle: string, handle: string): string {
  // A name that a terminal may interpret when it is pasted is left to the reader.
  const isPlain = /^(?!-)[\p{L}\p{N} ._/@+=:,-]+$/u.test(bundle);
  const name = isPlain ? quoted(bundle) : "BUNDLE";
  return `rollout-trace explain ${name} ${quoted(handle)}`;
}

/** A word of a command, for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:@+=,-]+$/.test(word) && !word.startsWith("-")
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Characters that a terminal or an editor may interpret. */
const UNSAFE =
  /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * An LLM request as a curl command, to be sent again. The address and the headers were not
 * recorded, and a key never is: the reader adds them.
 */
function curlOf(model: Model, payload: string): CopyResult {
  const row = model.payload(payload);
  const recorded = row === undefined ? undefined : model.payloadText(row);
  if (row === undefined || recorded === undefined) {
    return {
      why: "the request is not in this page; report --payloads all includes it",
    };
  }
  if (row.capture !== null) {
    return { why: "the request was not recorded completely" };
  }
  const body = recorded.trim().replace(
    UNSAFE,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  try {
    JSON.parse(body);
  } catch {
    return { why: "the request is not JSON" };
  }
  const lines = new Set(body.split("\n"));
  let end = "JSON";
  while (lines.has(end)) end += "_";
  return { text: `curl --json @- "$URL" <<'${end}'\n${body}\n${end}\n` };
}
