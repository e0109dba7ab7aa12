/** Putting prompts together without their brackets reaching into each other. */

import type { Branch, ParsedPrompt, PromptPiece, PromptWarning } from "./prompt.ts";

const SEPARATOR = ", ";

/** `first, second`, or the one that is not blank. */
export function joinText(first: string, second: string): string {
  if (first.trim() === "") return second;
  return second.trim() === "" ? first : `${first}${SEPARATOR}${second}`;
}

/** The same of prompts that have been read: positions then count in the joined source. */
export function joinParsed(first: ParsedPrompt, second: ParsedPrompt): ParsedPrompt {
  if (first.source.trim() === "") return second;
  if (second.source.trim() === "") return first;
  const at = first.source.length, offset = at + SEPARATOR.length, branches = first.branches.length;
  const shift = (branch: number | null) => branch === null ? null : branch + branches;
  const separator: PromptPiece = { kind: "TEXT", text: SEPARATOR, weight: 1, start: at, end: offset, branch: null };
  return {
    source: joinText(first.source, second.source),
    pieces: [
      ...first.pieces,
      ...(hasWords(first) && hasWords(second) ? [separator] : []),
      ...second.pieces.map((piece): PromptPiece =>
        piece.kind === "BREAK" ? { ...piece, branch: shift(piece.branch) } : {
          ...piece,
          start: piece.start + offset,
          end: piece.end + offset,
          branch: shift(piece.branch),
        }
      ),
    ],
    loras: [
      ...first.loras,
      ...second.loras.map((lora) => ({ ...lora, start: lora.start + offset, end: lora.end + offset })),
    ],
    branches: [...first.branches, ...second.branches.map((branch) => movedBranch(branch, shift, offset))],
    warnings: [
      ...first.warnings,
      ...second.warnings.map((warning): PromptWarning => ({ ...warning, position: warning.position + offset })),
    ],
  };
}

/** A prompt may ask for LoRAs and say nothing. */
function hasWords({ loras, pieces }: ParsedPrompt): boolean {
  return loras.length === 0 || pieces.some((piece) => piece.kind === "BREAK" || piece.text.trim() !== "");
}

function movedBranch(
  { condition, parent }: Branch,
  shift: (branch: number | null) => number | null,
  offset: number,
): Branch {
  if (condition.kind === "TURN") return { condition, parent: shift(parent) };
  return { condition: { ...condition, position: condition.position + offset }, parent: shift(parent) };
}
