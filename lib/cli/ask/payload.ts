/**
 * The command `payload`: the evidence itself.
 *
 * @module
 */

import type { ObjectRef } from "../../query/names/object_kind.ts";
import { payloadBytes, payloadOf } from "../../query/payload/payload_of.ts";
import type { PayloadAnswer } from "../../query/payload/answer.ts";
import type { Session } from "../../query/session/session.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../usage_error.ts";
import { namedObject } from "./named_object.ts";
import { payloadLines } from "./payload/payload_text.ts";
import {
  type Asked,
  COMMON_EXITS_HELP,
  COMMON_FLAGS_HELP,
  questionCommand,
  type Reply,
} from "./question.ts";
import { unknownName } from "./unknown_name.ts";
import { eventNumber } from "../../query/names/event_number.ts";

const USAGE = `Usage: rollout-trace payload BUNDLE ID [OPTIONS]

The evidence itself. ID is a payload (payload:7, or its path), the number of an
event, or any object: one with several payloads has them listed. JSON is laid
out with keys in their order and numbers as spelled, long texts folded.

  rollout-trace payload BUNDLE call:3
  rollout-trace payload BUNDLE payload:7 --raw > request.json

Options:
      --raw               the exact bytes and nothing else
      --full              nothing folded
${COMMON_FLAGS_HELP}

${COMMON_EXITS_HELP}`;

/** Asks for the evidence. */
export const payloadCommand: Command = questionCommand({
  name: "payload",
  usage: USAGE,
  flags: { switches: ["raw", "full"], values: [], short: {} },
  words: [{ name: "ID" }],
  answer,
});

async function answer(
  { session, words: [word = ""], flags }: Asked,
): Promise<Reply> {
  if (flags.on("raw") && flags.on("json")) {
    throw new UsageError("--raw and --json exclude each other");
  }
  const object = objectMeant(session, word);
  if (object === undefined) {
    return await unknownName(session, word);
  }
  if (session.payloads === null) {
    return nothing("payloads stand in the bundle: ask its folder");
  }
  if (flags.on("raw")) return rawReply(session, object);
  const found = payloadOf(session, object);
  if (found === null || found.payloads.length === 0) {
    return nothing(`no payload tells of ${object.handle}`);
  }
  return {
    found: true,
    data: found,
    lines: (paper) => payloadLines(found, paper, flags.on("full")),
  };
}

/** The number of an event means its payload, if it has only one. */
function objectMeant(session: Session, word: string): ObjectRef | undefined {
  const seq = eventNumber(word);
  const event = seq === undefined ? undefined : session.log?.at(seq);
  const [payload, other] = event?.payloads ?? [];
  if (payload !== undefined && other === undefined) {
    return session.names.ref("payload", payload.raw_payload_id);
  }
  return namedObject(session, word);
}

function rawReply(session: Session, object: ObjectRef): Reply {
  const [only, ...others] = payloadsOf(session, object);
  if (only === undefined) {
    return nothing(`no payload tells of ${object.handle}`);
  }
  if (others.length > 0) {
    const named = [only, ...others].map(({ payload, payload_kind: kind }) =>
      `${payload.handle} (${kind})`
    );
    throw new UsageError(
      `${object.handle} has several payloads: ${named.join(", ")}`,
      "--raw takes one of them",
    );
  }
  const bytes = payloadBytes(session, only.payload.id);
  if (bytes === null) return nothing(`no payload tells of ${object.handle}`);
  return { found: true, data: null, lines: () => [], bytes };
}

function payloadsOf(
  session: Session,
  object: ObjectRef,
): PayloadAnswer["payloads"] {
  return payloadOf(session, object)?.payloads ?? [];
}

function nothing(...why: readonly string[]): Reply {
  return { found: false, data: null, lines: () => why };
}
