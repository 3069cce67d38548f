/**
 * The viewer in a browser: written by the program, watched while it reads bundles.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import { runProgram } from "../../../../lib/cli/program.ts";
import { type Look, WatchedPage } from "../../browser/browser.ts";
import { recordedIo } from "../../../support/cli.ts";

/** The viewer does what a report must not: it starts the worker that is part of it. */
const OWN_WORKER = /^(?:worker|request): blob:/;

/** Opens the viewer for a test; afterwards nothing must have run or left that should not. */
export async function withViewer(
  browser: Browser,
  look: Look,
  test: (page: Page, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "viewer.html");
    const io = recordedIo();
    const code = await runProgram(["viewer", "-o", path], io);
    assertEquals(code, 0, io.stderr);
    const watched = await WatchedPage.open(browser, path, look);
    await test(watched.page, folder);
    const offences = watched.offences.filter((each) => !OWN_WORKER.test(each));
    assertEquals(offences, []);
    await watched.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Selects a folder, and waits until its bundle was read and checked. */
export async function openFolder(page: Page, folder: string): Promise<void> {
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  await isRead(page);
}

/** Waits until a bundle was read and checked. */
export async function isRead(page: Page): Promise<void> {
  // What is shown of another bundle is gone after one turn.
  await page.evaluate("new Promise((done) => setTimeout(done, 20))");
  await page.locator(".viewer-check").waitFor();
  await page.locator(".viewer-bar :is(a[download], .viewer-error)").waitFor();
}

/** Drops files on the page, each by itself. */
export async function dropFiles(
  page: Page,
  files: readonly { name: string; bytes: Uint8Array }[],
): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, text: base64(bytes) }));
  const transfer = await page.evaluateHandle(
    `(${MAKE_DROP})(${JSON.stringify(sent)})`,
  );
  await page.dispatchEvent("#app", "drop", { dataTransfer: transfer });
}

/** Drops what is at a path of the disk, as the hand of a reader does: the browser opens it. */
export async function dropPath(page: Page, path: string): Promise<void> {
  const input = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const event = { type, x: 100, y: 100, data };
    await input.send("Input.dispatchDragEvent", event);
  }
  await input.detach();
}

/** Runs in the page. */
const MAKE_DROP = `(files) => {
  const drop = new DataTransfer();
  for (const { name, text } of files) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    drop.items.add(new File([bytes], name));
  }
  return drop;
}`;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** Downloads the state of the bundle that is shown. */
export async function downloadState(
  page: Page,
): Promise<Uint8Array<ArrayBuffer>> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "state.json" }).click(),
  ]);
  assertEquals(download.suggestedFilename(), "state.json");
  return Deno.readFileSync(await download.path());
}
