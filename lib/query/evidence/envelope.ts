/**
 * What stands around the words of a message between agents.
 *
 * @module
 */

const ENVELOPE = /^Message Type: [^\n]*\n[^]{0,2000}?^Payload:[^\S\n]*\n?/m;

/** What a message between agents says, without who wrote what sort of message to whom. */
export function withoutEnvelope(message: string): string {
  return message.replace(ENVELOPE, "");
}
