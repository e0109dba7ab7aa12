/** A list that grows at its front, read again from its front. */

interface Named {
  readonly id: string;
}

/**
 * The latest page, and behind it what was known before and is older; the page alone if it does not reach what was known.
 */
export function merged<Item extends Named>(page: readonly Item[], known: readonly Item[]): readonly Item[] {
  const last = page.at(-1);
  const at = last === undefined ? -1 : known.findIndex(({ id }) => id === last.id);
  return at === -1 ? page : [...page, ...known.slice(at + 1)];
}
