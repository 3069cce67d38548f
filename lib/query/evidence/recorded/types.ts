/**
 * The types of what a recording left out, in one place for `mod.ts`.
 *
 * @module
 */

export type { PayloadBytesChoice } from "../../payload/payload_of.ts";
export type { RecordingFacts } from "./captures.ts";
export type { UnknownEventType } from "./newer_parts.ts";
