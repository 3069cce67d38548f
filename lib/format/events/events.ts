/**
 * Every event that the unions name, each as the first schema writes it that has it.
 *
 * A schema takes its events from here and changes the fields that it writes in another way. What
 * an event means does not depend on the schema.
 *
 * @module
 */

import type { EventOf, EventType } from "../event.ts";
import { COMPACTION_EVENTS } from "./compaction_events.ts";
import type { EventDescriptionOf } from "./event_description.ts";
import { INFERENCE_EVENTS } from "./inference_events.ts";
import { OTHER_EVENTS } from "./other_events.ts";
import { SESSION_EVENTS } from "./session_events.ts";
import { TOOL_EVENTS } from "./tool_events.ts";

/** The events by type, in the order of the format. */
export const EVENTS: {
  readonly [K in EventType]: EventDescriptionOf<EventOf<K>>;
} = {
  ...SESSION_EVENTS,
  ...INFERENCE_EVENTS,
  ...TOOL_EVENTS,
  ...COMPACTION_EVENTS,
  ...OTHER_EVENTS,
};
