/**
 * The result of a terminal operation: the end of a command, or the response of `write_stdin`.
 *
 * @module
 */

import {
  DecodeError,
  integer,
  nullable,
  required,
  string,
} from "../../format/decode/decode.ts";
import { record, tagged } from "../../format/decode/record_decoder.ts";
import { toInteger } from "../../format/integers.ts";
import { compactJson } from "../../format/json/json_print.ts";
import { type JsonNode, JsonNumber } from "../../format/json/json_parse.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TerminalResult } from "../../graph/runtime.ts";
import { decodePayload, decodeValue, valueUnder } from "../decode_payload.ts";
import { type CommandEnd, commandEnd } from "./terminal_payload.ts";

/** The end of an operation: its result, and the process id if it has one. */
export interface TerminalEnd {
  readonly processId: string | null;
  readonly result: TerminalResult;
}

/** Returns the end of a command in the terms of the graph. */
export function endOfCommand(end: CommandEnd): TerminalEnd {
  return {
    processId: end.process_id,
    result: {
      ...EMPTY_RESULT,
      exit_code: Number(end.exit_code),
      stdout: end.aggregated_output,
    },
  };
}

/** Returns the end of a write, from the exact value of its payload. */
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

// Only exact values are decoded here, so every value is a node.
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
  chunk_id: nullable(string),
  exit_code: nullable(integer("i32")),
  original_token_count: nullable(integer("u64")),
  output: required(string),
});

const EMPTY_RESULT: TerminalResult = {
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
        ...EMPTY_RESULT,
        stderr: answer.error,
        formatted_output: answer.error,
      };
    case "direct_response": {
      const item = answer.response_item;
      const output = item instanceof Map ? item.get("output") : undefined;
      return textResult(textOf(output) ?? compactJson(item));
    }
    case "code_mode_response":
      return codeModeResult(answer.value);
  }
}

function codeModeResult(value: JsonNode): TerminalResult {
  const output = tryDecode(() => decodeValue(codeModeOutput, value));
  if (output === undefined) {
    return textResult(textOf(value) ?? compactJson(value));
  }
  const { exit_code, original_token_count, chunk_id } = output;
  return {
    ...textResult(output.output),
    exit_code: exit_code === null ? null : Number(exit_code),
    original_token_count,
    chunk_id,
  };
}

function textResult(text: string): TerminalResult {
  return { ...EMPTY_RESULT, stdout: text, formatted_output: text };
}

/** Returns a value as text; `undefined` when it has no text. */
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

/**
 * Returns a value as the reference reducer has it after buffering.
 *
 * To find the tag of a union, the reference keeps the complete object in a buffer of 64-bit
 * integers and floats. Integers of up to 128 bits do not fit. Other numbers become floats if they
 * are spelled exactly as a float is printed.
 *
 * @throws {DecodeError} If it has an integer that does not fit.
 */
function buffered(node: JsonNode): JsonNode {
  if (node instanceof JsonNumber) return bufferedNumber(node);
  if (Array.isArray(node)) return node.map(buffered);
  if (!(node instanceof Map)) return node;
  return new Map(Array.from(node, ([key, value]) => [key, buffered(value)]));
}

function bufferedNumber(number: JsonNumber): JsonNumber {
  const { text } = number;
  if (/^-?\d+$/.test(text)) {
    const fits = toInteger(text, "u64") ?? toInteger(text, "i64");
    if (fits !== undefined) return number;
    if (fits128(text)) throw new DecodeError(`integer ${text} is too large`);
  }
  const float = Number(text);
  if (!Number.isFinite(float) || plainSpelling(float) !== text) return number;
  const size = Math.abs(float);
  // A float is printed with an exponent if it would otherwise start or end with many zeros.
  return size >= 1e-5 && size < 1e16
    ? number
    : new JsonNumber(float.toExponential());
}

function fits128(text: string): boolean {
  if (text.length > 40) return false;
  const value = BigInt(text);
  return value >= -(2n ** 127n) && value < 2n ** 128n;
}

/** Returns the shortest digits of a float, without an exponent. */
function plainSpelling(float: number): string {
  const [mantissa = "", exponent] = Math.abs(float).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = 1 + Number(exponent);
  const sign = float < 0 || Object.is(float, -0) ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
