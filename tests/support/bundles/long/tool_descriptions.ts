/**
 * The tools a request offers: large, and the same in every request.
 *
 * @module
 */

import type { Noise } from "./noise.ts";

const utf8 = new TextEncoder();

/** At least `length` bytes of tool descriptions, as they stand in a request. */
export function toolDescriptions(noise: Noise, length: number): Uint8Array {
  const tools: object[] = [];
  let size = 0;
  while (size < length) {
    const tool = toolDescription(noise, tools.length);
    size += JSON.stringify(tool, null, 2).length;
    tools.push(tool);
  }
  const text = JSON.stringify(tools, null, 2);
  return utf8.encode(text.replaceAll("\n", "\n  "));
}

function toolDescription(noise: Noise, index: number): object {
  return {
    type: "function",
    name: `tool_${index}`,
    description: noise.text(700),
    strict: false,
    parameters: {
      type: "object",
      properties: {
        cmd: { type: "string", description: noise.text(120, false) },
        yield_time_ms: { type: "number" },
      },
      required: ["cmd"],
    },
  };
}
