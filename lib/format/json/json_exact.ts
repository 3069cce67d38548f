/**
 * Exact JSON, all of it: parse as the reference's parser does, check, print, summarize.
 *
 * @module
 */

export { JsonNumber } from "./json_node.ts";
export type { JsonNode } from "./json_node.ts";
export { jsonGrammarError, MAX_DEPTH, parseExact } from "./json_parse.ts";
export {
  canonicalJson,
  compactJson,
  compactJsonText,
  summarizeJson,
} from "./json_print.ts";
export { JsonSyntaxError } from "./json_scanner.ts";
export { assertStrictJson, isStrictJson } from "./json_strict.ts";
export { compareUtf8, sortUtf8 } from "./utf8_order.ts";
