/**
 * `export BUNDLE… -o FILE --format FORMAT`: sessions in the formats of other tools.
 *
 * @module
 */

import type { Limits } from "../../../bundle/limits.ts";
import { writeOutput } from "../../../bundle/output/output_file.ts";
import { requestBody } from "../../../export/documents/request_body.ts";
import {
  REQUEST_FORMAT_NAME,
  SESSION_FORMAT_NAMES,
  SESSION_FORMATS,
} from "../../../export/export_formats.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { isStandardOutput, requireOutput } from "../../access/output_path.ts";
import { requireNoSessionLog } from "../../access/bundle_path.ts";
import { limitsOf } from "../../args/limit_flag.ts";
import type { ParsedArgs, ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { type CommandIo, EXIT } from "../../command.ts";
import { placesOf } from "../../shared/bundle_arguments.ts";
import { logsNote, Losses, lossesIn } from "../../shared/bundle_losses.ts";
import { namedObject } from "../../shared/object_argument.ts";
import { attempt } from "../../shared/jobs/attempt.ts";
import { ONE_THREAD } from "../../shared/jobs/job_options.ts";
import { unknownNameLines } from "../../shared/unknown_object.ts";
import { exitOf, visitBundles } from "../../shared/jobs/visit_bundles.ts";
import { configOf } from "../../config/read_config.ts";
import {
  type OpenedPlace,
  placeOpener,
} from "../../shared/open/redacted_place.ts";
import { VERSION } from "../../about/version.ts";
import { EncodedPieces } from "./encoded_pieces.ts";

const FORMAT_NAMES = [...SESSION_FORMAT_NAMES, REQUEST_FORMAT_NAME] as const;

const encoder = new TextEncoder();

/** Runs `export`. */
export async function runExport(
  { operands, flags }: ParsedArgs,
  io: CommandIo,
): Promise<number> {
  const output = flags.value("output");
  const [name] = flags.choices("format", FORMAT_NAMES) ?? [];
  if (output === undefined || name === undefined) {
    throw new UsageError(
      `missing flag --${
        output === undefined ? "output FILE" : "format FORMAT"
      }`,
      "write -o trace.json --format chrome",
    );
  }
  const at = requestWord(name, flags);
  const { bundles, isOne, hasUnread } = placesOf(
    operands,
    io,
    "session",
    takesLogs(name),
  );
  if (bundles.length === 0) return EXIT.noResult;
  for (const place of operands) requireFormat(place, name);
  if (!isStandardOutput(output)) {
    for (const place of [...operands, ...bundles]) requireOutput(place, output);
  }
  if (at !== undefined && bundles.length > 1) {
    throw new UsageError("a request is in one bundle", "name one bundle");
  }
  const config = configOf(flags, (why) => io.stderrLine(`note: ${why}`));
  const limits = { ...config.limits, ...limitsOf(flags) };
  io.limitOutput(limits);
  const measuresRequests = name === "markdown" ||
    name === "otlp" && flags.on("content");
  const keepsRecords = name === "markdown";
  const how = { limits, isOneOfMany: !isOne, measuresRequests, keepsRecords };
  const open = await placeOpener(flags, config, how, io);
  const format = name === REQUEST_FORMAT_NAME
    ? undefined
    : SESSION_FORMATS[name];
  const opened: OpenedPlace[] = [];
  const losses = new Losses();
  const pieces: Uint8Array[] = [];
  const options = {
    version: VERSION,
    texts: flags.on("content"),
    openInference: flags.on("openinference"),
  };
  let count = 0;
  const read = (bundle: string) =>
    attempt(bundle, () => {
      const place = open(bundle);
      const { session, requireClean } = place;
      losses.add(lossesIn(session));
      const note = logsNote(session);
      if (note !== null) io.stderrLine(note);
      if (at !== undefined) opened.push(place);
      const made = new EncodedPieces();
      const texts = made.taking(
        format?.pieces(session, ++count, options) ?? [],
      );
      if (requireClean !== undefined) requireClean(texts);
      else while (texts.next().done !== true);
      return made.bytes;
    });
  const kind = { start: () => ({ run: read }) };
  const job = { name: null, kind, settings: null };
  const visited = await visitBundles(bundles, io, job, ONE_THREAD, {
    take: (made) => {
      for (const piece of made) pieces.push(piece);
      return false;
    },
  });
  losses.report(io);
  for (const { session, requireClean } of opened) {
    const body = await bodyOf(session, at ?? "", io);
    if (body === null) return EXIT.noResult;
    requireClean?.([body]);
    pieces.push(encoder.encode(`${body}\n`));
  }
  const exit = exitOf(visited, losses.any || hasUnread);
  if (exit === EXIT.failed) return exit;
  const { start = "", end = "" } = format ?? {};
  const all = [encoder.encode(start), ...pieces, encoder.encode(end)];
  await write(all, output, limits, io);
  return exit;
}

/** Whether a format needs nothing that session logs lack. */
function takesLogs(name: (typeof FORMAT_NAMES)[number]): boolean {
  return name !== REQUEST_FORMAT_NAME && SESSION_FORMATS[name].takesLogs;
}

/**
 * Checks that a place has what a format needs.
 *
 * @throws {PathError} If it is a session log, and the format needs requests or times.
 */
function requireFormat(
  place: string,
  name: (typeof FORMAT_NAMES)[number],
): void {
  if (takesLogs(name)) return;
  const needed = name === REQUEST_FORMAT_NAME
    ? "LLM requests"
    : "LLM requests and the times of tool calls";
  requireNoSessionLog(
    place,
    `--format ${name} needs ${needed}`,
    "--format markdown and --format atif export session logs",
  );
}

/**
 * The word that names the request to write; `undefined` for a format of complete sessions.
 *
 * @throws {UsageError} If flags and format do not fit.
 */
function requestWord(
  name: (typeof FORMAT_NAMES)[number],
  flags: ParsedFlags,
): string | undefined {
  const at = flags.value("at");
  if (flags.on("openinference") && name !== "otlp") {
    throw new UsageError("--openinference is for --format otlp");
  }
  const hasContent = flags.on("content");
  if (name !== REQUEST_FORMAT_NAME) {
    if (at !== undefined) throw new UsageError("--at is for --format messages");
    if (hasContent && !SESSION_FORMATS[name].hasTexts) {
      throw new UsageError(`${name} has no place for --content`);
    }
    return undefined;
  }
  if (at === undefined) {
    throw new UsageError("messages needs --at", "name a request: --at call:3");
  }
  if (!hasContent) {
    throw new UsageError(
      "messages are texts of the session",
      "allow them with --content",
    );
  }
  return at;
}

/** The body of the request that a word names; null where there is none, which is reported. */
async function bodyOf(
  session: TraceSession,
  word: string,
  io: CommandIo,
): Promise<string | null> {
  const object = namedObject(session, word, ["inference_call"]);
  const call = session.trace.inference_calls.get(object?.id ?? "");
  if (object === undefined || call === undefined) {
    const [message = "", ...hints] = await unknownNameLines(session, word, [
      "inference_call",
    ]);
    io.stderrLine(`error: ${message}`);
    for (const hint of hints) io.stderrLine(hint);
    return null;
  }
  const body = requestBody(session, call);
  if (body.json !== null) return body.json;
  io.stderrLine(
    `error: ${object.handle} cannot be put together: ${body.reason}`,
  );
  return null;
}

async function write(
  pieces: readonly Uint8Array[],
  output: string,
  limits: Partial<Limits>,
  io: CommandIo,
): Promise<void> {
  if (isStandardOutput(output)) {
    for (const piece of pieces) io.writeBytes(piece);
    return;
  }
  await writeOutput(output, (chunk) => {
    for (const piece of pieces) chunk(piece);
  }, limits);
  io.printUntrustedLine(output);
}
