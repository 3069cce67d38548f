/**
 * Numbers and strings at the ends of what readers take.
 *
 * @module
 */

/** Integers at the ends of their ranges, and numbers that no integer holds. */
export const NUMBERS: readonly string[] = [
  ..."0 -1 -0 1.5 1e3 1e400 -1e-400 0.1e1 2147483648 4294967296".split(" "),
  ..."9007199254740993 9223372036854775807 9223372036854775808".split(" "),
  ..."-9223372036854775809 18446744073709551615 18446744073709551616".split(
    " ",
  ),
  "1" + "0".repeat(400),
];

/** Names, controls and lengths that programs trip over. */
export const STRINGS: readonly string[] = [
  ..."__proto__ constructor toString hasOwnProperty valueOf length".split(" "),
  ...["", " ", "\0", "\u001b[31m", "\u202e", "\ufeff", "../../etc/passwd"],
  ...["a".repeat(5000), "é".repeat(121), "\u{1f30d}".repeat(61), "1", "root"],
];
