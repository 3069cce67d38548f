/**
 * Time and memory that work takes, whatever else this process and the machine do meanwhile.
 *
 * @module
 */

import process from "node:process";

/** How much longer the clock may run than the work: other processes and threads take turns. */
const CLOCK_ALLOWANCE = 10;

/**
 * Starts to measure the work of this thread. The function that it returns gets the milliseconds since: CPU
 * time of the thread where the runtime counts it (Deno 2.9), else a tenth of the time on the clock.
 */
export function startWork(): () => number {
  const start = threadCpuMs();
  if (start !== undefined) return () => (threadCpuMs() ?? start) - start;
  const startedAt = performance.now();
  return () => (performance.now() - startedAt) / CLOCK_ALLOWANCE;
}

/** Bytes that this thread's engine has taken, buffers included. */
export function memoryTaken(): number {
  const { heapTotal, external } = Deno.memoryUsage();
  return heapTotal + external;
}

function threadCpuMs(): number | undefined {
  const count: unknown = Reflect.get(process, "threadCpuUsage");
  if (typeof count !== "function") return undefined;
  const { user, system } = count.call(process);
  return (user + system) / 1000;
}
