/**
 * The agents: the tree of threads with what each did, and what passed between them in order.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import type { ViewProps } from "../view.ts";
import { threadTree } from "../timeline/thread_tree.ts";
import { AgentTree } from "./agent_tree.tsx";
import { messagesOf } from "./messages.ts";
import { MessageList } from "./message_list.tsx";

/** The tree of agents and what passed between them. */
export function AgentsView(props: ViewProps) {
  const { model, filters } = props;
  const tree = useMemo(() => threadTree(model.rows.threads), [model]);
  const messages = useMemo(() => messagesOf(model), [model]);
  const shown = messages.filter(({ row, from, to }) =>
    (filters.thread === null || from === filters.thread ||
      to === filters.thread) &&
    (!filters.failed || row.ended === null)
  );
  return (
    <section class="agents" aria-label="Agents">
      <div class="agents-scroll">
        <AgentTree {...props} tree={tree} />
        <MessageList
          {...props}
          tree={tree}
          messages={shown}
          all={messages.length}
        />
      </div>
    </section>
  );
}
