/**
 * A client of a Responses API: sends a request, and collects the items of the streamed response.
 *
 * @module
 */

import type { TokenUsage } from "rollout-trace/record";

/** An item of a conversation, as the API spells it. */
export interface Item {
  readonly type: string;
  readonly id?: string;
  readonly [key: string]: unknown;
}

/** A complete response. */
export interface ModelResponse {
  readonly id: string | null;
  /** The provider's id of the request. */
  readonly requestId: string | null;
  readonly usage: TokenUsage | null;
  readonly items: readonly Item[];
}

/** A request without a complete response. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
  /** Whether the same request may succeed later. */
  readonly isTransient: boolean;
  readonly requestId: string | null;
  /** The items that were received. */
  readonly items: readonly Item[];

  constructor(
    message: string,
    { isTransient = true, requestId = null, items = [], cause }: {
      isTransient?: boolean;
      requestId?: string | null;
      items?: readonly Item[];
      cause?: unknown;
    },
  ) {
    super(message, { cause });
    this.isTransient = isTransient;
    this.requestId = requestId;
    this.items = items;
  }
}

/** Where requests are sent. */
export interface Endpoint {
  /** The part of the URL before `/responses`. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/**
 * Sends a request.
 *
 * @throws {ResponseError} If there is no complete response, also when `signal` aborts it.
 */
export async function requestResponse(
  { baseUrl, apiKey }: Endpoint,
  request: object,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ModelResponse> {
  let requestId: string | null = null;
  const items: Item[] = [];
  try {
    const response = await fetch(`${baseUrl}/responses`, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        ...apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      },
      body: JSON.stringify(request),
      signal,
    });
    requestId = response.headers.get("x-request-id");
    if (!response.ok || response.body === null) {
      throw new ResponseError(`${response.status} ${await response.text()}`, {
        isTransient: response.status === 429 || response.status >= 500,
        requestId,
      });
    }
    for await (const event of serverSentEvents(response.body)) {
      if (event.type === "response.output_item.done" && event.item) {
        items.push(event.item);
      } else if (event.type === "response.completed") {
        const { id = null, usage } = event.response ?? {};
        return { id, requestId, usage: tokenUsage(usage), items };
      } else if (event.type === "response.failed") {
        throw new ResponseError(
          event.response?.error?.message ?? "the response failed",
          { requestId, items },
        );
      }
    }
  } catch (cause) {
    if (cause instanceof ResponseError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ResponseError(message, { requestId, items, cause });
  }
  throw new ResponseError("the stream ended before the response", {
    requestId,
    items,
  });
}

/** The part of a server-sent event that is read. */
interface StreamEvent {
  readonly type: string;
  readonly item?: Item;
  readonly response?: {
    readonly id?: string;
    readonly usage?: ApiUsage | null;
    readonly error?: { readonly message?: string } | null;
  };
}

async function* serverSentEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<StreamEvent, void> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = /^data: ?(\{.*)/.exec(line)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

/** Token counts as the API spells them. */
interface ApiUsage {
  readonly input_tokens: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number };
  readonly output_tokens: number;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number };
  readonly total_tokens: number;
}

/** Returns the counts as a trace spells them. */
function tokenUsage(usage: ApiUsage | null | undefined): TokenUsage | null {
  return usage == null ? null : {
    input_tokens: usage.input_tokens,
    cached_input_tokens: usage.input_tokens_details?.cached_tokens ?? 0,
    output_tokens: usage.output_tokens,
    reasoning_output_tokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    total_tokens: usage.total_tokens,
  };
}
