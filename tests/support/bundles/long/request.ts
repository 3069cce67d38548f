/**
 * The bytes of requests, of the prompts prepared for them, and of checkpoints.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import type { BenchThread, BenchTurn, HistoryItem } from "./thread.ts";
import { type BenchSession, MODEL } from "./session.ts";

const utf8 = new TextEncoder();

/** The pieces of a request's text around the items it sends. */
export function requestPieces(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  items: Uint8Array,
  previousResponse?: string,
): Uint8Array[] {
  const opening = previousResponse === undefined
    ? `{\n  "model": "${MODEL.model}",\n  "stream": true,\n`
    : `{\n  "type": "response.create",\n  "model": "${MODEL.model}",\n` +
      `  "stream": true,\n  "previous_response_id": "${previousResponse}",\n`;
  return [
    utf8.encode(`${opening}  "input": `),
    ...listPieces(items),
    utf8.encode(`,\n  "tools": `),
    session.tools,
    utf8.encode(requestEnd(session, thread, turn)),
  ];
}

/** The pieces of a checkpoint's text. */
export function checkpointPieces(
  history: Uint8Array,
  replacement: Uint8Array,
): Uint8Array[] {
  return [
    utf8.encode('{\n  "input_history": '),
    ...listPieces(history),
    utf8.encode(',\n  "replacement_history": '),
    ...listPieces(replacement),
    utf8.encode("\n}"),
  ];
}

function listPieces(items: Uint8Array): Uint8Array[] {
  if (items.length === 0) return [utf8.encode("[]")];
  return [utf8.encode("[\n"), items, utf8.encode("\n  ]")];
}

function requestEnd(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): string {
  const members = {
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { summary: "auto" },
    store: false,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: session.rootThread,
    client_metadata: clientMetadata(session, thread, turn),
  };
  // The first brace is in the opening.
  return `,${JSON.stringify(members, null, 2).slice(1)}`;
}

/** The recorder takes these from a hash map: each request has them in another order. */
function clientMetadata(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): object {
  const ids = {
    session_id: session.rootThread,
    thread_id: thread.id,
    turn_id: turn.turn,
  };
  const about = JSON.stringify({
    installation_id: session.installation,
    ...ids,
    agent_name: thread.agentPath,
    window_id: `${thread.id}:0`,
    request_kind: "turn",
    sandbox: "none",
    turn_started_at_unix_ms: session.files.clock.now,
    workspaces: { [session.rootThread]: "x".repeat(400) },
  });
  const members = Object.entries({
    ...ids,
    root_turn_id: turn.turn,
    "x-codex-window-id": `${thread.id}:0`,
    "x-codex-installation-id": session.installation,
    "x-codex-turn-metadata": about,
  });
  return Object.fromEntries(session.noise.prng.shuffle(members));
}

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
