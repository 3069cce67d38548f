/**
 * Where the time of turns went: to models, to tools, to neither.
 *
 * @module
 */

import type { Model } from "../model/model.ts";
import { durationOf, shareOf } from "../ui/figures.ts";

/** A bar of three parts, each with its share in words. */
export function TimeSpent({ model }: { model: Model }) {
  const { time } = model.data.show;
  const { turns_ms: whole } = time;
  const parts = [
    ["model", "asking models", time.model_ms],
    ["tool", "tools, no model asked", time.tool_ms],
    ["idle", "neither", time.idle_ms],
  ] as const;
  return (
    <section class="panel">
      <h2>Where the time went</h2>
      {whole === 0
        ? <p class="faint">No turn took any time.</p>
        : (
          <div class="bar" aria-hidden="true">
            {parts.map(([name, , ms]) =>
              ms === 0 ? null : (
                <span
                  key={name}
                  class={`bar-part time-${name}`}
                  style={{ width: `${100 * ms / whole}%` }}
                />
              )
            )}
          </div>
        )}
      <table class="table">
        <tbody>
          {parts.map(([name, words, ms]) => (
            <tr key={name}>
              <th scope="row">
                <span class={`swatch time-${name}`} />
                {words}
              </th>
              <td class="num">{durationOf(ms)}</td>
              <td class="num faint">{shareOf(ms, whole)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">all turns</th>
            <td class="num">{durationOf(whole)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}
