/**
 * fast-check, starting where all random tests start.
 *
 * @module
 */

import fc from "fast-check";
import { FIRST_SEED } from "./seed.ts";

fc.configureGlobal({ seed: FIRST_SEED });

export default fc;
