/**
 * Texts that `deno task build` compressed: a third of their size in the program.
 *
 * @module
 */

/** Returns a text that was compressed by zlib and written in Base64. */
export async function unpackText(packed: string): Promise<string> {
  const characters = atob(packed);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = characters.charCodeAt(at);
  }
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  return await new Response(stream).text();
}
