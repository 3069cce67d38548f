/**
 * Whether the browser has read the complete file: texts and payloads follow after the program.
 *
 * @module
 */

import { useLayoutEffect, useState } from "preact/hooks";

/** Returns whether the complete file was read. */
export function useReady(): boolean {
  const [ready, setReady] = useState(document.readyState !== "loading");
  useLayoutEffect(() => {
    if (ready) return;
    const done = () => setReady(true);
    document.addEventListener("DOMContentLoaded", done);
    if (document.readyState !== "loading") done();
    return () => document.removeEventListener("DOMContentLoaded", done);
  }, [ready]);
  return ready;
}
