/** Reading files and texts into the editor. */

import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import {
  type AdaptedFragment,
  type GenerateInput,
  ImportLayoutDocument,
  type ImportLayoutInput,
  ParsePromptDocument,
  type ParsePromptInput,
  type RefusalFragment,
} from "../api/generated.ts";
import { misfit } from "../draft/fits_input.ts";
import { edit } from "../draft/store.ts";
import { type Refusal, refusalOf, refusalOfFailure } from "../paint/refusal.ts";
import { isObject, kindOfBytes, kindOfText, type TextKind } from "./kinds.ts";
import { ownInput, restoredDraft } from "./restored_draft.ts";

/** What was read last: the warnings, or why it could not be read. */
export interface Outcome {
  /** What it was read from: a file's name, or "the text". */
  readonly from: string;
  readonly source: string | null;
  readonly warnings: AdaptedFragment["warnings"];
  readonly refusal: Refusal | null;
}

export const outcome = signal<Outcome | null>(null);
export const reading = signal(false);

const SOURCES: Readonly<Record<AdaptedFragment["source"], string>> = {
  A1111: "a web UI",
  COMFYUI: "ComfyUI",
  INVOKEAI: "InvokeAI",
  KRITA_AI: "Krita AI Diffusion",
  OMOST: "Omost",
  PARTERRE: "Parterre",
  REGIONAL_PROMPTER: "Regional Prompter",
};

type Read = { readonly input: GenerateInput; readonly source: string; readonly warnings: AdaptedFragment["warnings"] };

/** Bytes that a file may have: what is dropped by mistake, as a film, would fill the page's memory first. */
const MAX_BYTES = { picture: 64 * 2 ** 20, archive: 512 * 2 ** 20, text: 8 * 2 ** 20, state: 16 * 2 ** 20 };

/** Reads a file into the editor: a picture, a document, a workflow or another text. */
export async function restoreFile(file: File): Promise<void> {
  await restore(file.name, async () => {
    const kind = kindOfBytes(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    checkSize(file, MAX_BYTES[kind ?? "text"]);
    if (kind === "picture") return await importLayout({ picture: { file } });
    if (kind === "archive") return await importLayout({ kritaAi: { json: await kritaState(file) } });
    return await readText(await file.text());
  });
}

/** Reads a text into the editor. @param kind What it is; by default, what it looks like. */
export async function restoreText(text: string, kind?: TextKind): Promise<void> {
  await restore("the text", () => readText(text, kind));
}

/** Reads a prompt of Regional Prompter into the editor, by its settings. */
export async function restorePrompt(input: ParsePromptInput): Promise<void> {
  await restore("the text", () => parsePrompt(input));
}

/** What a picture's file says of how it was painted. @throws {RefusedError} */
export async function readPicture(file: Blob): Promise<Read> {
  return await importLayout({ picture: { file } });
}

/** The server's refusal, on its way to whoever shows it. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

async function restore(from: string, read: () => Promise<Read>): Promise<void> {
  reading.value = true;
  try {
    const { input, source, warnings } = await read();
    edit(({ settings }) => restoredDraft(input, settings));
    outcome.value = { from, source, warnings, refusal: null };
  } catch (error) {
    const refusal = error instanceof RefusedError ? error.refusal : plain(String(error));
    outcome.value = { from, source: null, warnings: [], refusal };
  } finally {
    reading.value = false;
  }
}

async function readText(text: string, kind = kindOfText(text)): Promise<Read> {
  switch (kind) {
    case "comfyui":
      return await importLayout({ comfyWorkflow: { json: text } });
    case "invokeai":
      return await importLayout({ invokeai: { json: text } });
    case "krita":
      return await importLayout({ kritaAi: { json: text } });
    case "omost":
      return await importLayout({ omost: { text } });
    case "parameters":
      return await importLayout({ parameters: { text } });
    case "parterre":
      return { input: ownText(text), source: "Parterre", warnings: [] };
    case "regional-prompter":
      return await parsePrompt({ prompt: text });
    case undefined:
      throw new RefusedError(plain("This JSON is none of Parterre, ComfyUI, InvokeAI, Krita AI Diffusion or Omost."));
  }
}

function ownText(text: string): GenerateInput {
  let input: GenerateInput | undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) input = ownInput(value);
  } catch {
    // told below
  }
  if (input === undefined) throw new RefusedError(plain("This is no layout as JSON."));
  const wrong = misfit(input, "GenerateInput");
  if (wrong !== null) throw new RefusedError(plain(`${wrong}.`));
  return input;
}

async function importLayout(input: ImportLayoutInput): Promise<Read> {
  const { data, error } = await client.query(ImportLayoutDocument, { input }).toPromise();
  return readOf(data?.importLayout, error);
}

async function parsePrompt(input: ParsePromptInput): Promise<Read> {
  const { data, error } = await client.query(ParsePromptDocument, { input }).toPromise();
  return readOf(data?.parsePrompt, error);
}

function readOf(
  answer: ({ readonly __typename: "AdaptedLayout" } & AdaptedFragment) | RefusalFragment | undefined,
  error: Parameters<typeof refusalOfFailure>[0] | undefined,
): Read {
  if (answer?.__typename === "AdaptedLayout") {
    const { generateInput, source, warnings } = answer;
    return { input: generateInput as GenerateInput, source: SOURCES[source], warnings };
  }
  if (answer !== undefined) throw new RefusedError(refusalOf(answer));
  throw new RefusedError(refusalOfFailure(error ?? { message: "No answer", graphQLErrors: [] }, 0));
}

/** The texts of a Krita document's plug-in: the document is a ZIP archive, and this is a file in it. */
async function kritaState(file: File): Promise<string> {
  const { strFromU8, unzipSync } = await import("fflate");
  const isState = ({ name, originalSize }: { name: string; originalSize: number }) =>
    /(^|\/)ui\.json$/.test(name) && originalSize <= MAX_BYTES.state;
  const [state] = Object.values(unzipSync(new Uint8Array(await file.arrayBuffer()), { filter: isState }));
  if (state === undefined) {
    throw new RefusedError(plain("This archive holds no state of Krita AI Diffusion (ui.json)."));
  }
  return strFromU8(state);
}

/** @throws {RefusedError} */
function checkSize({ size }: Blob, most: number): void {
  if (size <= most) return;
  const inMiB = (bytes: number) => Math.ceil(bytes / 2 ** 20);
  throw new RefusedError(plain(`It has ${inMiB(size)} MiB, and may have ${inMiB(most)}.`));
}

function plain(message: string): Refusal {
  return { message, problems: [], retryAfterSeconds: null, unreachable: false };
}
