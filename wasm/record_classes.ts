/** The text of `assembly/records.ts`: the tables of `record_fields.ts` in AssemblyScript. */

import { BLURS, BYTES, IMAGE, type RecordFields, REGION, SOURCES } from "./record_fields.ts";

/** The file, as `deno fmt` would have it. */
export function recordClasses(): string {
  const { EMPTY: _, ...drawn } = SOURCES;
  return [
    "// deno-lint-ignore-file",
    "// @ts-nocheck: AssemblyScript, whose types are WebAssembly's",
    "/** What the caller writes for the kernels. Made of `../record_fields.ts` by `deno task wasm`; not to be edited. */",
    "",
    ...Object.entries({ ...drawn, ...BLURS }).flatMap(([name, { value, about }]) => [
      `/** ${about} */`,
      `export const ${name}: i32 = ${value};`,
    ]),
    "",
    ...Object.entries(BYTES).map(([name, bytes]) => `export const ${name}: usize = ${bytes};`),
    "",
    ...classText("Region", "What the caller writes about each region, and the kernels' own notes on it.", REGION),
    "",
    ...classText("Image", "An image and its cells.", IMAGE),
    "",
  ].join("\n");
}

function classText(name: string, about: string, fields: RecordFields): readonly string[] {
  return [
    `/** ${about} */`,
    "@unmanaged",
    `export class ${name} {`,
    ...Object.entries(fields).flatMap(([field, { type, about }]) => [
      ...(about === undefined ? [] : [`  /** ${about} */`]),
      `  ${field}: ${type};`,
    ]),
    "}",
  ];
}
