/**
 * The bytes of requests and checkpoints.
 *
 * @module
 */

import type { BenchSession } from "./session.ts";
import { MODEL } from "./session.ts";
import type { BenchThread, BenchTurn } from "./thread.ts";

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
