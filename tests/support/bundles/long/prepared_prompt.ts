/**
 * The prompt that is prepared for a request. Its items are payloads that later prompts share.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import type { HistoryItem } from "./history.ts";
import type { BenchSession } from "./session.ts";
import type { BenchThread } from "./thread.ts";

const utf8 = new TextEncoder();
const decoder = new TextDecoder();

/** The payloads of items that were parts of prompts. */
const PARTS: WeakMap<HistoryItem, RawPayloadRef> = new WeakMap();

/** Writes the prompt of a thread's next request; null where the schema has none. */
export function preparedPrompt(
  session: BenchSession,
  thread: BenchThread,
): RawPayloadRef | null {
  const { files, schema } = session;
  if (!schema.reduce.preparesPrompts) return null;
  // The instructions are put before the history when the prompt becomes a request.
  const parts = thread.history.items.slice(1).map((item) =>
    partOf(session, item)
  );
  const tail = `],"tools":${decoder.decode(session.tools)},` +
    `"parallel_tool_calls":true,"base_instructions":${
      JSON.stringify(session.prompt)
    },"output_schema":null,"output_schema_strict":true}`;
  const fragments = parts.length === 0 ? [`{"input":[${tail}`] : [
    `{"input":[`,
    ...parts.slice(1).map(() => ","),
    tail,
  ];
  const text = parts.length === 0
    ? fragments.join("")
    : JSON.stringify(fragments);
  if (parts.length > 0) session.fragmentCharacters += text.length;
  return files.payload("prepared_prompt", [utf8.encode(text)], parts);
}

function partOf({ files }: BenchSession, item: HistoryItem): RawPayloadRef {
  const known = PARTS.get(item);
  if (known !== undefined) return known;
  const part = files.payload("model_item", [
    utf8.encode(JSON.stringify(item.item)),
  ]);
  PARTS.set(item, part);
  return part;
}
