/** Files dropped or pasted anywhere on the page are read into the editor. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { panel } from "../shell/panels.ts";
import { restoreFile } from "./restore.ts";

export function Drop(): JSX.Element {
  const over = useSignal(false);
  useEffect(() => {
    const events = new AbortController();
    const { signal } = events;
    const ofFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener("dragover", (event) => {
      if (!ofFiles(event)) return;
      event.preventDefault();
      over.value = true;
    }, { signal });
    addEventListener("dragleave", (event) => event.relatedTarget === null && (over.value = false), { signal });
    addEventListener("drop", (event) => {
      over.value = false;
      if (!ofFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      open(event.dataTransfer?.files[0]);
    }, { signal });
    addEventListener("paste", (event) => open(event.clipboardData?.files[0]), { signal });
    return () => events.abort();
  }, []);
  return <div class="drop" hidden={!over.value}>Drop it to open it</div>;
}

function open(file: File | undefined): void {
  if (file === undefined) return;
  panel.value = "open";
  void restoreFile(file);
}
