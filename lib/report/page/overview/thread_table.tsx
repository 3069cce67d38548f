/**
 * The threads, each below the one that spawned it, with what happened in each.
 *
 * @module
 */

import { countOf } from "../ui/figures.ts";
import { ObjectLink } from "../ui/object_link.tsx";
import { Status } from "../ui/status.tsx";
import { Text } from "../ui/text.tsx";
import type { ViewProps } from "../view.ts";

/** A table of threads. */
export function ThreadTable({ model, onSelect }: ViewProps) {
  return (
    <section class="panel">
      <h2>Threads</h2>
      <div class="table-scroll">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">thread</th>
              <th scope="col">model</th>
              <th scope="col">status</th>
              <th scope="col" class="num">turns</th>
              <th scope="col" class="num">requests</th>
              <th scope="col" class="num">tools</th>
              <th scope="col" class="num">tokens in</th>
              <th scope="col" class="num">out</th>
            </tr>
          </thead>
          <tbody>
            {model.data.show.threads.map((row) => (
              <tr key={row.thread.id}>
                <td
                  style={{
                    paddingInlineStart: `${Math.min(row.depth, 8) * 16}px`,
                  }}
                >
                  <ObjectLink
                    model={model}
                    pointer={["thread", row.thread.id]}
                    onSelect={onSelect}
                  />
                </td>
                <td>
                  {row.model === null
                    ? <span class="faint">unknown</span>
                    : <Text value={row.model} />}
                </td>
                <td>
                  <Status status={row.status} />
                </td>
                <td class="num">{countOf(row.turns)}</td>
                <td class="num">{countOf(row.calls)}</td>
                <td class="num">{countOf(row.tools)}</td>
                <td class="num">{countOf(row.tokens.input_tokens)}</td>
                <td class="num">{countOf(row.tokens.output_tokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
