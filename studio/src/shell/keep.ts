/** Texts that the browser keeps. Where it keeps none, because storage is off or full, the page goes on without. */

/** Where a text is kept: across visits, or for as long as the tab is open. */
export type Place = "localStorage" | "sessionStorage";

/** What was kept; null for nothing. */
export function kept(name: string, place: Place = "localStorage"): string | null {
  try {
    return globalThis[place].getItem(name);
  } catch {
    return null; // off: the property itself throws
  }
}

/** Keeps a text; null removes it. @returns Whether the browser did so: it may be full, or keep nothing. */
export function keep(name: string, text: string | null, place: Place = "localStorage"): boolean {
  try {
    if (text === null) globalThis[place].removeItem(name);
    else globalThis[place].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
