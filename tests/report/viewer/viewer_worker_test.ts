/**
 * The worker of the viewer starts where there is neither Deno nor Node, as in a browser.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { loadViewer } from "../../../lib/report/load_page.ts";
import type {
  ViewerAnswer,
  ViewerRequest,
} from "../../../lib/report/viewer/viewer_messages.ts";

Deno.test("the worker of the viewer starts and answers without Deno and Node", async () => {
  const { worker } = await loadViewer();
  const answer = Promise.withResolvers<ViewerAnswer>();
  const self: {
    onmessage?: (event: { data: ViewerRequest }) => void;
    postMessage(answer: ViewerAnswer): void;
  } = { postMessage: answer.resolve };
  // The names of its own scope hide those of the tests.
  new Function("self", "Deno", "process", worker)(self);
  self.onmessage?.({ data: { type: "drop", files: [] } });
  assertEquals(await answer.promise, {
    type: "sessions",
    sessions: [],
    notes: [],
    files: 0,
  });
});
