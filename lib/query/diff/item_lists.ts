/**
 * The items of two sessions as lists that can be compared: by their contents, without the ids and
 * times that are new in each session.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import { ItemContents } from "../evidence/recorded/item_contents.ts";
import type { TraceSession } from "../session/session.ts";
import type { ItemList } from "./conversation_diff.ts";
import type { SessionDiffOptions } from "./diff_answer.ts";
import { normalizedNames, NormalizedTexts } from "./normalize_volatile.ts";

/** Makes a list of items of one session. */
export type ListItems = (ids: readonly ConversationItemId[]) => ItemList;

/** Returns what makes lists of the items of each of two sessions. */
export function itemLists(
  a: TraceSession,
  b: TraceSession,
  options: SessionDiffOptions,
): readonly [ListItems, ListItems] {
  const foreign = new Set([...foreignCalls(a), ...foreignCalls(b)]);
  return [listsOf(a, options, foreign), listsOf(b, options, foreign)];
}

function listsOf(
  session: TraceSession,
  { exact = false }: SessionDiffOptions,
  foreign: ReadonlySet<string>,
): ListItems {
  const contents = new ItemContents(session);
  const keysOf = (ids: readonly string[], normalized?: NormalizedTexts) =>
    ids.map((id) => {
      const item = contents.item(id);
      return item === undefined
        ? ""
        : contents.key(item, normalized, !foreign.has(item.call_id ?? ""));
    });
  const replacements = new Set(
    [...session.trace.compactions.values()].flatMap((
      { replacement_item_ids: ids },
    ) => [...ids]),
  );
  const names = normalizedNames(session.trace);
  const normalizedOf = (ids: readonly string[]) => {
    const normalized = new NormalizedTexts(names);
    return {
      keys: keysOf(ids, normalized),
      exactKeys: keysOf(ids),
      normalized,
    };
  };
  return (ids) => ({
    ids,
    ...exact ? { keys: keysOf(ids) } : normalizedOf(ids),
    // Call ids are given anew in each session; what a compaction made replaces no single item.
    slot: (item: ConversationItem) =>
      JSON.stringify([
        item.kind,
        item.role,
        item.channel,
        contents.tool(item),
        replacements.has(item.item_id),
      ]),
    contents,
  });
}

/** Call ids of items whose tool a session does not know: another session ran them. */
function foreignCalls(session: TraceSession): string[] {
  const contents = new ItemContents(session);
  return [...session.trace.conversation_items.values()].flatMap((item) =>
    item.call_id !== null && contents.tool(item) === null ? [item.call_id] : []
  );
}
