/**
 * The session of `examples/agent/` without a network, with spans of OpenTelemetry beside its
 * recording:
 *
 *     deno task example:otel [FOLDER]
 *
 * @module
 */

import {
  InMemorySpanExporter,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { runOffline } from "../agent/offline/example.ts";
import { OtelTracer } from "./otel_tracer.ts";

/** Runs the session, and returns its recording and its spans. */
export async function runTraced(
  folder: string,
): Promise<{ bundle: string; spans: readonly ReadableSpan[] }> {
  // A host has the exporter of its collector here.
  const exporter = new InMemorySpanExporter();
  await using tracer = new OtelTracer(exporter);
  const bundle = await runOffline(folder, tracer);
  // Its shutdown forgets them.
  return { bundle, spans: [...exporter.getFinishedSpans()] };
}

if (import.meta.main) {
  const { bundle, spans } = await runTraced(Deno.args[0] ?? "dist/example");
  for (const span of spans) {
    const { traceId, spanId } = span.spanContext();
    const ids = JSON.stringify(span.attributes);
    console.log(traceId, spanId, span.name, ids);
  }
  console.log(`recorded ${bundle}`);
}
