/** Files that a command reads; `-` is standard input. */

import { usage } from "./failure.ts";

/** No layout or workflow that means anything is larger. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * The text of a file.
 * @throws {CommandFailure} USAGE if it cannot be read, or is no text.
 */
export async function readText(path: string): Promise<string> {
  const content = await readTextOrBytes(path);
  if (typeof content === "string") return content;
  throw usage(`Cannot read ${shown(path)}: it is not UTF-8 text`);
}

/**
 * The text of a file, or its bytes if it holds no UTF-8 text.
 * @throws {CommandFailure} USAGE if it cannot be read.
 */
export async function readTextOrBytes(path: string): Promise<string | Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = path === "-" ? await readStdin() : await Deno.readFile(path);
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/ \(os error \d+\).*$/s, "") : String(error);
    throw usage(`Cannot read ${shown(path)}: ${said}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

/**
 * The JSON object in a file, without its `$schema`, by which editors find what describes it.
 * @throws {CommandFailure} USAGE if it cannot be read, or holds anything else.
 */
export async function readObject(path: string): Promise<Record<string, unknown>> {
  const text = await readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usage(`Cannot read ${shown(path)}: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw usage(`Cannot read ${shown(path)}: it holds no JSON object`);
  }
  const { $schema: _, ...object } = value as Record<string, unknown>;
  return object;
}

async function readStdin(): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of Deno.stdin.readable) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) throw new RangeError(`it has more than ${MAX_BYTES} bytes`);
  }
  return await new Blob(chunks as BlobPart[]).bytes();
}

function shown(path: string): string {
  return path === "-" ? "standard input" : path;
}
