/**
 * The types of what a recording left out, in one place for `mod.ts`.
 *
 * @module
 */

export type { PayloadBytesChoice } from "../../payload/payload.ts";
export type { RecordingFacts, RequestCaptures } from "./captures.ts";
export type { UnknownEventType } from "../../session/newer_parts.ts";
