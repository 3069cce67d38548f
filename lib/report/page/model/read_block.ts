/**
 * Reads the blocks of data that the page has.
 *
 * @module
 */

/** The document of the page, as far as it is read. */
export interface BlockDocument {
  readonly readyState: string;
  getElementById(
    id: string,
  ):
    | { readonly textContent: string | null; readonly nextSibling: unknown }
    | null;
}

/**
 * The text of a block; undefined where the page has none of that name, or while the browser has not
 * read its end: an element is there as soon as it begins, and grows.
 */
export function readBlock(
  page: BlockDocument,
  id: string,
): string | undefined {
  const block = page.getElementById(id);
  const isRead = page.readyState !== "loading" || block?.nextSibling != null;
  return isRead ? block?.textContent ?? undefined : undefined;
}
