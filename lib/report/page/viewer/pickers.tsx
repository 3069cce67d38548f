/**
 * Buttons that select files or a folder, for those who do not drop.
 *
 * @module
 */

import { useRef } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import { filesOfInput } from "./dropped_files.ts";
import type { ViewerControl } from "./viewer_state.ts";

/** Both buttons. */
export function Pickers({ control }: { control: ViewerControl }) {
  return (
    <>
      <Picker control={control} label="Open a folder" isFolder />
      <Picker control={control} label="Open files" isFolder={false} />
    </>
  );
}

function Picker({ control, label, isFolder }: {
  control: ViewerControl;
  label: string;
  isFolder: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class="tool-button"
        onClick={() => input.current?.click()}
      >
        <Icon name={isFolder ? "open" : "item"} />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        {...isFolder ? { webkitdirectory: true } : {}}
        onChange={({ currentTarget }) => {
          const files = [...currentTarget.files ?? []];
          if (files.length > 0) {
            const found = filesOfInput(currentTarget);
            control.drop(() => found);
          }
          // The same file may be selected again.
          currentTarget.value = "";
        }}
      />
    </>
  );
}
