/**
 * Where the reference stops on evidence that agrees with itself, and the library continues by
 * a rule of its own. Its refusal is no verdict there.
 *
 * @module
 */

interface Better {
  /** What the reference states. */
  readonly refusal: RegExp;
  /** Why that is not the last word. */
  readonly why: string;
}

const BETTER: readonly Better[] = [
  {
    refusal: /panicked at/,
    why: "it cuts a summary inside a character",
  },
  {
    refusal: /^Error: model-visible call id .* was reused with different/,
    why: "it takes a picture sent again, or a second answer, for other content",
  },
  {
    refusal:
      /^Error: parse terminal runtime start payload .*\s+Caused by:\s+missing field `command`/,
    why: "patches and servers report under the call of a terminal",
  },
  {
    refusal:
      /^Error: tool runtime start would create a second terminal operation /,
    why: "patches and servers report under the call of a terminal",
  },
  {
    refusal:
      /^Error: parse exec terminal response .*\s+Caused by:\s+missing field `exit_code`/,
    why: "patches and servers report under the call of a terminal",
  },
  {
    refusal:
      /^Error: parse write_stdin terminal response .*missing field `exit_code`.*\s+Caused by:\s+(?:missing field `type`|invalid type: integer `-?\d+` as [ui]128)/,
    why: "patches and servers report under the call of a terminal",
  },
  {
    refusal: /^Error: tool runtime (?:start|end) referenced unknown call /,
    why: "a review runs tools in a session that is not recorded here",
  },
  {
    refusal: /^Error: codex turn end referenced unknown turn /,
    why: "a review's own turn is not recorded here",
  },
  {
    refusal: /^Error: unsupported (?:model item type|message role) /,
    why: "an item it does not know is still evidence",
  },
  {
    refusal: /^Error: reasoning item in payload .* contained no content, /,
    why: "a model may think without text",
  },
  {
    refusal:
      /^Error: parse terminal invocation payload .* as dispatch payload\s+Caused by:\s+(?:0: parse write_stdin dispatch function arguments|write_stdin dispatch payload omitted )/,
    why: "a model may send bad arguments",
  },
  {
    refusal: /^Error: wait tool request payload /,
    why: "a model may send bad arguments, and other tools may be called wait",
  },
  {
    refusal:
      /^Error: incremental inference request .* referenced unknown previous_response_id /,
    why: "a session may continue a warm-up that is not recorded",
  },
  {
    refusal:
      /^Error: failed to parse agent_message item .*\s+Caused by:\s+invalid type: integer `-?\d+` as [ui]128/,
    why: "it buffers an agent message with integers of 128 bits at most",
  },
];

/** Why the library may reduce a bundle that the reference refuses so; undefined if it may not. */
export function betterThan(refusal: string): string | undefined {
  return BETTER.find((better) => better.refusal.test(refusal))?.why;
}
