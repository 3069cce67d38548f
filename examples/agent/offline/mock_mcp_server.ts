/**
 * An MCP server with one tool, for the example without a network.
 *
 * @module
 */

const TOOL = {
  name: "shout",
  description: "Returns a text in capital letters",
  inputSchema: { type: "object", properties: { text: { type: "string" } } },
};

function answerTo(method: string, text: unknown): object {
  if (method === "tools/list") return { tools: [TOOL] };
  if (method !== "tools/call") return { capabilities: { tools: {} } };
  const isError = typeof text !== "string";
  const shouted = isError ? '"text" is missing' : text.toUpperCase();
  return { content: [{ type: "text", text: shouted }], isError };
}

let rest = "";
for await (
  const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    const result = answerTo(method, params?.arguments?.text);
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
}
