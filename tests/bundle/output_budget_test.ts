/**
 * What is asked of a disk before an output is written.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { requireSpace } from "../../lib/bundle/output/output_budget.ts";
import { OutputError } from "../../lib/bundle/output/output_error.ts";

/**
 * Runs a function with the permission to ask a disk that has 512 bytes left, and returns the
 * modules of Node that it loaded.
 */
function loadedBy(load: () => void): string[] {
  const names: string[] = [];
  const { getBuiltinModule } = process;
  const { permissions } = Deno;
  const statfsSync = () => ({ bavail: 1, bsize: 512 });
  process.getBuiltinModule = (name: string) => {
    names.push(name);
    return { statfsSync };
  };
  const querySync = () => ({ state: "granted" });
  const put = (value: unknown) =>
    Object.defineProperty(Deno, "permissions", { value, configurable: true });
  put({ querySync });
  try {
    load();
  } finally {
    process.getBuiltinModule = getBuiltinModule;
    put(permissions);
  }
  return names;
}

Deno.test("requireSpace() loads a module of Node for a large output only", () => {
  assertEquals(loadedBy(() => requireSpace("state.json", 1000)), []);
  const large = () =>
    assertThrows(
      () => requireSpace("state.json", 1 << 20),
      OutputError,
      "it has at least 1048576 bytes, and the disk has 512 left",
    );
  assertEquals(loadedBy(large), ["node:fs"]);
});
