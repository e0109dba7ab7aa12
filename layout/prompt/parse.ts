/** Reading a prompt: weights, schedules, alternation and `BREAK`. */

import type { PromptSyntax } from "../layout.ts";
import { type Group, readBrackets } from "./brackets.ts";
import { foreignSyntax } from "./foreign_syntax.ts";
import type { Branch, ParsedPrompt, PromptLora, PromptPiece } from "./prompt.ts";
import { embeddingName, loraOf, type Token, tokenizeSyntax } from "./tokens.ts";

/**
 * Reads a prompt. Total: any text has a meaning, and what may not be the intended one comes with a warning.
 *
 * PLAIN: every character is text. WEIGHTED, the grammar of AUTOMATIC1111's stable-diffusion-webui (wiki, "Features"):
 *
 * | Written | Meaning |
 * |---|---|
 * | `(x)`, `[x]` | x with its weight times 1.1, divided by 1.1 |
 * | `(x:1.3)` | x with its weight times 1.3 |
 * | `[a:b:0.4]` | a before the switch, b from it on; either may be empty |
 * | `[b:0.4]` | nothing before the switch, b from it on |
 * | `[a\|b\|c]` | a, b and c in turn, one a step |
 * | `BREAK` | a new chunk; upper case, a whole word |
 * | `embedding:calm` | the vectors of the model's embedding of that name |
 * | `<lora:style:0.8>` | no words: the LoRA of that name with that weight, whatever brackets are around it |
 * | `\(` `\)` `\[` `\]` `\\` `\:` `\|` | the character itself |
 *
 * All of these nest. A switch is a fraction of the steps if it is below 1 or has a point, else a number of steps. Unlike
 * there, a bracket without a partner is text, and `BREAK` also works inside of brackets. What other tools would read as more
 * than words is text, with a warning: see `foreignSyntax`. Weights are not limited here: see `weightProblem`.
 */
export function parsePrompt(source: string, syntax: PromptSyntax): ParsedPrompt {
  if (syntax === "PLAIN") {
    const whole: PromptPiece = { kind: "TEXT", text: source, weight: 1, start: 0, end: source.length, branch: null };
    return { source, pieces: source === "" ? [] : [whole], branches: [], loras: [], warnings: [] };
  }
  const tokens = tokenizeSyntax(source);
  const { groups, warnings } = readBrackets(tokens);
  const loras = tokens.filter(({ kind }) => kind === "LORA").map((token): PromptLora => {
    return { ...loraOf(token), start: token.start, end: token.end };
  });
  const loaded = new Set(loras.map(({ start }) => start));
  const foreign = foreignSyntax(source).filter(({ position }) => !loaded.has(position));
  const all = foreign.length === 0 ? warnings : [...warnings, ...foreign].sort((a, b) => a.position - b.position);
  return { source, ...walk(tokens, groups), loras, warnings: all };
}

/** A pair of brackets that the walk is inside of. */
interface Frame {
  readonly group: Group;
  /** What held outside of the brackets. */
  readonly weight: number;
  readonly branch: number | null;
  /** The segment to enter next, and the token at which the current one ends. */
  next: number;
  end: number;
}

/** Tokens to pieces, with a stack of its own: prompts nest deeper than calls may. */
function walk(tokens: readonly Token[], groups: ReadonlyMap<number, Group>): Pick<ParsedPrompt, "pieces" | "branches"> {
  const pieces: PromptPiece[] = [];
  const branches: Branch[] = [];
  const frames: Frame[] = [];
  let weight = 1;
  let branch: number | null = null;
  let i = 0;
  for (;;) {
    const frame = frames.at(-1);
    if (frame !== undefined && i === frame.end) {
      const segment = frame.group.segments[frame.next++];
      branch = frame.branch;
      if (segment === undefined) {
        frames.pop();
        weight = frame.weight;
        i = frame.group.close + 1;
      } else {
        if (segment.condition !== null) {
          branch = branches.push({ condition: segment.condition, parent: frame.branch }) - 1;
        }
        frame.end = segment.end;
        i = segment.first;
      }
      continue;
    }
    const token = tokens[i];
    if (token === undefined) return { pieces, branches };
    const group = groups.get(i);
    if (group !== undefined) {
      frames.push({ group, weight, branch, next: 0, end: i });
      weight *= group.factor;
      continue;
    }
    const { kind, text, start, end } = token;
    if (kind === "LORA") { /* no words */ }
    else if (kind === "BREAK") pieces.push({ kind, branch });
    else if (kind === "EMBEDDING") {
      pieces.push({ kind: "TEXT", text, embedding: embeddingName(token), weight, start, end, branch });
    } else pieces.push({ kind: "TEXT", text, weight, start, end, branch });
    i++;
  }
}
