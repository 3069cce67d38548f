/**
 * The packages that measure and divide any text, loaded when a text needs them.
 *
 * To load them takes 30 ms: they compile expressions for all emoji and open the tables of the
 * engine. Most answers consist of letters that take one column each.
 *
 * @module
 */

/** The packages. */
type Unicode = typeof import("./unicode_packages.ts");

let loaded: Unicode | undefined;

/** A text needs the packages, and they are not loaded. */
class NotLoaded extends Error {
  override readonly name = "NotLoaded";
}

/**
 * The packages. Only for what {@linkcode withUnicode} calls.
 *
 * @throws {NotLoaded} If they are not loaded; they are when it is tried again.
 */
export function unicode(): Unicode {
  if (loaded === undefined) throw new NotLoaded("the tables are not loaded");
  return loaded;
}

/** Returns what `render` returns. It is called again when the packages are loaded for it. */
export async function withUnicode<T>(render: () => T): Promise<T> {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof NotLoaded)) throw error;
    await loadUnicode();
    return render();
  }
}

/** Loads the packages. */
export async function loadUnicode(): Promise<void> {
  loaded ??= await import("./unicode_packages.ts");
}
