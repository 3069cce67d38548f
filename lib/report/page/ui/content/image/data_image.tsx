/**
 * An image of a payload, shown when the reader asks for it, and never loaded from anywhere.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { PartRow } from "../../../../report_data.ts";
import type { Model } from "../../../model/model.ts";
import { bytesOf } from "../../figures.ts";
import { imageIn, type ImageResult } from "./data_image.ts";

/** Properties of an image. */
export interface DataImageProps {
  readonly model: Model;
  /** A part that refers to an image in a payload. */
  readonly part: PartRow;
}

/** A button that shows the image; renders nothing where the page does not have its payload. */
export function DataImageButton({ model, part }: DataImageProps) {
  const [result, setResult] = useState<ImageResult | null>(null);
  const row = part.payload_id === null
    ? undefined
    : model.payload(part.payload_id);
  if (row === undefined || row.block === null || part.capture !== null) {
    return null;
  }
  if (result === null) {
    const show = () => {
      const text = model.payloadText(row);
      setResult(
        text === undefined
          ? { problem: "the payload is not in this page" }
          : imageIn(text, part.sha256),
      );
    };
    return (
      <button type="button" class="link" onClick={show}>show the image</button>
    );
  }
  if ("problem" in result) {
    return <span class="faint">not shown: {result.problem}</span>;
  }
  const { url, type, width, height, bytes } = result.image;
  const words = `${type.toUpperCase()}, ${width} × ${height} pixels`;
  return (
    <figure class="data-image">
      <img src={url} alt={`Image of the item: ${words}`} />
      <figcaption class="faint">
        {words}, {bytesOf(bytes)}{" "}
        <button type="button" class="link" onClick={() => setResult(null)}>
          hide
        </button>
      </figcaption>
    </figure>
  );
}
