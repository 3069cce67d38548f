/**
 * A box that scrolls sideways where its content is too wide; there, keys reach it.
 *
 * @module
 */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The box. `label` names its content for those who do not see it. */
export function SidewaysBox(
  { label, children }: { label: string; children: ComponentChildren },
) {
  const box = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setWide(element.scrollWidth > element.clientWidth);
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    for (const each of element.children) watcher.observe(each);
    return () => watcher.disconnect();
  }, []);
  const reached = isWide
    ? { role: "group", "aria-label": label, tabIndex: 0 } as const
    : {};
  return <div ref={box} class="table-scroll" {...reached}>{children}</div>;
}
