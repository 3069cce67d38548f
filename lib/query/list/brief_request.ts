/**
 * What is read of answers and of requests for them, for a list of sessions.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";

export interface BriefAnswer {
  readonly ref: RawPayloadRef;
  /** Whether it broke off: then only what entered the history is an answer. */
  readonly is_partial: boolean;
}

/** A request for an answer. */
export interface BriefRequest {
  /** The model asked. */
  readonly model: string;
  /** The payload of the response; null without one. */
  readonly response: RawPayloadRef | null;
}
