/** The draft as GraphQL, as programs and as files. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { key } from "../api/key.ts";
import { generateInput, layoutInput } from "../draft/draft.ts";
import { draft } from "../draft/store.ts";
import { report } from "../dry_run/dry_run.ts";
import { job } from "../paint/job.ts";
import { download } from "../shell/download.ts";
import { asCurl, asGraphql, asPython, asTypescript, asVariables, type Errand } from "./programs.ts";

const FORMS: readonly (readonly [label: string, write: (errand: Errand) => string])[] = [
  ["GraphQL", asGraphql],
  ["GraphQL variables", asVariables],
  ["curl", asCurl],
  ["TypeScript", asTypescript],
  ["Python", asPython],
];

export function TakeAway(): JSX.Element {
  return (
    <section aria-label="Take away" class="panel-body">
      <Code />
      <Files />
    </section>
  );
}

function Code(): JSX.Element {
  const form = useSignal("GraphQL");
  const told = useSignal("");
  const area = useRef<HTMLTextAreaElement>(null);
  const write = FORMS.find(([label]) => label === form.value)?.[1] ?? asGraphql;
  const errand = { server: location.origin, keyed: key.value !== null, input: generateInput(draft.value) };
  const copy = async () => {
    told.value = await copied(area.current) ? "Copied" : "Press Ctrl+C to copy what is selected";
  };
  return (
    <>
      <label class="field">
        <span>As a program that paints it</span>
        <select
          value={form.value}
          onChange={({ currentTarget: { value } }) => {
            form.value = value;
            told.value = "";
          }}
        >
          {FORMS.map(([label]) => <option key={label} value={label}>{label}</option>)}
        </select>
      </label>
      <textarea
        ref={area}
        class="code"
        aria-label={form.value}
        readOnly
        rows={14}
        spellcheck={false}
        value={write(errand)}
      />
      <div class="paint-row">
        <button type="button" onClick={() => void copy()}>Copy</button>
        <span role="status" class="quiet">{told.value}</span>
      </div>
    </>
  );
}

/** Whether it went to the clipboard, which browsers offer on safe connections only. */
async function copied(area: HTMLTextAreaElement | null): Promise<boolean> {
  if (area === null) return false;
  area.select();
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

function Files(): JSX.Element {
  const picture = job.value?.image;
  const drawn = report.value?.svg;
  const layout = { $schema: `${location.origin}/layout.schema.json`, ...layoutInput(draft.value.layout) };
  const name = fileStem(draft.value.origin?.name);
  return (
    <>
      <h3>Files</h3>
      <div class="paint-row">
        {picture?.url && (
          <a class="button" href={picture.url} download={`${name}-${job.value?.seed}.${ending(picture.mimeType)}`}>
            Picture
          </a>
        )}
        <button
          type="button"
          onClick={() => download(`${name}.json`, "application/json", `${JSON.stringify(layout, null, 2)}\n`)}
        >
          Layout (JSON)
        </button>
        {drawn && (
          <button type="button" onClick={() => download(`${name}.svg`, "image/svg+xml", drawn)}>Layout (SVG)</button>
        )}
      </div>
      <p class="quiet">A picture's file carries how it was painted: drop it on this page to have everything back.</p>
    </>
  );
}

function fileStem(name = "parterre"): string {
  return name.replace(/[^\p{Letter}\p{Number}]+/gu, "-").replace(/^-|-$/g, "") || "parterre";
}

function ending(mimeType: string): string {
  return mimeType === "image/jpeg" ? "jpg" : mimeType.replace("image/", "");
}
