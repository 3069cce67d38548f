/**
 * Observes which files are opened for reading, by the API of Deno or that of Node.
 *
 * @module
 */

/**
 * Calls `onOpened` with the path of each file that is opened, until it is disposed. If it returns an
 * error, reading that file throws it.
 */
export function observeOpens(
  onOpened: (path: string) => Error | undefined | void,
): Disposable {
  const ofDeno = Deno.openSync;
  const node = process.getBuiltinModule("node:fs");
  const { openSync: ofNode, readSync } = node;
  const faults = new Map<number, Error>();
  Deno.openSync = (path, options) => {
    const file = ofDeno(path, options);
    const fault = onOpened(`${path}`);
    if (fault) {
      file.readSync = () => {
        throw fault;
      };
    }
    return file;
  };
  node.openSync = (path, ...rest) => {
    const descriptor = ofNode(path, ...rest);
    const fault = onOpened(`${path}`);
    // The descriptor may be that of a file that was closed.
    if (fault) faults.set(descriptor, fault);
    else faults.delete(descriptor);
    return descriptor;
  };
  const faultyRead = (...args: Parameters<typeof readSync>) => {
    const fault = faults.get(args[0]);
    if (fault !== undefined) throw fault;
    return readSync(...args);
  };
  node.readSync = faultyRead as typeof readSync;
  return {
    [Symbol.dispose]() {
      Deno.openSync = ofDeno;
      node.openSync = ofNode;
      node.readSync = readSync;
    },
  };
}
