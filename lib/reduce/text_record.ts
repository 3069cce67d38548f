/**
 * Records that stand as JSON inside a string, such as a tool's arguments.
 *
 * The reference reads such a text straight into its type: a known key must not repeat, an
 * integer must be spelled as one (not `-0`), and values under unknown keys need only be JSON by
 * their grammar. Payload files are laxer in the first two points and stricter in the third.
 *
 * @module
 */

import { DecodeError } from "../format/decode.ts";
import type { Decoder } from "../format/decode.ts";
import { JsonNumber } from "../format/json_node.ts";
import type { JsonNode } from "../format/json_node.ts";
import { takeNode } from "../format/json_parse.ts";
import { JsonScanner } from "../format/json_scanner.ts";

/**
 * Decodes a record that a text spells.
 *
 * @param known The keys that `decode` looks at.
 * @throws {SyntaxError} If the text is no such record.
 */
export function decodeText<T>(
  text: string,
  known: ReadonlySet<string>,
  decode: Decoder<T>,
): T {
  const scanner = new JsonScanner(text);
  const node = scanner.peek() === "{"
    ? takeMembers(scanner, known)
    : takeNode(scanner, 1);
  scanner.end();
  return decode(node, { repeated: undefined, payloads: [] });
}

function takeMembers(
  scanner: JsonScanner,
  known: ReadonlySet<string>,
): JsonNode {
  const members = new Map<string, JsonNode>();
  scanner.expect("{");
  if (scanner.take("}")) return members;
  do {
    const key = scanner.wellFormedString();
    scanner.expect(":");
    if (!known.has(key)) scanner.skipValue();
    else if (members.has(key)) {
      throw new DecodeError("key stands more than once", key);
    } else members.set(key, takeMember(scanner));
  } while (scanner.more("}"));
  return members;
}

/** A value whose number, if it is one, keeps its spelling: `-0` is no integer here. */
function takeMember(scanner: JsonScanner): JsonNode {
  const first = scanner.peek() ?? "";
  return first === "-" || (first >= "0" && first <= "9")
    ? new JsonNumber(scanner.number())
    : takeNode(scanner, 2);
}
