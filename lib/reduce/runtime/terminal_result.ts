/**
 * What a write to a terminal brought back: the end of a command, or a tool's answer as one of
 * its callers saw it.
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
  chunk_id: nullable(string),
  exit_code: nullable(integer("i32")),
  original_token_count: nullable(integer("u64")),
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

/**
 * The value as it leaves the buffer.
 *
 * @throws {DecodeError} If it holds an integer that does not fit.
 */
export function buffered(node: JsonNode): JsonNode {
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
  // A float prints with an exponent where it would begin or end with many zeros.
  return size >= 1e-5 && size < 1e16
    ? number
    : new JsonNumber(float.toExponential());
}

function fits128(text: string): boolean {
  if (text.length > 40) return false;
  const value = BigInt(text);
  return value >= -(2n ** 127n) && value < 2n ** 128n;
}

/** The shortest digits of a float, without an exponent. */
function plainSpelling(float: number): string {
  const [mantissa = "", exponent] = Math.abs(float).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = 1 + Number(exponent);
  const sign = float < 0 || Object.is(float, -0) ? "-" : "";
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
