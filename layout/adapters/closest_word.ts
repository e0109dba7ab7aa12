/** The word that was probably meant: Ratcliff and Obershelp's similarity, as in Python's `difflib`. */

/** Less alike than this is another word. */
const CUTOFF = 0.5;

/**
 * The choice most like the word, at least half alike; of equals the last in the order of the alphabet. Undefined if none
 * is. The likeness of two texts is twice the characters in common blocks over all their characters: the longest common
 * block, then those to its left and its right.
 */
export function closestWord(word: string, choices: Iterable<string>): string | undefined {
  let best: { readonly choice: string; readonly likeness: number } | undefined;
  for (const choice of choices) {
    const characters = choice.length + word.length;
    // Even with all of the shorter one in common, the longer one would be too long.
    if (2 * Math.min(choice.length, word.length) < CUTOFF * characters) continue;
    const likeness = 2 * common(choice, word) / characters;
    if (likeness < CUTOFF) continue;
    if (best === undefined || likeness > best.likeness || (likeness === best.likeness && choice > best.choice)) {
      best = { choice, likeness };
    }
  }
  return best?.choice;
}

/** Characters in common blocks. */
function common(a: string, b: string): number {
  if (a === "" || b === "") return 0;
  let length = 0, atA = 0, atB = 0;
  let previous = new Uint32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    const lengths = new Uint32Array(b.length + 1);
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue;
      const block = (previous[j] ?? 0) + 1;
      lengths[j + 1] = block;
      if (block > length) [length, atA, atB] = [block, i - block + 1, j - block + 1];
    }
    previous = lengths;
  }
  if (length === 0) return 0;
  return length + common(a.slice(0, atA), b.slice(0, atB)) + common(a.slice(atA + length), b.slice(atB + length));
}
