/** Emphasis in the syntax that InvokeAI reads, that of the library Compel. */

/** A word or a closing bracket with `+` or `-` behind it, or a bracket with a number. */
const EMPHASIS = /[\p{L}\p{N})"][+-]+(?=[\s,.)"]|$)|\)\d*\.?\d+/u;

/** Whether a prompt has any. */
export function hasEmphasis(prompt: string): boolean {
  return EMPHASIS.test(prompt);
}
