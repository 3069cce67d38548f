/**
 * A program that replaces a file by a pipe, and puts it back, again and again: call it with both
 * paths. It ends after two minutes, unless it is killed.
 *
 * @module
 */

const [file = "", pipe = ""] = Deno.args;
const aside = `${file}.aside`;
const end = performance.now() + 120_000;

Deno.stdout.writeSync(new TextEncoder().encode("started"));
while (performance.now() < end) {
  Deno.renameSync(file, aside);
  Deno.renameSync(pipe, file);
  Deno.renameSync(file, pipe);
  Deno.renameSync(aside, file);
}
