/** Reading a picture, a workflow or a text of another tool into the editor. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { undo } from "../draft/store.ts";
import type { TextKind } from "./kinds.ts";
import { PromptForm } from "./prompt_form.tsx";
import { outcome, reading, restoreFile, restoreText } from "./restore.ts";

const KINDS: readonly (readonly [kind: TextKind | "", label: string])[] = [
  ["", "What it looks like"],
  ["regional-prompter", "Regional Prompter's text"],
  ["parameters", "A web UI's parameters"],
  ["comfyui", "A workflow of ComfyUI"],
  ["invokeai", "InvokeAI's metadata"],
  ["omost", "A canvas of Omost"],
  ["krita", "A document of Krita AI Diffusion"],
  ["parterre", "A layout of Parterre"],
];

export function Restore(): JSX.Element {
  const text = useSignal("");
  const kind = useSignal<TextKind | "">("");
  return (
    <section aria-label="Open" class="panel-body">
      <label class="field">
        <span>A picture, workflow or document</span>
        <input
          type="file"
          accept="image/png,image/jpeg,image/webp,application/json,text/plain,.json,.txt,.kra"
          disabled={reading.value}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            currentTarget.value = "";
            if (file) void restoreFile(file);
          }}
        />
      </label>
      <p class="quiet">
        Of Parterre, ComfyUI, InvokeAI, web UIs like AUTOMATIC1111, Omost and Krita AI Diffusion. Files may be dropped
        anywhere on this page.
      </p>
      <label class="field">
        <span>Or a text</span>
        <textarea
          rows={6}
          value={text.value}
          placeholder="a sky ADDROW a fox ADDCOL an owl"
          onInput={({ currentTarget }) => text.value = currentTarget.value}
        />
      </label>
      <label class="field">
        <span>Read it as</span>
        <select
          value={kind.value}
          onChange={({ currentTarget: { value } }) => kind.value = KINDS.find(([name]) => name === value)?.[0] ?? ""}
        >
          {KINDS.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
      </label>
      {kind.value === "regional-prompter" ? <PromptForm prompt={text.value} /> : (
        <button
          type="button"
          aria-disabled={reading.value || text.value.trim() === ""}
          onClick={() => text.value.trim() !== "" && void restoreText(text.value, kind.value || undefined)}
        >
          Open the text
        </button>
      )}
      <Told />
    </section>
  );
}

/** What came of it. */
function Told(): JSX.Element {
  const told = outcome.value;
  return (
    <div role="status" class="told">
      {reading.value && <p>Reading</p>}
      {told?.refusal && (
        <div class="trouble">
          <p>Cannot read {told.from}: {told.refusal.message}</p>
          {told.refusal.problems.length > 1 &&
            <ul>{told.refusal.problems.map(({ message }) => <li key={message}>{message}</li>)}</ul>}
        </div>
      )}
      {told?.source && (
        <>
          <p>Opened {told.from}, as {told.source} has it.</p>
          <button type="button" onClick={takeBack}>Take it back</button>
          {told.warnings.length > 0 && (
            <>
              <h3>{told.warnings.length === 1 ? "One thing" : `${told.warnings.length} things`} to look at</h3>
              <ul class="warnings">
                {told.warnings.map(({ field, position, message }, i) => (
                  <li key={i}>
                    {message} <span class="quiet">({place(field, position)})</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </div>
  );
}

function takeBack(): void {
  undo();
  outcome.value = null;
}

function place(field: string, position: { readonly line: number; readonly column: number } | null): string {
  return position === null ? field : `${field}, line ${position.line}, column ${position.column}`;
}
