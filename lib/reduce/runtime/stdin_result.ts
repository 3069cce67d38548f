/**
 * What a write to a terminal brought back: the end of a command, or a tool's answer as one of
 * its callers saw it.
 *
 * @module
 */

import {
  integer,
  optional,
  required,
  string,
} from "../../format/decode/decode.ts";
import type { JsonNode } from "../../format/json/json_node.ts";
import { compactJson } from "../../format/json/json_exact.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { record, tagged } from "../../format/decode/record_decoder.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TerminalResult } from "../../graph/runtime.ts";
import { buffered } from "./buffered_json.ts";
import { decodePayload, decodeValue, valueUnder } from "./runtime_payload.ts";
import { type CommandEnd, commandEnd } from "./terminal_payload.ts";

/** What ended an operation, and the process it names. */
export interface TerminalEnd {
  readonly processId: string | null;
  readonly result: TerminalResult;
}

/** A command's end in the graph's words. */
export function endOfCommand(end: CommandEnd): TerminalEnd {
  return {
    processId: end.process_id,
    result: {
      ...NOTHING,
      exit_code: Number(end.exit_code),
      stdout: end.aggregated_output,
    },
  };
}

/** The end of a write, from the exact value of its payload. */
export function readStdinEnd(ref: RawPayloadRef, exact: JsonNode): TerminalEnd {
  const end = tryDecode(() => decodeValue(commandEnd, exact));
  if (end !== undefined) return endOfCommand(end);
  const answer = decodePayload(
    ref,
    'the end of a command, nor an answer of "write_stdin"',
    () => decodeValue(stdinAnswer, buffered(exact)),
  );
  return { processId: null, result: resultOf(answer) };
}

type StdinAnswer =
  | { type: "direct_response"; response_item: JsonNode }
  | { type: "code_mode_response"; value: JsonNode }
  | { type: "error"; error: string };

// Only exact values are decoded here, so that whatever comes is a node.
const anyNode = required((value: unknown) => value as JsonNode);

const stdinAnswer = tagged<StdinAnswer>({
  direct_response: { response_item: anyNode },
  code_mode_response: { value: anyNode },
  error: { error: required(string) },
}, "name");

interface CodeModeOutput {
  chunk_id: string | null;
  exit_code: Integer | null;
  original_token_count: Integer | null;
  output: string;
}

const codeModeOutput = record<CodeModeOutput>({
  chunk_id: optional(string),
  exit_code: optional(integer("i32")),
  original_token_count: optional(integer("u64")),
  output: required(string),
});

const NOTHING: TerminalResult = {
  exit_code: null,
  stdout: "",
  stderr: "",
  formatted_output: null,
  original_token_count: null,
  chunk_id: null,
};

function resultOf(answer: StdinAnswer): TerminalResult {
  switch (answer.type) {
    case "error":
      return {
        ...NOTHING,
        stderr: answer.error,
        formatted_output: answer.error,
      };
    case "direct_response": {
      const item = answer.response_item;
      const output = item instanceof Map ? item.get("output") : undefined;
      return shown(textOf(output) ?? compactJson(item));
    }
    case "code_mode_response":
      return codeModeResult(answer.value);
  }
}

function codeModeResult(value: JsonNode): TerminalResult {
  const output = tryDecode(() => decodeValue(codeModeOutput, value));
  if (output === undefined) return shown(textOf(value) ?? compactJson(value));
  const { exit_code, original_token_count, chunk_id } = output;
  return {
    ...shown(output.output),
    exit_code: exit_code === null ? null : Number(exit_code),
    original_token_count,
    chunk_id,
  };
}

function shown(text: string): TerminalResult {
  return { ...NOTHING, stdout: text, formatted_output: text };
}

/** A value as text; `undefined` when there is none to show. */
function textOf(value: JsonNode | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return compactJson(value);
  const texts = value.map((entry) => valueUnder(entry, "text"));
  const joined = texts.filter((text) => typeof text === "string").join("\n");
  return joined === "" ? undefined : joined;
}

function tryDecode<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
