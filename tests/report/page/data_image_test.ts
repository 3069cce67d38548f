/**
 * Images of payloads: the one that an item refers to, and only if it is safe to show.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sha256Hex } from "../../../lib/format/sha256.ts";
import {
  checked,
  imageIn,
  type ImageResult,
} from "../../../lib/report/page/ui/content/image/data_image.ts";

/** A PNG of which only the head is real. */
function png(width: number, height: number): string {
  const bytes = new Uint8Array(45);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  bytes.set(new TextEncoder().encode("IHDR"), 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
}

function problemOf(result: ImageResult): string {
  return "problem" in result ? result.problem : "";
}

Deno.test("an image has its type, its size in pixels and its bytes", () => {
  const result = checked(png(3, 2));
  assert("image" in result, problemOf(result));
  const { type, width, height, bytes } = result.image;
  assertEquals([type, width, height, bytes], ["png", 3, 2, 45]);
});

Deno.test("no other type, no false type and no huge image is shown", () => {
  const [, data = ""] = png(3, 2).split(",");
  const script = btoa("<svg xmlns='http://www.w3.org/2000/svg'/>");
  for (
    const url of [
      `data:image/svg+xml;base64,${script}`,
      `data:image/png;base64,${script}`,
      `data:image/jpeg;base64,${data}`,
      `data:text/html;base64,${data}`,
      "data:image/png;base64,",
      "data:image/png;base64,*",
      "data:image/png,raw",
      "https://evil.example/x.png",
      `data:image/png;base64,${"A".repeat(30_000_000)}`,
    ]
  ) {
    assert(problemOf(checked(url)) !== "", url.slice(0, 60));
  }
  assertStringIncludes(problemOf(checked(png(60_000, 60_000))), "too large");
  assertStringIncludes(problemOf(checked(png(16_000, 16_000))), "too large");
});

Deno.test("of several images in a payload, the hash selects the one of the item", () => {
  const element = (url: string) => ({
    type: "input_image",
    image_url: url,
    detail: "high",
  });
  const [first, second] = [png(1, 1), png(2, 2)];
  const payload = JSON.stringify({
    input: [{ content: [element(first), element(second)] }],
  });
  const hash = sha256Hex(
    `{"detail":"high","image_url":${
      JSON.stringify(second)
    },"type":"input_image"}`,
  );
  const found = imageIn(payload, hash);
  assert("image" in found && found.image.width === 2, problemOf(found));
  assertStringIncludes(
    problemOf(imageIn(payload, null)),
    "which one is unknown",
  );
  assert(problemOf(imageIn(payload, "0".repeat(64))) !== "");
  // The same image again is no other image.
  const twice = imageIn(JSON.stringify([element(first), element(first)]), null);
  assert("image" in twice, problemOf(twice));
});

Deno.test("a payload that is no JSON, or nests deeply, has no image", () => {
  for (const text of ["", "{", "[".repeat(200_000) + "]".repeat(200_000)]) {
    assert(problemOf(imageIn(text, null)) !== "");
  }
});
