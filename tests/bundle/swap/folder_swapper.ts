/**
 * A program that replaces a folder by a link to another, and puts it back, again and again: call it
 * with both folders, and how long the link stays and stays away, in turns of an empty loop. It ends
 * after a minute, unless it is killed.
 *
 * @module
 */

const [folder = "", foreign = "", linked, restored] = Deno.args;
const aside = `${folder}.aside`;
const end = performance.now() + 60_000;

function wait(turns: number) {
  for (let turn = 0; turn < turns; turn++);
}

Deno.stdout.writeSync(new TextEncoder().encode("started"));
while (performance.now() < end) {
  Deno.renameSync(folder, aside);
  Deno.symlinkSync(foreign, folder);
  wait(Number(linked));
  Deno.removeSync(folder);
  Deno.renameSync(aside, folder);
  wait(Number(restored));
}
