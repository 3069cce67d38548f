/**
 * The envelope around the text of a message between agents.
 *
 * @module
 */

const ENVELOPE = /^Message Type: [^\n]*\n[^]{0,2000}?^Payload:[^\S\n]*\n?/m;

/** The text of a message between agents, without its envelope. */
export function withoutEnvelope(message: string): string {
  return message.replace(ENVELOPE, "");
}
