/**
 * The tools of the agents, by name.
 *
 * @module
 */

import type { Agent, ToolCall } from "../agent.ts";

/** What a tool returns. */
export interface ToolOutput {
  /** A text, or JSON. */
  readonly value: unknown;
  /** Whether the tool did what it could, and that failed. */
  readonly isFailure?: boolean;
}

/** A tool. */
export interface Tool {
  /** As the API defines tools. */
  readonly definition: {
    readonly type: "function" | "custom";
    readonly name: string;
    readonly description: string | undefined;
    readonly parameters?: object | undefined;
  };
  /** Runs it. What it throws is the output for the model. */
  run(agent: Agent, call: ToolCall): Promise<ToolOutput>;
}

/** A set of tools. */
export class Tools {
  readonly #byName: ReadonlyMap<string, Tool>;

  constructor(tools: readonly Tool[]) {
    this.#byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  }

  /** For a request. */
  get definitions(): object[] {
    return Array.from(this.#byName.values(), ({ definition }) => definition);
  }

  /**
   * Runs the tool that a call names.
   *
   * @throws {Error} If there is none, or it fails.
   */
  run(agent: Agent, call: ToolCall): Promise<ToolOutput> {
    const tool = this.#byName.get(call.name);
    if (tool !== undefined) return tool.run(agent, call);
    throw new Error(`unknown tool "${call.name}"`);
  }
}

/** A tool that takes JSON: names of its arguments, and their JSON types. */
export function functionTool(
  name: string,
  description: string,
  args: Readonly<Record<string, "string" | "number">>,
  run: (
    agent: Agent,
    args: Readonly<Record<string, unknown>>,
    call: ToolCall,
  ) => Promise<ToolOutput>,
): Tool {
  const properties = Object.fromEntries(
    Object.entries(args).map(([key, type]) => [key, { type }]),
  );
  const parameters = { type: "object", properties };
  return {
    definition: { type: "function", name, description, parameters },
    run: (agent, call) => run(agent, JSON.parse(call.input), call),
  };
}

/** A tool that takes plain text. */
export function customTool(
  name: string,
  description: string,
  run: Tool["run"],
): Tool {
  return { definition: { type: "custom", name, description }, run };
}
