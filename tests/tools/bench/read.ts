/**
 * Reads every file of a bundle once and does nothing with it: the time no reducer can beat.
 *
 * @module
 */

const buffer = new Uint8Array(8 << 20);

function readFile(path: string): number {
  using file = Deno.openSync(path, { read: true });
  let bytes = 0;
  for (;;) {
    const read = file.readSync(buffer);
    if (read === null) return bytes;
    bytes += read;
  }
}

function readBundle(dir: string): number {
  let bytes = readFile(`${dir}/trace.jsonl`);
  for (const entry of Deno.readDirSync(`${dir}/payloads`)) {
    bytes += readFile(`${dir}/payloads/${entry.name}`);
  }
  return bytes;
}

if (import.meta.main) {
  const [dir = ""] = Deno.args;
  console.log(readBundle(dir));
}
