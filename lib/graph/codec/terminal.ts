/**
 * Codecs of terminal sessions and operations.
 *
 * @module
 */

import type {
  TerminalModelObservation,
  TerminalOperation,
  TerminalRequest,
  TerminalResult,
  TerminalSession,
} from "../terminal.ts";
import {
  type Codec,
  int32,
  integer,
  list,
  nullable,
  record,
  ref,
  refs,
  text,
  texts,
  variants,
  words,
} from "./codec.ts";
import { execution } from "./session.ts";

/** A running process. */
export const terminalSession: Codec<TerminalSession> = record<TerminalSession>(
  "terminal_session",
  {
    terminal_id: text,
    thread_id: ref("thread", "thread"),
    created_by_operation_id: ref("terminal_operation", "creating_operation"),
    operation_ids: refs("terminal_operation", "session_operation"),
    execution,
  },
);

const request = variants<TerminalRequest>("terminal_request", {
  exec_command: {
    command: texts,
    display_command: text,
    cwd: text,
    yield_time_ms: nullable(integer),
    max_output_tokens: nullable(integer),
  },
  write_stdin: {
    stdin: text,
    yield_time_ms: nullable(integer),
    max_output_tokens: nullable(integer),
  },
});

const result = record<TerminalResult>("terminal_result", {
  exit_code: nullable(int32),
  stdout: text,
  stderr: text,
  formatted_output: nullable(text),
  original_token_count: nullable(integer),
  chunk_id: nullable(text),
});

/** The items are not references: the tool call of the operation has references to them. */
const observation = record<TerminalModelObservation>("model_observation", {
  call_item_ids: texts,
  output_item_ids: texts,
  source: words<TerminalModelObservation["source"]>({
    direct_tool_call: true,
    code_cell_output: true,
  }),
});

/** One command, write or poll. */
export const terminalOperation: Codec<TerminalOperation> = record<
  TerminalOperation
>("terminal_operation", {
  operation_id: text,
  terminal_id: nullable(ref("terminal_session", "terminal")),
  tool_call_id: ref("tool_call", "operating_tool"),
  kind: words<TerminalOperation["kind"]>({
    exec_command: true,
    write_stdin: true,
  }),
  execution,
  request,
  result: nullable(result),
  model_observations: list(observation),
  raw_payload_ids: refs("payload", "runtime_payload"),
});
