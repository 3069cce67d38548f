/**
 * Decoders of the payloads about terminals: begin and end of a command, arguments of a write.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  DecodeError,
  type Decoder,
  integer,
  list,
  nullable,
  required,
  string,
} from "../../format/decode/decode.ts";
import { JsonNumber, normalizedNumber } from "../../format/json/json_parse.ts";
import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import { record } from "../../format/decode/record_decoder.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TerminalRequest } from "../../graph/runtime.ts";
import {
  decodePayload,
  decodeText,
  decodeValue,
  malformed,
} from "../decode_payload.ts";

/** A request to a terminal, and the id of its process if it is known. */
export interface TerminalStart {
  readonly processId: string | null;
  readonly request: TerminalRequest;
}

interface CommandBegin {
  process_id: string | null;
  command: string[];
  cwd: string;
  interaction_input: string | null;
}

const commandBegin = record<CommandBegin>({
  process_id: nullable(string),
  command: required(list(string)),
  cwd: required(string),
  interaction_input: nullable(string),
});

/** Returns the terminal request of a begin payload. */
export function readTerminalBegin(
  ref: RawPayloadRef,
  document: PayloadDocument,
  kind: TerminalRequest["type"],
): TerminalStart {
  const begin = decodePayload(
    ref,
    "the begin of a command",
    () => decodeValue(commandBegin, document.value),
  );
  const unlimited = { yield_time_ms: null, max_output_tokens: null };
  return {
    processId: begin.process_id,
    request: kind === "write_stdin"
      ? { type: kind, stdin: begin.interaction_input ?? "", ...unlimited }
      : {
        type: kind,
        command: begin.command,
        display_command: begin.command.join(" "),
        cwd: begin.cwd,
        ...unlimited,
      },
  };
}

/** How a command ended. */
export interface CommandEnd {
  process_id: string | null;
  aggregated_output: string;
  exit_code: Integer;
}

/** Decodes a {@linkcode CommandEnd}. */
export const commandEnd: Decoder<CommandEnd> = record({
  process_id: nullable(string),
  aggregated_output: { decode: string, absent: { value: "" } },
  exit_code: required(integer("i32")),
});

/** Returns the end of a command. It checks the spelling of the exit code without parsing again. */
export function readCommandEnd(
  ref: RawPayloadRef,
  document: PayloadDocument,
): CommandEnd {
  return decodePayload(ref, "the end of a command", () => {
    if (Array.isArray(document.value)) {
      return decodeValue(commandEnd, document.exact());
    }
    const end = decodeValue(commandEnd, document.value);
    const spelling = document.member("exit_code")?.source() ?? "";
    if (/^-?\d+$/.test(spelling)) return end;
    throw new DecodeError("expected an integer (i32)", "exit_code");
  });
}

interface Invocation {
  tool_name: string;
  tool_namespace: string | null;
  payload: { type: string; arguments: string | null };
}

const invocation = record<Invocation>({
  tool_name: required(string),
  tool_namespace: nullable(string),
  payload: required(
    record({ type: required(string), arguments: nullable(string) }),
  ),
});

/**
 * Returns the terminal request of a `write_stdin` invocation; `null` when it is another tool of
 * that name, or when the model sent invalid arguments: then nothing was written.
 */
export function readStdinInvocation(
  ref: RawPayloadRef,
  document: PayloadDocument,
): TerminalStart | null {
  const { tool_name, tool_namespace, payload } = decodePayload(
    ref,
    "the invocation of a tool",
    () => decodeValue(invocation, document.value),
  );
  if (tool_namespace !== null) return null;
  if (tool_name !== "write_stdin") {
    throw malformed(ref, `invokes ${quote(tool_name)}, not "write_stdin"`);
  }
  if (payload.type !== "function" || payload.arguments === null) {
    throw malformed(ref, 'invokes "write_stdin" without function arguments');
  }
  try {
    return parseStdinArguments(payload.arguments);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

interface StdinArguments {
  session_id: string;
  chars: string;
  yield_time_ms: Integer | null;
  max_output_tokens: Integer | null;
}

const STDIN_FIELDS = {
  session_id: required((value: unknown): string => {
    if (value instanceof JsonNumber) return normalizedNumber(value.text);
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value !== "") return value;
    throw new DecodeError("expected a number or a non-empty string");
  }),
  chars: { decode: string, absent: { value: "" } },
  yield_time_ms: nullable(integer("u64")),
  max_output_tokens: nullable(integer("u64")),
};
const STDIN_KEYS: readonly string[] = Object.keys(STDIN_FIELDS);
const stdinArguments = record<StdinArguments>(STDIN_FIELDS);

/**
 * Returns the terminal request in the arguments of `write_stdin`.
 *
 * @throws {SyntaxError} If they are not valid.
 */
function parseStdinArguments(text: string): TerminalStart {
  const args = decodeText(text, STDIN_KEYS, stdinArguments);
  return {
    processId: args.session_id,
    request: {
      type: "write_stdin",
      stdin: args.chars,
      yield_time_ms: args.yield_time_ms,
      max_output_tokens: args.max_output_tokens,
    },
  };
}
