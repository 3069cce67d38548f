/**
 * Statements about damaged bundles that are contradicted, each for a reason.
 *
 * @module
 */

/** A statement that is known to be contradicted. */
export interface KnownDifference {
  /** How the bundle is damaged. */
  readonly damage: string;
  /** The name of the bundle. */
  readonly bundle: string;
  /** The text of the contradiction. */
  readonly statement: RegExp;
  /** Why it is left. */
  readonly reason: string;
}

/** The same difference of several bundles after several damages. */
function differences(
  bundles: readonly string[],
  damages: readonly string[],
  statement: RegExp,
  reason: string,
): KnownDifference[] {
  return bundles.flatMap((bundle) =>
    damages.map((damage) => ({ damage, bundle, statement, reason }))
  );
}

/** All of them: the complete walk fails where one is no longer found. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  ...differences(
    ["0.169.0/usage_kinds", "0.171.0/usage_kinds"],
    ["a request is lost"],
    /: cache_write_input_tokens is 0, not 2$/,
    "The sums are of the requests with usage alone, as documented: those that are left wrote " +
      "nothing to a cache.",
  ),
];
