/**
 * Opens a `state.json` for questions, without the bundle that it was made of.
 *
 * @module
 */

import { limitsWith } from "../../bundle/limits.ts";
import { readStateText } from "../../bundle/state_text.ts";
import { BundleFormatError } from "../../errors.ts";
import { DecodeError } from "../../format/decode/decode.ts";
import { nestsDeeper } from "../../format/json/json_strict.ts";
import { jsonGrammarError, MAX_DEPTH } from "../../format/json/json_parse.ts";
import { JsonSyntaxError } from "../../format/json/json_scanner.ts";
import { STATE_FILE } from "../../format/manifest.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { schemaNumbered } from "../../schema/registry.ts";
import { ObjectNames } from "./names/object_names.ts";
import { withOwnLinks } from "../../graph/own_links.ts";
import { decodeState } from "./state_file.ts";
import type { OpenOptions } from "./open_bundle.ts";
import type { TraceSession } from "./session.ts";

/**
 * Reads the graph of a `state.json`.
 *
 * It may have been written by this library or by Codex, with any schema. There is neither a log
 * nor payloads, so that some answers are less complete.
 *
 * @param path The file.
 * @throws {BundleFormatError} If it is not such a file; with the path of what is wrong in it.
 * @throws {LimitError} If it has more bytes than the limit of a payload.
 */
export function openStateFile(
  path: string,
  options: OpenOptions = {},
): TraceSession {
  const trace = withOwnLinks(
    traceOf(readStateText(path, limitsWith(options.limits))),
  );
  return {
    place: path,
    source: "state",
    bundleSchema: null,
    trace,
    names: new ObjectNames(trace),
    log: null,
    payloads: null,
    diagnostics: [],
    extent: null,
  };
}

function traceOf(text: string): RolloutTrace {
  if (nestsDeeper(text, MAX_DEPTH)) {
    throw new BundleFormatError(`nests deeper than ${MAX_DEPTH}`, {
      file: STATE_FILE,
    });
  }
  try {
    return decodeState(text, (schema) => schemaNumbered(schema)?.state);
  } catch (cause) {
    if (cause instanceof DecodeError) {
      throw refused(cause.reason, cause.path, cause);
    }
    if (!(cause instanceof SyntaxError)) throw cause;
    // The engine's message quotes the text, which may hold control characters.
    const fault = cause instanceof JsonSyntaxError
      ? cause
      : jsonGrammarError(text);
    throw refused(
      `is not JSON: ${fault?.message ?? "it cannot be read"}`,
      "",
      cause,
    );
  }
}

function refused(reason: string, path: string, cause: Error) {
  const position = { file: STATE_FILE, ...(path === "" ? {} : { path }) };
  return new BundleFormatError(reason, position, { cause });
}
