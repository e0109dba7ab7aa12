/** What a prompt reads at each step of a generation. */

import type { Branch, ParsedPrompt, PromptParts, PromptWarning, SwitchPoint, WeightedSpan } from "./prompt.ts";

/** Steps [first, end) at which a prompt reads the same. */
export interface PromptWindow {
  readonly first: number;
  readonly end: number;
  readonly parts: PromptParts;
}

/**
 * The prompt at one step. Neighbouring text of equal weight is one span, so that text without syntax is exactly one; an
 * embedding is a span of its own. A
 * part in front of a `BREAK` may be empty and takes a chunk all the same; an empty one at the end does not.
 * @param step From 0.
 * @param steps How many there are, at least 1.
 */
export function promptAt(parsed: ParsedPrompt, step: number, steps: number): PromptParts {
  return partsOf(parsed, liveBranches(parsed, step, steps).live);
}

/** The windows in which a prompt reads the same, in order, without gaps: a single one if nothing is scheduled. */
export function promptSchedule(parsed: ParsedPrompt, steps: number): readonly PromptWindow[] {
  const windows: { first: number; end: number; readonly parts: PromptParts; readonly key: string }[] = [];
  const known = new Map<string, { readonly parts: PromptParts; readonly key: string }>();
  for (let step = 0; step < (parsed.branches.length === 0 ? 1 : steps); step++) {
    const { live, key } = liveBranches(parsed, step, steps);
    let reading = known.get(key);
    if (reading === undefined) {
      const parts = partsOf(parsed, live);
      reading = { parts, key: partsKey(parts) };
      known.set(key, reading);
    }
    const last = windows.at(-1);
    if (last?.key === reading.key) continue;
    if (last !== undefined) last.end = step;
    windows.push({ first: step, end: steps, ...reading });
  }
  return windows.map(({ first, end, parts }) => ({ first, end, parts }));
}

/** Equal for prompts that read the same, wherever their words stand in the source. */
export function partsKey(
  parts: readonly (readonly Pick<WeightedSpan, "text" | "weight" | "embedding">[])[],
): string {
  const key = ({ text, weight, embedding }: Pick<WeightedSpan, "text" | "weight" | "embedding">) =>
    embedding === undefined ? [text, weight] : [text, weight, embedding];
  return JSON.stringify(parts.map((part) => part.map(key)));
}

/** The schedules whose switch comes before the first step or after the last one of `steps`. */
export function switchWarnings({ branches }: ParsedPrompt, steps: number): readonly PromptWarning[] {
  return branches.flatMap(({ condition }): PromptWarning[] => {
    if (condition.kind !== "FROM") return [];
    const at = switchStep(condition.when, steps);
    if (at > 0 && at < steps) return [];
    const which = at <= 0 ? "What stands in front of the switch" : "What stands behind the switch";
    const message = `${which} is never read: it falls on step ${at} of ${steps}`;
    return [{ code: "NEVER_SWITCHES", message, position: condition.position }];
  });
}

/** Which branches count at a step: 1 where one does, and the same as a text of 16 branches a character. */
function liveBranches(
  { branches }: ParsedPrompt,
  step: number,
  steps: number,
): { readonly live: Uint8Array; readonly key: string } {
  // A long prompt has thousands of branches, and this is done for every step.
  const live = new Uint8Array(branches.length);
  let key = "", bits = 0;
  for (let i = 0; i < live.length; i++) {
    const branch = branches[i];
    if (branch === undefined) break;
    const { condition, parent } = branch;
    if ((parent === null || live[parent] === 1) && holds(condition, step, steps)) {
      live[i] = 1;
      bits |= 1 << i % 16;
    }
    if (i % 16 === 15) {
      key += String.fromCharCode(bits);
      bits = 0;
    }
  }
  return { live, key: key + String.fromCharCode(bits) };
}

function partsOf({ pieces }: ParsedPrompt, live: Uint8Array): PromptParts {
  const parts: WeightedSpan[][] = [[]];
  for (const piece of pieces) {
    if (piece.branch !== null && live[piece.branch] !== 1) continue;
    const part = parts.at(-1) ?? [];
    const last = part.at(-1);
    if (piece.kind === "BREAK") parts.push([]);
    else if (last?.weight === piece.weight && last.embedding === undefined && piece.embedding === undefined) {
      part[part.length - 1] = { ...last, text: last.text + piece.text, end: piece.end };
    } else {
      const { kind: _, branch: __, ...span } = piece;
      part.push(span);
    }
  }
  while (parts.length > 1 && parts.at(-1)?.every(({ text }) => text.trim() === "")) parts.pop();
  return parts;
}

function holds(condition: Branch["condition"], step: number, steps: number): boolean {
  switch (condition.kind) {
    case "BEFORE":
      return step < switchStep(condition.when, steps);
    case "FROM":
      return step >= switchStep(condition.when, steps);
    case "TURN":
      return step % condition.of === condition.turn;
  }
}

/** Fractions are cut off, not rounded, as the field's tools do. */
function switchStep(when: SwitchPoint, steps: number): number {
  return when.unit === "STEP" ? when.step : Math.trunc(when.fraction * steps);
}
