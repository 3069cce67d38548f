/**
 * Where the code of a worker is, and whether it may be loaded.
 *
 * Deno reads the module of a worker with the permissions of the program. A compiled program has it
 * inside, and may read everything.
 *
 * @module
 */

import { permissionFlag } from "../../access/permissions.ts";

/** The module: of the sources, or beside the bundled program. */
const WORKER_MODULE = new URL(
  import.meta.url.endsWith(".ts") ? "../../worker.ts" : "./worker.js",
  import.meta.url,
);

/** The directory with all modules of the worker. */
const SOURCES = new URL(
  import.meta.url.endsWith(".ts") ? "../../../../" : "./",
  import.meta.url,
);

export function startWorker(): Worker {
  return new Worker(WORKER_MODULE, { type: "module" });
}

/** Why no worker can be started; null where one can. */
export function workersRefusal(): string | null {
  if (SOURCES.protocol !== "file:") {
    return "one thread: workers need a program that is installed";
  }
  const { state } = Deno.permissions.querySync({ name: "read", path: SOURCES });
  if (state === "granted") return null;
  const flag = permissionFlag("read", decodeURIComponent(SOURCES.pathname));
  return `one thread: workers may not read the program; add ${flag}`;
}
