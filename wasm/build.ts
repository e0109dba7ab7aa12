/**
 * `deno task wasm`: makes `wasm/assembly/records.ts` of `wasm/record_fields.ts` and compiles `wasm/assembly` into
 * `wasm/module.ts`. The same sources always give the same bytes; with `--check` nothing is written, and the
 * exit code is 1 if the two files are not what they give.
 */

import { parseArgs } from "node:util";
import { recordClasses } from "./record_classes.ts";

/**
 * Not in the import map: Deno would have everybody download the compiler's 100 MB. It names its own dependencies by
 * exact versions, so that this pins them all.
 */
const COMPILER = "npm:assemblyscript@0.28.20/asc";

/** What is used of the compiler's programming interface. */
interface Compiler {
  main(argv: readonly string[], api: {
    readonly stdout: Note;
    readonly stderr: Note;
    readonly readFile: (name: string) => string | null;
    readonly writeFile: (name: string, contents: string | Uint8Array) => void;
    readonly listFiles: () => readonly string[];
  }): Promise<{ readonly error: Error | null }>;
}

interface Note {
  readonly write: (chunk: string | Uint8Array) => void;
}

const MODULE = new URL("module.ts", import.meta.url);
const RECORDS = "records.ts";
const SOURCES = new URL("assembly/", import.meta.url);

const FLAGS = ["--enable", "simd", "--runtime", "stub", "-O3", "--noAssert", "--initialMemory", "1"];

/** Characters of a line of the written file. */
const LINE = 116;

/**
 * The module's bytes.
 * @param records The text of `records.ts`.
 * @throws {Error} with the compiler's messages, if the sources do not compile.
 */
async function compileKernels(records: string): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc }: { readonly default: Compiler } = await import(COMPILER);
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const messages: string[] = [];
  const note = { write: (chunk: string | Uint8Array) => void messages.push(String(chunk)) };
  const { error } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...FLAGS], {
    stdout: note,
    stderr: note,
    readFile: (name) => name === RECORDS ? records : read(name),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") bytes = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined) throw new Error(`Cannot compile the kernels: ${messages.join("")}`);
  return bytes;
}

/** The text of `module.ts`. */
function moduleText(bytes: Uint8Array<ArrayBuffer>): string {
  const lines = bytes.toBase64().match(new RegExp(`.{1,${LINE - 2}}`, "g")) ?? [];
  return [
    "/** The kernels of `wasm/assembly`, compiled by `deno task wasm`; not to be edited. Embedded, so that no file is read. */",
    "",
    "/** A WebAssembly module with SIMD, in base64 with line breaks. */",
    "export const MODULE = `",
    ...lines,
    "`;",
    "",
  ].join("\n");
}

function read(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, SOURCES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const { values: { check } } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const records = recordClasses();
  const bytes = await compileKernels(records);
  const text = moduleText(bytes);
  if (!check) {
    Deno.writeTextFileSync(new URL(RECORDS, SOURCES), records);
    Deno.writeTextFileSync(MODULE, text);
    console.log(`wasm/module.ts: ${bytes.length} bytes`);
  } else if (read(RECORDS) !== records || Deno.readTextFileSync(MODULE) !== text) {
    console.error("wasm/module.ts or wasm/assembly/records.ts is out of date: run `deno task wasm`");
    Deno.exit(1);
  }
}
