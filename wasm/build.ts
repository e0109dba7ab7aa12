/** `deno task wasm`: compiles `wasm/assembly` into `wasm/module.ts`. The same sources always give the same bytes. */

import asc from "assemblyscript/asc";

const SOURCES = new URL("assembly/", import.meta.url);

const FLAGS = ["--enable", "simd", "--runtime", "stub", "-O3", "--noAssert", "--initialMemory", "1"];

/** Characters of a line of the written file. */
const LINE = 116;

/**
 * The module's bytes.
 * @throws {Error} with the compiler's messages, if the sources do not compile.
 */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  const messages: string[] = [];
  const note = { write: (chunk: string | Uint8Array) => void messages.push(String(chunk)) };
  const { error } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...FLAGS], {
    stdout: note,
    stderr: note,
    readFile: (name) => read(name),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") bytes = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null || bytes === undefined) throw new Error(`Cannot compile the kernels: ${messages.join("")}`);
  return bytes;
}

/** The text of `module.ts`. */
export function moduleText(bytes: Uint8Array<ArrayBuffer>): string {
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
  const bytes = await compileKernels();
  Deno.writeTextFileSync(new URL("module.ts", import.meta.url), moduleText(bytes));
  console.log(`wasm/module.ts: ${bytes.length} bytes`);
}
