/**
 * Finds complete events in a line that is not one event: before or after a truncated one, or among
 * NUL bytes.
 *
 * A crash leaves a truncated line, to which the next event is appended; a power loss leaves blocks
 * of NUL bytes. The events around the damage are intact.
 *
 * @module
 */

import { countOf } from "../../text/figures.ts";

/** How every recorder starts an event. Inside a JSON string the quotes would be escaped. */
const EVENT_START = '{"schema_version":';
/** How many times as many characters as the line has are read, so that the work is linear. */
const MAX_PASSES = 8;

/** What was found in a damaged line. */
export interface DamagedLine<T> {
  /** The complete events, in order. */
  readonly events: readonly T[];
  /** The damage in words, if it is nothing but NUL bytes; null otherwise. */
  readonly nuls: string | null;
}

/**
 * Searches a damaged line for complete events.
 *
 * @param decode Returns the event that a text is; `undefined` if it is none.
 */
export function searchDamagedLine<T>(
  line: string,
  decode: (text: string) => T | undefined,
): DamagedLine<T> {
  const events: T[] = [];
  const rest: string[] = [];
  let done = 0;
  let at = line.indexOf("{");
  let left = MAX_PASSES * line.length;
  while (at >= 0 && left > 0) {
    const end = endOfObject(line, at);
    const event = end === undefined ? undefined : decode(line.slice(at, end));
    // What is decoded is read once more.
    left -= end === undefined ? line.length - at : 2 * (end - at);
    if (end !== undefined && event !== undefined) {
      events.push(event);
      rest.push(line.slice(done, at));
      done = end;
    }
    // An object that is no event may be a torn one: another may start inside of it.
    at = line.indexOf(EVENT_START, Math.max(done, at + 1));
  }
  rest.push(line.slice(done));
  return { events, nuls: nulText(rest.join("")) };
}

/** Returns the offset behind the object that starts at `start`; `undefined` if it has no end. */
function endOfObject(line: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < line.length; at++) {
    const char = line[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return at + 1;
  }
  return undefined;
}

function nulText(damage: string): string | null {
  if (!/^[\0\s]*\0[\0\s]*$/.test(damage)) return null;
  const nuls = damage.replaceAll(/\s/g, "").length;
  return `${countOf(nuls)} NUL byte${
    nuls === 1 ? "" : "s"
  }: the machine went down while the recorder wrote`;
}
