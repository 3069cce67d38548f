/**
 * Documents of sessions with many agents: what is asked of all is found once, not for each agent.
 *
 * @module
 */

import { assert } from "@std/assert";
import { join } from "@std/path";
import { sessionMarkdown } from "../../../lib/export/documents/session_markdown.ts";
import { atifLine } from "../../../lib/export/documents/trajectory.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import { ASK_CROWDS } from "../../robustness/scale_bundles.ts";
import { crowded } from "../../robustness/repeated_ids_bundles.ts";
import { inFolder } from "../../support/cli.ts";

const AGENTS = 40;
/** Of payloads and of requests: for what is asked of all of them, never once for each agent. */
const MAX_WALKS = 10;

const DOCUMENTS: Readonly<
  Record<string, (session: TraceSession) => Iterable<string>>
> = {
  atif: (session) => atifLine(session, { texts: true }),
  markdown: (session) => sessionMarkdown(session, { texts: true }),
};

/** Counts how often all entries of a map are walked. */
function countWalks(
  map: object,
  of: () => IteratorObject<unknown>,
): () => number {
  let walks = 0;
  Object.defineProperty(map, "values", { value: () => (walks++, of()) });
  return () => walks;
}

for (const [name, write] of Object.entries(DOCUMENTS)) {
  Deno.test(`${name} of many agents walks all requests and payloads a few times`, () => {
    const crowd = ASK_CROWDS["agents that spawn one another in a chain"];
    assert(crowd !== undefined);
    inFolder((folder) => {
      const place = crowded(crowd, 2, AGENTS).writeTo(join(folder, "b"));
      const session = openBundle(place);
      const { raw_payloads: payloads, inference_calls: calls } = session.trace;
      const counts = [
        countWalks(payloads, () => new Map(payloads).values()),
        countWalks(calls, () => new Map(calls).values()),
      ];
      assert([...write(session)].join("").length > 0);
      for (const walks of counts) assert(walks() <= MAX_WALKS, `${walks()}`);
    });
  });
}
