/**
 * Requests that add to a response: those that readers refuse are left out, the others recorded.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ThreadTraceContext } from "../../../lib/record/thread.ts";
import { message } from "../../support/bundles/raw_bundle.ts";
import { COVERS_ALL_CASES } from "../../support/cases.ts";
import { play, testEvery } from "./strict_recording.ts";

/** Sends requests of one turn. */
class Sender {
  readonly #thread: ThreadTraceContext;

  constructor(thread: ThreadTraceContext) {
    this.#thread = thread;
  }

  /** Sends a request, and returns what ends it; without an end it runs on. */
  send(request: object) {
    const attempt = this.#thread.inference("turn", "m", "p").startAttempt();
    attempt.recordStarted(request);
    return {
      complete: (id: string, ...texts: string[]) => {
        const items = texts.map((text) => message("assistant", text));
        attempt.recordCompleted(id, null, null, items);
      },
      fail: (...texts: string[]) => {
        const items = texts.map((text) => message("assistant", text));
        attempt.recordFailed("lost connection", null, items);
      },
    };
  }

  /** Sends a request that lists the conversation. */
  full(...texts: string[]) {
    return this.send({ input: texts.map((text) => message("user", text)) });
  }

  /** Sends a request that adds to a response. */
  add(previous_response_id: string, ...texts: string[]) {
    const input = texts.map((text) => message("user", text));
    return this.send({ previous_response_id, input });
  }
}

/** Records a session in which requests are sent, and replays it. */
function playRequests(
  schema: number,
  run: (sender: Sender, thread: ThreadTraceContext) => void,
) {
  return play(schema, (thread) => run(new Sender(thread), thread));
}

const BRANCH =
  'Cannot record "inference_started": it adds to response "one", ' +
  "which other items of the thread follow already";

testEvery(
  "a request that branches off an earlier response is left out, and the next full one is recorded",
  (schema) => {
    const { errors, trace } = playRequests(schema, (sender) => {
      sender.full("a").complete("one", "b");
      sender.add("one", "c").complete("two", "d");
      sender.add("one", "branch").complete("branched", "e");
      sender.add("branched", "f").complete("lost");
      sender.add("two", "g").complete("three", "h");
      sender.full("a", "c", "branch").complete("four", "i");
      sender.add("four", "j").complete("five", "k");
    });
    assertEquals(errors, [BRANCH]);
    assertEquals(trace.inference_calls.size, 5);
  },
);

testEvery(
  "a request that fails is repeated with the same items, or others",
  (schema) => {
    const { errors, trace } = playRequests(schema, (sender) => {
      sender.full("a").complete("one", "b");
      sender.add("one", "c", "d").fail("part");
      sender.add("one", "c", "d").fail();
      sender.add("one", "c").complete("two", "e");
      sender.add("two", "f").fail();
      sender.add("two", "other").complete("lost");
    });
    assertEquals(errors, [BRANCH.replace("one", "two")]);
    assertEquals(trace.inference_calls.size, 5);
  },
);

testEvery(
  "requests that run at the same time, and a compaction between them",
  (schema) => {
    playRequests(schema, (sender, thread) => {
      const first = sender.full("a");
      const second = sender.full("a", "b");
      first.complete("one", "c");
      sender.add("one", "d").complete("two", "e");
      second.complete("three", "f");
      sender.add("three", "g").complete("four", "h");
      sender.add("two", "i").complete("five", "j");
      thread.compaction("turn", "compaction", "m", "p").recordInstalled({
        input_history: [message("user", "a")],
        replacement_history: [message("user", "short")],
      });
      sender.add("five", "k").complete("six", "l");
      sender.add("four", "m").complete("seven", "n");
      sender.full("short").complete("eight", "o");
      sender.add("eight", "p").complete("nine", "q");
      sender.add("five", "r").complete("ten", "s");
    });
  },
);

/** A source of numbers below a limit that is the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

testEvery("whatever is added to whatever response replays", (schema) => {
  for (let seed = 0; seed < (COVERS_ALL_CASES ? 60 : 15); seed++) {
    const next = numbers(seed * 7919 + 1);
    playRequests(schema, (sender) => {
      const ended: string[] = [];
      const running: ReturnType<Sender["send"]>[] = [];
      for (let step = 0; step < 20; step++) {
        const texts = ["a", "b", "c"].slice(0, next(3) + 1);
        const previous = ended[next(ended.length || 1)];
        const sent = previous === undefined || next(5) === 0
          ? sender.full(...texts, ...next(2) === 0 ? ["x"] : [])
          : sender.add(previous, ...texts.slice(next(2)));
        running.push(sent);
        if (next(4) === 0) continue;
        const [one] = running.splice(next(running.length), 1);
        if (next(4) === 0) one?.fail("part");
        else {
          const id = `response-${next(3) === 0 ? next(step + 1) : step}`;
          one?.complete(id, "answer", ...texts.slice(1));
          ended.push(id);
        }
      }
    });
  }
});
