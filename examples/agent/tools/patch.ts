/**
 * The tool `apply_patch`: adds, changes and deletes files by a text of the model.
 *
 * @module
 */

import { customTool, type Tool } from "./tools.ts";

const DESCRIPTION = `Change files. The input is:
*** Begin Patch
*** Add File: PATH        (each line with a leading "+")
*** Delete File: PATH
*** Update File: PATH     (hunks that begin with "@@"; lines with a leading " ", "-" or "+")
*** End Patch`;

/** One file of a patch. */
interface Change {
  readonly kind: "Add" | "Delete" | "Update";
  readonly path: string;
  readonly lines: string[];
}

/** Patches files below the working folder. */
export const patchTool: Tool = customTool(
  "apply_patch",
  DESCRIPTION,
  async (agent, { callId, input }) => {
    const { trace, turn, session: { cwd } } = agent;
    const changes = parsePatch(input);
    const about = {
      call_id: callId,
      turn_id: turn,
      changes: Object.fromEntries(changes.map((each) => [
        `${cwd}/${each.path}`,
        { [each.kind.toLowerCase()]: { content: each.lines.join("\n") } },
      ])),
    };
    trace.recordToolCallEvent(turn, {
      type: "patch_apply_begin",
      ...about,
      auto_approved: true,
    });
    let stderr = "";
    try {
      for (const change of changes) await applyChange(cwd, change);
    } catch (error) {
      stderr = error instanceof Error ? error.message : String(error);
    }
    const success = stderr === "";
    const stdout = success
      ? changes.map(({ kind, path }) => `${kind} ${path}`).join("\n")
      : "";
    trace.recordToolCallEvent(turn, {
      type: "patch_apply_end",
      ...about,
      stdout,
      stderr,
      success,
      status: success ? "completed" : "failed",
    });
    return { value: success ? stdout : stderr, isFailure: !success };
  },
);

/** Returns the changes of a patch. */
export function parsePatch(text: string): Change[] {
  const lines = text.trim().split("\n");
  if (lines.shift() !== "*** Begin Patch" || lines.pop() !== "*** End Patch") {
    throw new Error("a patch is between *** Begin Patch and *** End Patch");
  }
  const changes: Change[] = [];
  for (const line of lines) {
    const [, kind, path = ""] =
      /^\*\*\* (Add|Delete|Update) File: (.+)$/.exec(line) ?? [];
    if (kind === "Add" || kind === "Delete" || kind === "Update") {
      if (path.startsWith("/") || path.split("/").includes("..")) {
        throw new Error(`"${path}" is not below the working folder`);
      }
      changes.push({ kind, path, lines: [] });
    } else if (changes.length === 0) {
      throw new Error(`unexpected line "${line}"`);
    } else changes.at(-1)?.lines.push(line);
  }
  return changes;
}

async function applyChange(
  cwd: string,
  { kind, path, lines }: Change,
): Promise<void> {
  const file = `${cwd}/${path}`;
  if (kind === "Delete") return await Deno.remove(file);
  if (kind === "Add") {
    const content = lines.map((line) => `${line.replace(/^\+/, "")}\n`).join(
      "",
    );
    return await Deno.writeTextFile(file, content, { createNew: true });
  }
  let content = await Deno.readTextFile(file);
  for (const hunk of lines.join("\n").split(/^@@.*\n/m).slice(1)) {
    const parts = hunk.replace(/\n$/, "").split("\n");
    const side = (not: string) =>
      parts.filter((line) => !line.startsWith(not))
        .map((line) => `${line.slice(1)}\n`).join("");
    if (!content.includes(side("+"))) {
      throw new Error(`no such lines in ${path}`);
    }
    content = content.replace(side("+"), () => side("-"));
  }
  await Deno.writeTextFile(file, content);
}
