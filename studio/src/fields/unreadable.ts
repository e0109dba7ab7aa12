/** Fields that show what their draft does not hold, because it cannot be read: nothing is painted until they are put right. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** A field on the page and what is wrong in it. */
export interface Unreadable {
  /** For instance `Width must be a number, is "wide"`. */
  readonly message: string;
  readonly control: HTMLElement;
}

/** All of them, the one that was broken first in front. */
export const unreadable = signal<readonly Unreadable[]>([]);

/**
 * Tells of a field for as long as it is on the page and something is wrong in it.
 * @param message What is wrong, with the field's name; undefined for nothing.
 * @returns The reference that the field's control takes.
 */
export function useUnreadable<Control extends HTMLElement>(
  message: string | undefined,
): { readonly current: Control | null } {
  const control = useRef<Control>(null);
  useEffect(() => {
    if (message === undefined || control.current === null) return;
    const told = { message, control: control.current };
    unreadable.value = [...unreadable.peek(), told];
    return () => unreadable.value = unreadable.peek().filter((other) => other !== told);
  }, [message]);
  return control;
}

/** Puts the focus into a field, wherever it is folded away. */
export function goTo(control: HTMLElement): void {
  for (let fold = control.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
  }
  control.focus();
  control.scrollIntoView({ block: "center" });
}
