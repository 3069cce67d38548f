/**
 * The version of this program.
 *
 * Written here and not read from `deno.json`, which would cost a file at every start; a test
 * holds the two together.
 *
 * @module
 */

/** Version of library and program, as `deno.json` has it. */
export const VERSION = "0.1.0";
