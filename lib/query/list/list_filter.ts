/**
 * Which bundles of a list are wanted, in which order, and how many.
 *
 * @module
 */

import { isInside } from "../../bundle/storage/disk_path.ts";
import type { ListedBundle } from "./list_answer.ts";

/** What bundles are sorted by, the largest first. */
export type ListOrder =
  | "started"
  | "duration"
  | "size"
  | "requests"
  | "tools"
  | "errors"
  | "tokens"
  | "cost";

/** Which bundles are wanted. Those that cannot be read match no condition. */
export interface ListFilter {
  /** Those that began at or after this moment, in milliseconds since 1970. */
  readonly since?: number;
  /** Those that began before this moment. */
  readonly until?: number;
  /** Those whose outcome is `failed`. */
  readonly failed?: boolean;
  /** Those that asked a model whose name has this text. */
  readonly model?: string;
  /** Those that worked in this directory, or in one inside it. */
  readonly cwd?: string;
  /** Those whose prompt or result has this text, in any case. */
  readonly text?: string;
}

/** Whether a bundle that began at `start` may be wanted; null where its start is unknown. */
export function isInPeriod(
  start: number | null,
  { since = -Infinity, until = Infinity }: ListFilter,
): boolean {
  return start === null
    ? since === -Infinity && until === Infinity
    : start >= since && start < until;
}

/** Whether a bundle is wanted. */
export function matchesFilter(
  bundle: ListedBundle,
  filter: ListFilter,
): boolean {
  const { failed = false, model, cwd, text } = filter;
  const start = bundle.started_at_unix_ms;
  return isInPeriod(start === null ? null : Number(start), filter) &&
    (!failed || bundle.outcome === "failed") &&
    (model === undefined ||
      bundle.models.some((each) => each.includes(model))) &&
    (cwd === undefined ||
      bundle.cwd !== null && isInside(bundle.cwd, cwd)) &&
    (text === undefined || hasText(bundle, text));
}

function hasText({ prompt, result }: ListedBundle, text: string): boolean {
  const wanted = text.toLowerCase();
  return [prompt, result?.text].some((each) =>
    each?.toLowerCase().includes(wanted)
  );
}

const KEYS: Readonly<
  Record<ListOrder, (bundle: ListedBundle) => number | null>
> = {
  started: ({ started_at_unix_ms: start }) =>
    start === null ? null : Number(start),
  duration: ({ duration_ms }) => duration_ms,
  size: ({ size_bytes }) => size_bytes,
  requests: ({ counts }) => counts?.llm_requests ?? null,
  tools: ({ counts }) => counts?.tool_calls ?? null,
  errors: ({ counts }) => counts?.errors ?? null,
  tokens: ({ tokens }) =>
    tokens?.input_tokens == null
      ? null
      : Number(tokens.input_tokens) + Number(tokens.output_tokens),
  cost: ({ cost }) => cost?.amount ?? null,
};

/** The same bundles, the largest first; those without a value are last, in their order. */
export function sortedBy(
  bundles: readonly ListedBundle[],
  order: ListOrder,
): ListedBundle[] {
  const key = KEYS[order];
  const valueOf = (bundle: ListedBundle) => key(bundle) ?? -Infinity;
  return bundles.toSorted((a, b) => {
    const difference = valueOf(b) - valueOf(a);
    return Number.isNaN(difference) ? 0 : difference;
  });
}
