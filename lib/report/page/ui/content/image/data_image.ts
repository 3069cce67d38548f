/**
 * Images that a payload holds as data: which one an item refers to, and whether it is safe to show.
 *
 * @module
 */

import { imageDimensionsFromData } from "image-dimensions";
import { sha256Hex } from "../../../../../format/sha256.ts";

/** An image that may be shown. */
export interface DataImage {
  /** `data:image/…`; its type and its size were checked. */
  readonly url: string;
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** An image, or why none is shown. */
export type ImageResult =
  | { readonly image: DataImage }
  | { readonly problem: string };

/** Larger images are not shown. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_SIDE = 16_384;
const MAX_PIXELS = 40_000_000;
/** Values of a payload that are searched. */
const MAX_VALUES = 500_000;

/** Pictures without scripts, links or pages: not SVG, for one. */
const TYPES: ReadonlySet<string> = new Set(["png", "jpeg", "gif", "webp"]);
const DATA_URL = /^data:image\/([a-z]+);base64,([A-Za-z0-9+/]+={0,2})$/;

/**
 * The image in a payload that a part of an item refers to.
 *
 * @param sha256 Hash of the element with the image; null where it was not recorded: then the image
 * is known only if the payload has no other.
 */
export function imageIn(payload: string, sha256: string | null): ImageResult {
  const elements = imageElements(payload);
  const found = sha256 === null
    ? elements
    : elements.filter((each) => sha256Hex(canonical(each)) === sha256);
  const urls = new Set(found.map((each) => String(each["image_url"])));
  const [url] = urls;
  if (url === undefined) {
    return { problem: "the payload has no image of this item as data" };
  }
  return urls.size > 1
    ? { problem: `the payload has ${urls.size} images; which one is unknown` }
    : checked(url);
}

/** An image in a data URL, if its type and its size are allowed. */
export function checked(url: string): ImageResult {
  const [, named, base64] = url.length > 2 * MAX_BYTES
    ? []
    : DATA_URL.exec(url) ?? [];
  if (named === undefined || base64 === undefined) {
    return { problem: "no image as Base64, or larger than 10 MiB" };
  }
  let data: string;
  try {
    data = atob(base64);
  } catch {
    return { problem: "no valid Base64" };
  }
  if (data.length > MAX_BYTES) return { problem: "larger than 10 MiB" };
  const size = sizeIn(data);
  const type = named === "jpg" ? "jpeg" : named;
  if (size === undefined || !TYPES.has(size.type) || size.type !== type) {
    return { problem: "no PNG, JPEG, GIF or WebP, or not what it claims" };
  }
  const { width, height } = size;
  if (
    Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS
  ) return { problem: `too large: ${width} × ${height} pixels` };
  return {
    image: {
      url: `data:image/${type};base64,${base64}`,
      type,
      width,
      height,
      bytes: data.length,
    },
  };
}

function sizeIn(data: string) {
  const bytes = Uint8Array.from(data, (character) => character.charCodeAt(0));
  try {
    return imageDimensionsFromData(bytes);
  } catch {
    // Truncated, or made to break the reader of its head.
    return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a payload that hold an image as data. */
function imageElements(payload: string): Members[] {
  let root: unknown;
  try {
    root = JSON.parse(payload);
  } catch {
    return [];
  }
  const found: Members[] = [];
  const open: unknown[] = [root];
  for (let count = 0; open.length > 0 && count < MAX_VALUES; count++) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isMembers(value)) {
      const url = value["image_url"];
      if (typeof url === "string" && url.startsWith("data:image/")) {
        found.push(value);
      }
    }
    for (const each of Object.values(value)) open.push(each);
  }
  return found;
}

/** An element as its hash was made of it: without white space, its keys sorted. */
function canonical(element: Members): string {
  const members = Object.keys(element).toSorted().map((key) =>
    `${JSON.stringify(key)}:${JSON.stringify(element[key])}`
  );
  return `{${members.join(",")}}`;
}
