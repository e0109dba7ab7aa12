/** Saved layouts, their versions and what changed between them. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { SavedFieldsFragment } from "../api/generated.ts";
import { draft } from "../draft/store.ts";
import { ChangeList } from "./change_list.tsx";
import { Conflict } from "./conflict.tsx";
import {
  done,
  duplicate,
  failure,
  layouts,
  more,
  movedTo,
  open,
  readLayouts,
  readOrigin,
  remove,
  save,
  saveNew,
  unsaved,
  wanted,
} from "./saved.ts";
import { Versions } from "./versions.tsx";

export function Layouts(): JSX.Element {
  const from = draft.value.origin;
  useEffect(() => void readLayouts(), []);
  useEffect(() => {
    void readOrigin();
    const look = () => document.visibilityState === "visible" && void readOrigin();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [from?.id, from?.version]);
  return (
    <section aria-label="Saved layouts" class="panel-body">
      <SaveForm key={from?.id} />
      {movedTo.value !== null && <Conflict current={movedTo.value} />}
      <p role="status" class="quiet">{done.value}</p>
      <p role="alert" class="lost">{failure.value}</p>
      <h3>Saved</h3>
      <label class="field">
        <span>Look for a name</span>
        <input
          type="search"
          value={wanted.value}
          onInput={({ currentTarget: { value } }) => {
            wanted.value = value;
            void readLayouts();
          }}
        />
      </label>
      {layouts.value.length === 0
        ? <p class="quiet">{wanted.value === "" ? "None yet." : "None of that name."}</p>
        : <ul class="saved">{layouts.value.map((layout) => <Saved key={layout.id} layout={layout} />)}</ul>}
      {more.value && <button type="button" onClick={() => void readLayouts(true)}>More</button>}
    </section>
  );
}

function SaveForm(): JSX.Element {
  const from = draft.value.origin;
  const name = useSignal(from?.name ?? "");
  const changes = unsaved.value;
  const nameless = name.value.trim() === "";
  return (
    <form
      class="form"
      aria-label="Save this layout"
      onSubmit={(event) => {
        event.preventDefault();
        if (!nameless) void save(name.value);
      }}
    >
      <h3>This layout</h3>
      {from && <p class="quiet">{from.name}, version {from.version}</p>}
      <label class="field">
        <span>Name</span>
        <input
          type="text"
          value={name.value}
          maxLength={200}
          onInput={({ currentTarget }) => name.value = currentTarget.value}
        />
      </label>
      <div class="paint-row">
        <button type="submit" aria-disabled={nameless}>{from ? `Save as version ${from.version + 1}` : "Save"}</button>
        {from && (
          <button type="button" aria-disabled={nameless} onClick={() => !nameless && void saveNew(name.value)}>
            Save as a new one
          </button>
        )}
      </div>
      {from && changes && (changes.length === 0 ? <p class="quiet">As saved.</p> : (
        <details>
          <summary>
            {changes.length === 1 ? "One change" : `${changes.length} changes`} since version {from.version}
          </summary>
          <ChangeList changes={changes} />
        </details>
      ))}
    </form>
  );
}

function Saved({ layout }: { layout: SavedFieldsFragment }): JSX.Element {
  const wide = useSignal(false);
  const sure = useSignal(false);
  const { id, name, version, updatedAt } = layout;
  return (
    <li>
      <p>
        <strong>{name}</strong> <span class="quiet">version {version}, {new Date(updatedAt).toLocaleDateString()}</span>
      </p>
      <div class="paint-row">
        <button type="button" aria-label={`Open ${name}`} onClick={() => void open(id, version)}>Open</button>
        <button
          type="button"
          aria-label={`Versions of ${name}`}
          aria-expanded={wide.value}
          onClick={() => wide.value = !wide.value}
        >
          Versions
        </button>
        <button type="button" aria-label={`Duplicate ${name}`} onClick={() => void duplicate(id)}>Duplicate</button>
        {sure.value
          ? (
            <button
              type="button"
              class="danger"
              aria-label={`Delete ${name} for good`}
              onClick={() => void remove(layout)}
            >
              Delete for good
            </button>
          )
          : <button type="button" aria-label={`Delete ${name}`} onClick={() => sure.value = true}>Delete</button>}
      </div>
      {wide.value && <Versions layout={layout} />}
    </li>
  );
}
