/**
 * The timeline in a browser: what is drawn can be pointed at, walked through, and filtered, by
 * mouse, finger and keyboard.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Page } from "playwright-core";
import { browserTest, rendered, settledBox } from "./browser.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { onReport, recorded } from "../report_file.ts";

const AGENTS = recorded("0.164.0-agents_v2_sol_tree");
const DROPS = recorded("0.164.0-stream_drop");
const TIMELINE = { fragment: "view=timeline" };

/** Presses keys in the timeline and reports what is read out after the last. */
async function press(page: Page, ...keys: string[]): Promise<string> {
  await page.locator(".tl-stage").focus();
  for (const key of keys) await page.keyboard.press(key);
  return await page.locator(".tl-spoken").innerText();
}

/** Left end and width of the brush, in pixels. */
function brush(page: Page): Promise<{ left: number; width: number }> {
  return settledBox(page, ".tl-brush");
}

/**
 * Feels its way over the drawing until the tip reports something, then points the mouse there.
 * Moves are made inside the page: a thousand trips to the browser would take their time.
 */
async function pointAt(page: Page, title: string): Promise<[number, number]> {
  const found = await page.evaluate<[number, number] | null>(`(async () => {
    const canvas = document.querySelector(".tl-canvas");
    // A timer would wait for 4 ms, thousands of times.
    const { port1, port2 } = new MessageChannel();
    const turn = () => new Promise((done) => {
      port1.onmessage = done;
      port2.postMessage(0);
    });
    const box = canvas.getBoundingClientRect();
    for (let y = box.top + 34; y < box.top + 320; y += 6) {
      for (let x = box.left + 4; x < box.right; x += 7) {
        canvas.dispatchEvent(new PointerEvent("pointermove", {
          pointerType: "mouse", clientX: x, clientY: y, bubbles: true,
        }));
        await turn();
        const tip = document.querySelector(".tl-tip");
        if (tip?.textContent.includes(${JSON.stringify(title)})) return [x, y];
      }
    }
    return null;
  })()`);
  assert(found !== null, `nothing on the timeline is a ${title}`);
  await page.mouse.move(...found);
  return found;
}

browserTest("a span is found and chosen with the mouse", async (browser) => {
  await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
    const [x, y] = await pointAt(page, "Tool call tool:2");
    const tip = await page.locator(".tl-tip").innerText();
    for (const result of ["wait_agent", "ok", "duration", "/root"]) {
      assert(tip.includes(result), `${result} is missing in: ${tip}`);
    }
    await page.mouse.click(x, y);
    await page.locator(".details", { hasText: "tool:2" }).waitFor();
    assert(page.url().includes("tool="), page.url());
  });
});

browserTest(
  "an arrow between threads is found and chosen with the mouse",
  async (browser) => {
    await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
      const [x, y] = await pointAt(page, "edge:");
      const tip = await page.locator(".tl-tip").innerText();
      assert(
        tip.includes("Edge between threads") && tip.includes("delivered"),
      );
      await page.mouse.click(x, y);
      await page.locator(".details", { hasText: "edge:" }).waitFor();
    });
  },
);

browserTest(
  "the keyboard walks along, in, out and over arrows",
  async (browser) => {
    await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
      const starts = async (expected: string, ...keys: string[]) => {
        const text = await press(page, ...keys);
        assert(text.startsWith(expected), `${keys} led to: ${text}`);
      };
      await starts("Turn turn:1", "Home");
      await starts("LLM request call:1", "ArrowDown");
      await starts("Tool call tool:1", "ArrowRight");
      await starts("Turn turn:1", "ArrowUp");
      await starts("Turn turn:2", "PageDown");
      await starts("Turn turn:3", "PageDown");
      await starts("Turn turn:2", "PageUp");
      await starts("Edge between threads", "e");
      await starts("Turn turn:2", "ArrowRight");
      await page.keyboard.press("Enter");
      await page.locator(".details", { hasText: "turn:2" }).waitFor();
    });
  },
);

browserTest(
  "keys of the page still work while the timeline is focused",
  async (browser) => {
    await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
      await press(page, "Home");
      await page.keyboard.press("4");
      await page.locator(".agents").waitFor();
    });
  },
);

browserTest(
  "zoom and pan by keys, wheel, drag, and on the minimap",
  async (browser) => {
    await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
      const full = await brush(page);
      await press(page, "+", "+");
      const close = await brush(page);
      assert(close.width < full.width * 0.7, "plus zooms in");
      await press(page, "Shift+ArrowRight");
      const moved = await brush(page);
      assert(moved.left > close.left, "shift and an arrow move in time");
      const box = await page.locator(".tl-canvas").boundingBox();
      assert(box !== null);
      await page.mouse.move(box.x + 500, box.y + 200);
      await page.mouse.down();
      await page.mouse.move(box.x + 900, box.y + 200, { steps: 5 });
      await page.mouse.up();
      assert(
        (await brush(page)).left < moved.left,
        "dragging to the right goes back",
      );
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -300);
      await page.keyboard.up("Control");
      // The browser sends the wheel on when it draws.
      await page.waitForFunction(
        (width) =>
          (document.querySelector(".tl-brush")?.clientWidth ?? Infinity) <
            width,
        Math.floor(close.width),
      );
      const wheeled = await brush(page);
      assert(wheeled.width < close.width, "control and the wheel zoom in");
      const map = await page.locator(".tl-map").boundingBox();
      assert(map !== null);
      await page.mouse.click(map.x + map.width - 30, map.y + 20);
      assert(
        (await brush(page)).left > wheeled.left,
        "a press on the map looks there",
      );
      await press(page, "0");
      assertEquals(await brush(page), full, "0 shows all of it");
    });
  },
);

