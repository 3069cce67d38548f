/**
 * What all parts of the generator share: the shape, the files, the filler, the threads.
 *
 * @module
 */

import type { RawToolCallRequester } from "../../../../lib/format/event.ts";
import type { RawPayloadKindName } from "../../../../lib/format/payload.ts";
import type { Schema } from "../../../../lib/schema/schema.ts";
import { asSchema } from "../../every_schema.ts";
import { BenchClock, BundleFiles } from "./bundle_files.ts";
import {
  type BenchThread,
  type BenchTurn,
  type HistoryItem,
  historyItem,
  type ResponsesItem,
} from "./thread.ts";
import { Noise } from "./noise.ts";
import type { BenchShape } from "./shape.ts";

/** Name of the model and of who provides it. */
export const MODEL = { model: "gpt-5.1-codex", provider_name: "mock" } as const;
/** Folder the session works in. */
export const CWD = "/repo/project";
/** A call that the model itself made. */
export const BY_MODEL: RawToolCallRequester = { type: "model" };

/** A session being generated. */
export class BenchSession {
  readonly shape: BenchShape;
  readonly schema: Schema;
  readonly noise: Noise;
  readonly files: BundleFiles;
  readonly traceId: string;
  readonly rootThread: string;
  /** Id of the machine, in every request. */
  readonly installation: string;
  /** Texts that every thread begins with. */
  readonly prompt: string;
  readonly permissions: readonly string[];
  /** The member `tools` of every request. */
  readonly tools: Uint8Array;
  readonly threads: BenchThread[] = [];
  /** Counters of the complete session. */
  responses = 0;
  toolCalls = 0;
  messages = 0;
  compactions = 0;
  /** Characters of prompts, without those of their parts. */
  fragmentCharacters = 0;

  /** Makes the bundle's folder. */
  constructor(dir: string, shape: BenchShape) {
    this.shape = shape;
    this.schema = asSchema(shape.schema);
    this.noise = new Noise(shape.seed, shape.unicode);
    const { prng } = this.noise;
    this.rootThread = prng.uuid();
    this.traceId = prng.uuid();
    this.installation = prng.uuid();
    this.files = new BundleFiles(dir, {
      schema: shape.schema,
      traceId: this.traceId,
      rootThread: this.rootThread,
    }, new BenchClock(prng));
    this.prompt = this.noise.text(shape.promptBytes);
    this.permissions = [this.noise.text(1800), this.noise.text(700)];
    this.tools = toolDescriptions(this.noise, shape.toolsBytes);
  }

  /** Writes a protocol event, which belongs to no thread. */
  protocol(eventType: string, value: object): void {
    const event_payload = this.files.payload("protocol_event", value);
    this.files.event({
      type: "protocol_event_observed",
      event_type: eventType,
      event_payload,
    });
  }

  /** Appends to a thread's history what its recorder accepts into it. */
  accept(thread: BenchThread, turn: BenchTurn, item: ResponsesItem): void {
    thread.append(this.asSent(item, turn));
    this.accepted(turn, item);
  }

  /** Records that an item is part of the history, where the schema does. */
  accepted(
    turn: BenchTurn,
    item: ResponsesItem,
    receipt: RawPayloadKindName | undefined = undefined,
  ): void {
    const { events, reduce } = this.schema;
    if (!("history_item_accepted" in events.events)) return;
    if (item.id === undefined) return;
    const isOutput = item.type.endsWith("_call_output");
    const payload = (kind: RawPayloadKindName) =>
      this.files.payload(kind, this.asSent(item, turn).item);
    this.files.event({
      type: "history_item_accepted",
      item_id: item.id,
      agent_message_payload: receipt === undefined ? null : payload(receipt),
      tool_output_payload: isOutput && reduce.acceptsToolOutputs
        ? payload("protocol_event")
        : null,
    }, turn);
  }

  /** An item as requests spell it. */
  asSent(item: ResponsesItem, turn: BenchTurn): HistoryItem {
    if (!this.shape.passthrough) return historyItem(item);
    return historyItem({
      ...item,
      internal_chat_message_metadata_passthrough: {
        turn_id: turn.turn,
        create_time: this.files.clock.now / 1000,
      },
    });
  }
}

/** At least `length` bytes of tool descriptions, as they are in a request. */
function toolDescriptions(noise: Noise, length: number): Uint8Array {
  const tools: object[] = [];
  let size = 0;
  while (size < length) {
    const tool = toolDescription(noise, tools.length);
    size += JSON.stringify(tool, null, 2).length;
    tools.push(tool);
  }
  const text = JSON.stringify(tools, null, 2);
  return new TextEncoder().encode(text.replaceAll("\n", "\n  "));
}

function toolDescription(noise: Noise, index: number): object {
  return {
    type: "function",
    name: `tool_${index}`,
    description: noise.text(700),
    strict: false,
    parameters: {
      type: "object",
      properties: {
        cmd: { type: "string", description: noise.text(120, false) },
        yield_time_ms: { type: "number" },
      },
      required: ["cmd"],
    },
  };
}
