/**
 * The text that AUTOMATIC1111's stable-diffusion-webui writes into pictures, in its parts. What it looks like was read from
 * `modules/infotext_utils.py` there; nothing of it is copied.
 */

/** A setting `name: value` and where its name stands in the text. */
export interface InfotextField {
  readonly name: string;
  /** Quotes around it are taken off. */
  readonly value: string;
  readonly offset: number;
}

/** The text's parts, each trimmed. */
export interface Infotext {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** In their order; a name may come again. */
  readonly fields: readonly InfotextField[];
}

const NEGATIVE = "Negative prompt:";

/** Fewer settings in the last line, and none of them the steps, and it is the prompt's. */
const FEWEST_FIELDS = 3;

/** Whether a text has a line of settings, by which people's other texts are told from it. */
export function isInfotext(text: string): boolean {
  return /(?:^|\n)\s*Steps: ?\d/.test(text);
}

/** Prompt, `Negative prompt:` at the beginning of a line, and a last line of settings; each of the three may be absent. */
export function splitInfotext(text: string): Infotext {
  const end = text.trimEnd().length;
  const lastLine = text.lastIndexOf("\n", end - 1) + 1;
  const fields = readFields(text, lastLine, end);
  const isSettings = fields.length >= FEWEST_FIELDS || fields[0]?.name === "Steps";
  const prompts = text.slice(0, isSettings ? lastLine : end);
  const negative = prompts.startsWith(NEGATIVE) ? 0 : prompts.indexOf(`\n${NEGATIVE}`);
  return {
    prompt: (negative === -1 ? prompts : prompts.slice(0, negative)).trim(),
    negativePrompt: negative === -1 ? "" : prompts.slice(negative).trimStart().slice(NEGATIVE.length).trim(),
    fields: isSettings ? fields : [],
  };
}

/** The settings between commas; a piece without a colon belongs to the value before it. Time grows with the length. */
function readFields(text: string, from: number, end: number): readonly InfotextField[] {
  const fields: InfotextField[] = [];
  let closed = true;
  for (let at = from; at < end;) {
    const found: number | undefined = closed ? endOfPiece(text, at, end) : undefined;
    closed = found !== undefined; // what does not close here closes nowhere behind it
    const pieceEnd = found ?? nextComma(text, at, end);
    const piece = text.slice(at, pieceEnd);
    const colon = piece.indexOf(":");
    const name = piece.slice(0, Math.max(0, colon)).trim();
    const last = fields.at(-1);
    if (name !== "" && !name.includes('"')) {
      const offset = at + piece.length - piece.trimStart().length;
      fields.push({ name, value: unquoted(piece.slice(colon + 1).trim()), offset });
    } else if (last !== undefined && piece.trim() !== "") {
      fields[fields.length - 1] = { ...last, value: `${last.value},${piece}` };
    } else if (piece.trim() !== "") {
      return []; // a line that does not begin with a setting is none of settings
    }
    at = pieceEnd + 1;
  }
  return fields;
}

const BRACKETS: ReadonlyMap<string, number> = new Map([["{", 1], ["[", 1], ["}", -1], ["]", -1]]);

/** The next comma that stands in no quotes and no brackets, or the end; undefined where those do not close. */
function endOfPiece(text: string, from: number, end: number): number | undefined {
  let depth = 0, quoted = false;
  for (let i = from; i < end; i++) {
    const c = text[i] ?? "";
    if (quoted && c === "\\") i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === "," && depth <= 0) return i;
    else if (!quoted) depth += BRACKETS.get(c) ?? 0;
  }
  return quoted || depth > 0 ? undefined : end;
}

function nextComma(text: string, from: number, end: number): number {
  const comma = text.indexOf(",", from);
  return comma === -1 || comma > end ? end : comma;
}

/** Values with commas, colons or line ends are written as JSON strings. */
function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === "string" ? text : value;
  } catch {
    return value;
  }
}
