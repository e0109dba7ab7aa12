/** The top: what this is, the draft's name, undo, whether the server is there, and the theme. */

import type { JSX } from "preact";
import { reachable } from "../api/connection.ts";
import { exampleDraft } from "../draft/example.ts";
import { draftIsKept, forgetUnreadableDraft, unreadableDraft } from "../draft/kept_draft.ts";
import { quickModel } from "../settings/server.ts";
import { canRedo, canUndo, draft, edit, redo, selection, undo } from "../draft/store.ts";
import { KeyState } from "../key/key_entry.tsx";
import { download } from "./download.ts";
import { ThemeSwitch } from "./theme.tsx";

export function Header(): JSX.Element {
  return (
    <header class="top">
      <h1>Parterre</h1>
      <DraftName />
      <div class="top-tools" role="group" aria-label="Draft">
        <button type="button" disabled={!canUndo.value} onClick={undo} aria-keyshortcuts="Control+Z">Undo</button>
        <button type="button" disabled={!canRedo.value} onClick={redo} aria-keyshortcuts="Control+Shift+Z">Redo</button>
        <button type="button" onClick={openExample}>Example</button>
      </div>
      <p role="status" class="connection">{reachable.value ? "" : "Offline, trying again"}</p>
      <p role="status" class="connection">{draftIsKept.value ? "" : "Not kept in this browser: gone with a reload"}</p>
      {unreadableDraft.value !== null && <UnreadableDraft text={unreadableDraft.value} />}
      <KeyState />
      <nav aria-label="Elsewhere">
        <a href="/graphql" target="_blank" rel="noopener">API</a>
      </nav>
      <ThemeSwitch />
    </header>
  );
}

function DraftName(): JSX.Element {
  const { origin } = draft.value;
  return <p class="draft-name">{origin === null ? "Not saved" : `${origin.name}, version ${origin.version}`}</p>;
}

/** The draft of another version of the page: the present one has taken its place. */
function UnreadableDraft({ text }: { text: string }): JSX.Element {
  const take = () => {
    download("parterre-draft.json", "application/json", text);
    forgetUnreadableDraft();
  };
  return <button type="button" onClick={take}>Download the earlier draft, which cannot be read</button>;
}

/** Undo brings back what was there before. */
function openExample(): void {
  selection.value = [];
  edit(() => exampleDraft(quickModel()));
}
