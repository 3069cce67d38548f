/**
 * Completion for PowerShell, from version 5.1 on, with descriptions.
 *
 * @module
 */

import { type Flag, type FlagValue, requiredValue } from "../../args/flag.ts";
import type { Command } from "../../command.ts";

/** The script, to be run by a profile. */
export function powershellScript(commands: readonly Command[]): string {
  return `# PowerShell completion for rollout-trace

Register-ArgumentCompleter -Native -CommandName rollout-trace -ScriptBlock {
  param($word, $line, $cursor)

  # Words and flags with what they mean, in order. A flag with a value has its choices, or none
  # where PowerShell completes a path.
  $commands = [ordered]@{
${commands.map(commandEntry).join("\n")}
  }
  $common = [ordered]@{
    '--help' = 'Show help'
    '--version' = 'Show the version'
    '--licenses' = 'Show the licenses'
  }

  # Words before the one that is completed.
  $before = @($line.CommandElements |
    Where-Object { $_.Extent.EndOffset -lt $cursor } |
    ForEach-Object { $_.Extent.Text })
  $start = ''
  $found = [ordered]@{}
  if ($before.Count -le 1) {
    foreach ($name in $commands.Keys) { $found[$name] = $commands[$name].text }
    foreach ($name in $common.Keys) { $found[$name] = $common[$name] }
  } elseif ($commands.Contains($before[1])) {
    $command = $commands[$before[1]]
    $last = $before[-1]
    $part = $word
    if ($word -match '^(--[^=]+)=(.*)$') {
      $last = $Matches[1]
      $part = $Matches[2]
      $start = "$last="
    }
    if ($command.aliases.Contains($last)) { $last = $command.aliases[$last] }
    if ($command.takes.Contains($last)) {
      $value = $command.takes[$last]
      # Of several with commas between, the last is completed.
      if ($value.several -and $part -match '^(.*,)') { $start += $Matches[1] }
      foreach ($each in $value.words) { $found[$each] = $each }
    } elseif ($word.StartsWith('-')) {
      foreach ($name in $command.flags.Keys) { $found[$name] = $command.flags[$name] }
    } else {
      foreach ($each in $command.words) { $found[$each] = $each }
    }
  }

  foreach ($name in $found.Keys) {
    $text = "$start$name"
    if ($text.StartsWith($word)) {
      [System.Management.Automation.CompletionResult]::new(
        $text, $name, 'ParameterValue', $found[$name])
    }
  }
}`;
}

function commandEntry(
  { name, summary, flags, operands: [operand] }: Command,
): string {
  return `    ${quoted(name)} = @{
      text = ${quoted(summary)}
      words = ${list(operand?.choices ?? [])}
      flags = ${
    table(flags.map((flag) => [`--${flag.name}`, quoted(flag.description)]))
  }
      aliases = ${
    table(flags.flatMap(({ name, alias }) =>
      alias === undefined ? [] : [[`-${alias}`, quoted(`--${name}`)]]
    ))
  }
      takes = ${table(flags.flatMap(valueRow))}
    }`;
}

function valueRow(flag: Flag): [string, string][] {
  const value = requiredValue(flag);
  if (value === undefined) return [];
  const several = value.type === "choices" ? "$true" : "$false";
  return [[
    `--${flag.name}`,
    `@{ several = ${several}; words = ${list(wordsOf(value))} }`,
  ]];
}

function wordsOf(value: FlagValue): readonly string[] {
  switch (value.type) {
    case "choice":
    case "choices":
      return value.choices;
    case "text":
    case "path":
    case "size":
    case "integer":
      return [];
  }
}

/** Names in order; PowerShell takes names that differ in case alone for the same. */
function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([key = "", value = ""]) =>
    `        ${quoted(key)} = ${value}\n`
  );
  return lines.length === 0 ? "@{}" : `[ordered]@{\n${lines.join("")}      }`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