browserTest(
  "failed only: counted, and the walk goes from one to the next",
  async (browser) => {
    await onReport(browser, DROPS, {
      fragment: "view=timeline&failed=1",
    }, async ({ page }) => {
      const count = await page.locator(".tl-count").innerText();
      assert(count.startsWith("4 spans"), count);
      const seen = new Set<string>();
      let text = await press(page, "Home");
      for (let i = 0; i < 6; i++) {
        assert(text.includes("failed"), text);
        seen.add(text);
        text = await press(page, "ArrowRight");
      }
      assertEquals(seen.size, 4);
      assert(
        [...seen].some((each) => each.includes("error")),
        "an error is shown",
      );
    });
  },
);

browserTest("only a thread: other lanes are gone", async (browser) => {
  await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
    assertEquals(await page.locator(".tl-name").count(), 3);
    await page.locator(".filters select").last().selectOption({ index: 2 });
    await page.locator(".tl-name").nth(1).waitFor({ state: "detached" });
    assertEquals(await page.locator(".tl-name").count(), 1);
    const text = await press(page, "Home");
    assert(text.includes("turn:2"), text);
  });
});

browserTest(
  "a finger chooses a span at the width of a phone",
  async (browser) => {
    const phone = { ...TIMELINE, width: 390, height: 844, touch: true };
    await onReport(browser, AGENTS, phone, async ({ page }) => {
      const box = await page.locator(".tl-canvas").boundingBox();
      assert(box !== null);
      assert(box.width <= 390);
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      assertEquals(wide, 390, "nothing sticks out");
      // The first turn fills most of the first row below the name of its lane.
      await page.touchscreen.tap(box.x + 120, box.y + 26 + 24 + 9 + 8);
      await page.locator(".details", { hasText: "turn:1" }).waitFor();
    });
  },
);

browserTest(
  "the drawing follows the theme and fits its place",
  async (browser) => {
    await onReport(browser, AGENTS, TIMELINE, async ({ page }) => {
      const drawn = () =>
        page.evaluate<string>(
          `document.querySelector(".tl-canvas").toDataURL()`,
        );
      const light = await drawn();
      await page.emulateMedia({ colorScheme: "dark" });
      await rendered(page);
      const dark = await drawn();
      assert(light !== dark && dark.length > 10_000);
      await page.setViewportSize({ width: 900, height: 500 });
      await rendered(page);
      const box = await page.locator(".tl-canvas").boundingBox();
      const stage = await page.locator(".tl-stage").boundingBox();
      assertEquals(box?.width, stage?.width);
    });
  },
);

browserTest("on render all lanes are drawn", async (browser) => {
  const low = { ...TIMELINE, height: 330 };
  await onReport(browser, AGENTS, low, async ({ page }) => {
    const height = async () =>
      (await page.locator(".tl-canvas").boundingBox())?.height ?? 0;
    const before = await height();
    await page.emulateMedia({ media: "print" });
    await rendered(page);
    assert(await height() > before, "the canvas is as high as its lanes");
  });
});
browserTest("two fingers zoom, one moves", async (browser) => {
  const phone = { ...TIMELINE, width: 390, height: 844, touch: true };
  await onReport(browser, AGENTS, phone, async ({ page }) => {
    const box = await page.locator(".tl-canvas").boundingBox();
    assert(box !== null);
    const y = box.y + 120;
    const devtools = await page.context().newCDPSession(page);
    const touch = (
      type: "touchStart" | "touchMove" | "touchEnd",
      xs: number[],
    ) =>
      devtools.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: xs.map((x, id) => ({ x, y, id })),
      });
    const full = await brush(page);
    await touch("touchStart", [150]);
    await touch("touchStart", [150, 210]);
    for (let i = 1; i <= 5; i++) {
      await touch("touchMove", [150 - 20 * i, 210 + 20 * i]);
    }
    await touch("touchEnd", []);
    const close = await brush(page);
    assert(close.width < full.width * 0.6, "two fingers apart zoom in");
    await touch("touchStart", [300]);
    for (let i = 1; i <= 5; i++) await touch("touchMove", [300 - 30 * i]);
    await touch("touchEnd", []);
    assert(
      (await brush(page)).left > close.left,
      "a finger to the left continues",
    );
  });
});

/** A session in which nothing happened for two hours. */
function idleBundle(folder: string): string {
  const bundle = new RawBundle(2);
  const call = (id: string, from: number, to: number) => {
    bundle.event({
      type: "tool_call_started",
      tool_call_id: id,
      requester: { type: "model" },
      kind: { type: "other", name: id },
      summary: { type: "generic", label: id },
    }, { wall_time_unix_ms: from });
    bundle.event(
      { type: "tool_call_ended", tool_call_id: id, status: "completed" },
      { wall_time_unix_ms: to },
    );
  };
  call("early", 1000, 9000);
  call("late", 7_201_000, 7_210_000);
  return bundle.writeTo(folder);
}

browserTest(
  "long idle times are shortened, labelled, and shown in full on request",
  async (browser) => {
    const folder = Deno.makeTempDirSync();
    try {
      const bundle = idleBundle(join(folder, "bundle"));
      await onReport(browser, bundle, TIMELINE, async ({ page }) => {
        const idle = page.locator(".tl-idle");
        const text = await idle.innerText();
        assert(text.includes("1 idle time (1 h 59 min 52 s)"), text);
        const shortened = await pointAt(page, "late");
        await idle.locator("input").uncheck();
        const full = await pointAt(page, "late");
        assert(full[0] - shortened[0] > 300, `${full} and ${shortened}`);
      });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
