/**
 * Spans of OpenTelemetry for the steps of an agent, beside the recording.
 *
 * Each side has the ids of the other: a span has those of the recording as attributes, and the
 * recording has trace and span where it has the step.
 *
 * @module
 */

import {
  context,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import type { StepTracer } from "../agent/agent.ts";

/** Attributes that are not of a semantic convention begin with it. */
const PREFIX = "rollout_trace.";

/** Makes a span of each step. */
export class OtelTracer implements StepTracer {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  /** Sends finished spans to an exporter, such as one for OTLP. */
  constructor(exporter: SpanExporter) {
    // The span of a turn is the parent of those of its requests and tools, across all waits.
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    this.#provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    this.#tracer = this.#provider.getTracer("rollout-trace/examples/otel");
  }

  run<T>(
    name: string,
    ids: Readonly<Record<string, string>>,
    step: () => Promise<T>,
  ): Promise<T> {
    const attributes = Object.fromEntries(
      Object.entries(ids).map(([key, id]) => [PREFIX + key, id]),
    );
    return this.#tracer.startActiveSpan(name, { attributes }, async (span) => {
      try {
        return await step();
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
  }

  ids(): Readonly<Record<string, string>> {
    const span = trace.getActiveSpan()?.spanContext();
    return span === undefined
      ? {}
      : { trace_id: span.traceId, span_id: span.spanId };
  }

  /** Exports what is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider.shutdown();
    context.disable();
  }
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
