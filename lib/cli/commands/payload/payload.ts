/**
 * The command `payload`: the evidence itself.
 *
 * @module
 */

import type { ObjectRef } from "../../../query/session/names/object_kind.ts";
import {
  getPayload,
  getPayloadBytes,
  type PayloadBytesChoice,
} from "../../../query/payload/payload.ts";
import type {
  PayloadAnswer,
  PayloadListing,
} from "../../../query/payload/payload_answer.ts";
import type { TraceSession } from "../../../query/session/session.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import type { ParsedFlags } from "../../args/parse_args.ts";
import { UsageError } from "../../args/usage_error.ts";
import { namedObject, numberNotes } from "../../shared/object_argument.ts";
import { payloadLines } from "./payload_text.ts";
import {
  type QueryArgs,
  queryCommand,
  type QueryResult,
} from "../../shared/query_command.ts";
import { unknownName } from "../../shared/unknown_object.ts";
import { eventNumber } from "../../../query/session/resolve_object.ts";

/** Runs `payload`. */
export const runPayload = queryCommand("payload", answer);

async function answer(
  { session, operands: [word = ""], flags }: QueryArgs,
): Promise<QueryResult> {
  const wanted = bytesWanted(flags);
  const object = objectMeant(session, word);
  if (object === undefined) {
    return await unknownName(session, word);
  }
  if (session.payloads === null) {
    return nothing("payloads are in the bundle: name its directory");
  }
  if (wanted !== null) return bytesReply(session, object, wanted);
  const found = getPayload(session, object);
  const [only, ...others] = found?.payloads ?? [];
  if (found === null || only === undefined) {
    return nothing(...withoutPayload(session, word, object));
  }
  if (others.length === 0 && only.capture?.status === "omitted") {
    return { ...nothing(...omittedLines(only)), data: found };
  }
  return {
    found: true,
    data: found,
    messages: numberNotes(session, word, "payload"),
    lines: (render) => payloadLines(found, render, flags.on("full")),
  };
}

/**
 * The flag that asks for bytes; null where none does.
 *
 * @throws {UsageError} If there are several forms of an answer.
 */
function bytesWanted(flags: ParsedFlags): "raw" | "record" | null {
  const forms = (["raw", "record", "json"] as const).filter((each) =>
    flags.on(each)
  );
  const [first, second] = forms;
  if (first !== undefined && second !== undefined) {
    throw new UsageError(`--${first} and --${second} cannot be combined`);
  }
  return first === "raw" || first === "record" ? first : null;
}

/** Why an object has no payload; of a number, also what it was taken for. */
function withoutPayload(
  session: TraceSession,
  word: string,
  { handle }: ObjectRef,
): string[] {
  const seq = eventNumber(word);
  const type = seq === undefined
    ? undefined
    : session.log?.at(seq)?.event.payload.type;
  if (type === undefined) return [`no payload of ${handle}`];
  const payload = `payload:${seq}`;
  return [
    `event ${seq} (${type}) has no payload`,
    ...session.names.resolve(payload, ["payload"]).type === "found"
      ? [`hint: did you mean ${payload}?`]
      : [],
  ];
}

/** The number of an event means its payload, if it has only one. */
function objectMeant(
  session: TraceSession,
  word: string,
): ObjectRef | undefined {
  const seq = eventNumber(word);
  const event = seq === undefined ? undefined : session.log?.at(seq);
  const [payload, other] = event?.payloads ?? [];
  if (payload !== undefined && other === undefined) {
    return session.names.ref("payload", payload.raw_payload_id);
  }
  return namedObject(session, word);
}

const WHICH: Readonly<Record<"raw" | "record", PayloadBytesChoice>> = {
  raw: "text",
  record: "record",
};

function bytesReply(
  session: TraceSession,
  object: ObjectRef,
  flag: "raw" | "record",
): QueryResult {
  const [only, ...others] = payloadsOf(session, object);
  if (only === undefined) {
    return nothing(`no payload of ${object.handle}`);
  }
  if (others.length > 0) {
    const named = [only, ...others].map(({ payload, payload_kind: kind }) =>
      `${payload.handle} (${kind})`
    );
    throw new UsageError(
      `${object.handle} has several payloads: ${named.join(", ")}`,
      `--${flag} takes one of them`,
    );
  }
  if (only.capture?.status === "omitted") {
    return nothing(...omittedLines(only));
  }
  const bytes = getPayloadBytes(session, only.payload.id, WHICH[flag]);
  if (bytes === null) return nothing(`no payload of ${object.handle}`);
  return { found: true, data: null, lines: () => [], bytes };
}

function payloadsOf(
  session: TraceSession,
  object: ObjectRef,
): PayloadAnswer["payloads"] {
  return getPayload(session, object)?.payloads ?? [];
}

/** Why there is nothing of an omitted payload, and how much there was. */
function omittedLines(
  { payload, payload_kind: kind, capture }: PayloadListing,
): string[] {
  const why = capture === null ? "not recorded" : unrecordedText(capture);
  return [`${payload.handle} (${kind}) was ${why}`];
}

function nothing(...why: readonly string[]): QueryResult {
  return { found: false, data: null, lines: () => why };
}
