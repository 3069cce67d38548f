/**
 * A real Chromium for tests of the report's page, watched closely: whatever runs, fails, or
 * tries to leave the page is written down.
 *
 * The driver looks around its machine when it starts, and so needs every permission. Tests that
 * use a browser live in tests/report/browser/, which `deno task test:browser` runs; all others keep
 * their few permissions.
 *
 * @module
 */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { toFileUrl } from "@std/path";

/** Where Debian, Ubuntu, Fedora and macOS put the browser. */
const PLACES: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Quiet, and unable to reach anything: no name resolves. */
const FLAGS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND",
];

/** How long a page may take for what a test waits for: a busy machine is many times slower. */
const PATIENCE_MS = 180_000;

/** How a page is read. */
export interface Look {
  /** Width of the window in CSS pixels; 1280 unless given. */
  readonly width?: number;
  /** Height of the window in CSS pixels; 800 unless given. */
  readonly height?: number;
  /** Light unless given. */
  readonly scheme?: "light" | "dark";
  /** A phone's: touch instead of a mouse. */
  readonly touch?: boolean;
  /** What the reader asked for; motion is fine unless given. */
  readonly motion?: "reduce" | "no-preference";
  /** Frames and timers of the page wait for {@linkcode releaseFrames}; on time unless given. */
  readonly heldFrames?: boolean;
  /** Whether downloads are stored; otherwise they are refused. */
  readonly downloads?: boolean;
}

/** The path of a Chromium of this machine; undefined when there is none. */
export function findChromium(): string | undefined {
  const named = Deno.env.get("CHROMIUM");
  return [...(named === undefined ? [] : [named]), ...PLACES].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** A page of a report that is open, and everything that happened in it. */
export class WatchedPage {
  /** The driver's page, for clicks and looks. */
  readonly page: Page;
  /** Errors, warnings, violations of the page's policy, dialogs, windows: nothing should be here. */
  readonly problems: string[] = [];
  /** Address of every request; the page itself is the first. */
  readonly requests: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** Opens a file in a fresh window. `fragment` is what follows `#`. */
  static async open(
    browser: Browser,
    path: string,
    look: Look = {},
    fragment = "",
  ): Promise<WatchedPage> {
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
      colorScheme: look.scheme ?? "light",
      reducedMotion: look.motion ?? "no-preference",
      hasTouch: look.touch ?? false,
      isMobile: look.touch ?? false,
      acceptDownloads: look.downloads ?? false,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const watched = new WatchedPage(context, await context.newPage());
    await watched.#watch();
    if (look.heldFrames === true) {
      await watched.page.addInitScript({ content: HOLD_FRAMES });
    }
    const url = toFileUrl(path);
    url.hash = fragment;
    await watched.page.goto(url.href, { waitUntil: "load" });
    // A reader acts after the first frames.
    if (look.heldFrames !== true) await rendered(watched.page);
    return watched;
  }

  /** What ran or left although nothing should: problems, and requests beyond the page itself. */
  get offences(): string[] {
    const more = this.requests.slice(1).map((url) => `request: ${url}`);
    return [...this.problems, ...more];
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.#context.close();
  }

  async #watch(): Promise<void> {
    const { page, problems, requests } = this;
    const note = (what: string, text: string) =>
      void problems.push(`${what}: ${text}`);
    this.#context.on("request", (request) => void requests.push(request.url()));
    page.on("websocket", (socket) => void requests.push(socket.url()));
    page.on("worker", (worker) => note("worker", worker.url()));
    page.on("popup", (popup) => note("window", popup.url()));
    page.on("pageerror", (error) => note("error", error.message));
    page.on("crash", () => note("crash", "the page is gone"));
    page.on("console", (message) => {
      if (!["error", "warning", "assert"].includes(message.type())) return;
      note(`console ${message.type()}`, message.text());
    });
    page.on("dialog", (dialog) => {
      note("dialog", dialog.message());
      void dialog.dismiss();
    });
    await page.addInitScript({ content: REPORT_VIOLATIONS });
  }
}

/** Shows another place of a page, and waits until it is rendered. `fragment` is what follows `#`. */
export async function showPlace(page: Page, fragment: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
  await rendered(page);
}

/** Waits until what follows from the events so far is rendered, its effects included. */
export async function rendered(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  })()`);
}

/** Runs the frames and timers that {@linkcode Look.heldFrames} holds, and waits for them. */
export async function releaseFrames(page: Page): Promise<void> {
  await page.evaluate("releaseFrames()");
  await rendered(page);
}

/** Left end and width of an element, in pixels, as soon as it does not move anymore. */
export function settledBox(
  page: Page,
  selector: string,
): Promise<{ left: number; width: number }> {
  return page.evaluate(`(async () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const box = () => {
      const { left, width } = element.getBoundingClientRect();
      return { left, width };
    };
    let last = box();
    for (let frames = 0; frames < 8; frames++) {
      await new Promise(requestAnimationFrame);
      const now = box();
      if (now.left !== last.left || now.width !== last.width) frames = 0;
      last = now;
    }
    return last;
  })()`);
}

/** Runs in the page before anything of its own, and is not held back by its policy. */
const REPORT_VIOLATIONS =
  `addEventListener("securitypolicyviolation", (event) => {
  console.error("policy: " + event.effectiveDirective + " " + event.blockedURI);
}, true);`;

/** Runs in the page before anything of its own. */
const HOLD_FRAMES = `{
  const names = ["setTimeout", "requestAnimationFrame", "clearTimeout", "cancelAnimationFrame"];
  const own = names.map((name) => [name, globalThis[name]]);
  const held = new Map();
  let last = 0;
  const hold = (act) => {
    held.set(--last, act);
    return last;
  };
  globalThis.setTimeout = (done, ms, ...values) => hold(() => done(...values));
  globalThis.requestAnimationFrame = (done) => hold(() => done(performance.now()));
  globalThis.clearTimeout = (id) => void held.delete(id);
  globalThis.cancelAnimationFrame = globalThis.clearTimeout;
  globalThis.releaseFrames = () => {
    for (const [name, value] of own) globalThis[name] = value;
    for (const act of held.values()) act();
  };
}`;

/** The browser of this file of tests: starting one takes longer than most tests. */
let browser: Promise<Browser> | undefined;

function launchBrowser(executablePath: string): Promise<Browser> {
  return browser ??= import("playwright-core").then(({ chromium }) =>
    chromium.launch({ executablePath, args: [...FLAGS] })
  );
}

Deno.test.afterAll(async () => {
  await (await browser)?.close();
});

/**
 * Registers a test that needs a browser, which the tests of a file share: each opens windows of its
 * own. Without a Chromium the test reports it and is skipped.
 */
export function browserTest(
  name: string,
  test: (browser: Browser) => Promise<void>,
): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const reason = "no Chromium found, set CHROMIUM to its path";
    Deno.test({ name: `${name} (${reason})`, ignore: true, fn: () => {} });
    return;
  }
  Deno.test({
    name,
    // The browser is started in one test, and closed after all of them.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const shared = await launchBrowser(executablePath);
      try {
        await test(shared);
      } finally {
        for (const context of shared.contexts()) await context.close();
      }
    },
  });
}
