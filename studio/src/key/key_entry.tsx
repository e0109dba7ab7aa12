/** Asks for a key where the server wants one. */

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { key, keyRefused, useKey as takeKey } from "../api/key.ts";
import { tryKey } from "./try_key.ts";

export function KeyEntry(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [remember, setRemember] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [trying, setTrying] = useState(false);
  useSignalEffect(() => {
    if (keyRefused.value && dialog.current?.open === false) {
      setFault(key.peek() === null ? null : "The key of this page is not accepted any more.");
      dialog.current.showModal();
    } else if (!keyRefused.value) dialog.current?.close();
  });
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("key") ?? "").trim();
    if (typed === "") return setFault("Enter a key.");
    setTrying(true);
    const refused = await tryKey(typed);
    setTrying(false);
    setFault(refused);
    if (refused === null) takeKey(typed, remember);
    else document.getElementById("key")?.focus();
  };
  return (
    <dialog ref={dialog} aria-labelledby="key-title" class="key">
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="key-title">This server asks for a key</h2>
        <p>Whoever runs it gives you one. It is sent to this server alone.</p>
        <label for="key">Key</label>
        <input
          id="key"
          name="key"
          type="password"
          autocomplete="off"
          spellcheck={false}
          autofocus
          aria-describedby="key-fault"
          aria-invalid={fault !== null}
        />
        <p id="key-fault" class="problem" role="alert">{fault}</p>
        <label class="inline">
          <input
            type="checkbox"
            checked={remember}
            onChange={({ currentTarget }) => setRemember(currentTarget.checked)}
          />
          <span>Remember it on this device; otherwise in this tab alone</span>
        </label>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>Not now</button>
          <button type="submit" class="primary" aria-disabled={trying}>{trying ? "Trying…" : "Use this key"}</button>
        </div>
      </form>
    </dialog>
  );
}

/** Whether there is a key, and the way to another. Nothing on servers that ask for none. */
export function KeyState(): JSX.Element | null {
  if (keyRefused.value) {
    const ask = () => document.querySelector<HTMLDialogElement>("dialog.key")?.showModal();
    return <button type="button" onClick={ask}>Enter a key</button>;
  }
  if (key.value === null) return null;
  return (
    <span class="key-state">
      <span>Key set</span>
      <button type="button" class="plain" onClick={() => takeKey(null)}>Forget</button>
    </span>
  );
}
