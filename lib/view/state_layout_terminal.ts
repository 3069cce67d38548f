/**
 * Layout of terminal sessions and operations.
 *
 * @module
 */

import type {
  TerminalModelObservation,
  TerminalOperation,
  TerminalRequest,
  TerminalResult,
  TerminalSession,
} from "../graph/runtime.ts";
import { execution } from "./state_layout_session.ts";
import {
  integer,
  list,
  nullable,
  record,
  text,
  texts,
  variants,
} from "./state_shape.ts";
import type { Shape } from "./state_shape.ts";

/** A running process. */
export const session: Shape<TerminalSession> = record<TerminalSession>({
  terminal_id: text,
  thread_id: text,
  created_by_operation_id: text,
  operation_ids: texts,
  execution: execution,
});

const request: Shape<TerminalRequest> = variants<TerminalRequest>({
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

const result: Shape<TerminalResult> = record<TerminalResult>({
  exit_code: nullable(integer),
  stdout: text,
  stderr: text,
  formatted_output: nullable(text),
  original_token_count: nullable(integer),
  chunk_id: nullable(text),
});

const observation: Shape<TerminalModelObservation> = record<
  TerminalModelObservation
>({ call_item_ids: texts, output_item_ids: texts, source: text });

/** One command, write or poll. */
export const operation: Shape<TerminalOperation> = record<TerminalOperation>({
  operation_id: text,
  terminal_id: nullable(text),
  tool_call_id: text,
  kind: text,
  execution: execution,
  request: request,
  result: nullable(result),
  model_observations: list(observation),
  raw_payload_ids: texts,
});
