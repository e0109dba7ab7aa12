/** Folders are rooms in an order, and imports lead downwards: what is below is read without what is above. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** The rooms, the lowest first. Below them all are the files beside `main.ts`, such as `errors.ts`. */
const ROOMS = [
  "host", // files, threads and hashes, as the machine has them
  "workers", // threads, and turns
  "wasm", // kernels
  "access", // keys and callers
  "image", // files of pictures
  "layout", // which prompt goes where
  "compute", // models, samplers, the pipeline
  "assets", // stored files
  "requests", // from an input to a request
  "jobs", // the queue's interface and the worker loop
  "store", // what jobs and assets need, in SQLite and on a disk
  "fleet", // many processes as one: dispatch, live events and rings over Redis
  "observe", // metrics, logs, traces
  "schema", // GraphQL
  "server", // HTTP
  "main.ts",
  "cli",
  "deploy",
  "tools/cluster",
  "tools/bench",
  "tools/chaos",
  "tools/fidelity",
  "tools/parity",
  "tools/examples",
  "tools/gallery",
  "tools/studio",
] as const;

const ROOT = new URL("../", import.meta.url);

/** Folders at any depth that hold no modules of this program. */
const SKIPPED = ["clients", "data", "fixtures", "models", "node_modules", "out", "studio", "training"];

/** All modules of the program and of its tests, by their paths from the root. */
function* modules(folder = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    if (name.startsWith(".") || SKIPPED.includes(name)) continue;
    if (isDirectory) yield* modules(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly { readonly code?: Target; readonly type?: Target }[];
  }[];
}

interface Target {
  readonly specifier?: string;
  readonly error?: string;
}

/** What each module imports, types included, as Deno reads it. */
async function readImports(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const all = await Deno.makeTempFile({ prefix: "parterre-modules-", suffix: ".ts" });
  try {
    const lines = [...modules()].map((path) => `import ${JSON.stringify(new URL(path, ROOT).href)};\n`);
    await Deno.writeTextFile(all, lines.join(""));
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", all],
      cwd: fileURLToPath(ROOT),
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const graph: ModuleGraph = JSON.parse(new TextDecoder().decode(stdout));
    const inside = (specifier = "") => specifier.startsWith(ROOT.href) ? [specifier.slice(ROOT.href.length)] : [];
    return new Map(graph.modules.flatMap(({ specifier, error, dependencies = [] }) => {
      assert.equal(error, undefined, specifier);
      const targets = dependencies.flatMap(({ code, type }) => [code, type]);
      const imports = new Set(targets.flatMap((target) => inside(target?.specifier)));
      return inside(specifier).map((path) => [path, imports] as const);
    }));
  } finally {
    await Deno.remove(all);
  }
}

/** The circles that a walk along the imports meets, each as the way around it. */
function circles(imports: ReadonlyMap<string, Iterable<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (done.has(path)) return;
    done.add(path);
    way.push(path);
    for (const next of imports.get(path) ?? []) visit(next);
    way.pop();
  };
  for (const path of imports.keys()) visit(path);
  return found;
}

/** How high a module stands; undefined if it belongs to no room. */
function heightOf(path: string): number | undefined {
  const height = ROOMS.findIndex((room) => path === room || path.startsWith(`${room}/`));
  return height >= 0 || !path.includes("/") ? height : undefined;
}

const imports = await readImports();

Deno.test("no modules import each other in a circle", () => {
  assert.deepEqual(circles(new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", ["b"]], ["d", []]])), ["b -> c -> b"]);
  assert.ok((imports.get("jobs/queue.ts")?.size ?? 0) > 1, "imports of types are read");
  assert.deepEqual(circles(imports), []);
});

Deno.test("imports lead into lower rooms", () => {
  const upward: string[] = [];
  for (const [path, targets] of imports) {
    if (path.startsWith("tests/")) continue;
    const height = heightOf(path);
    assert.ok(height !== undefined, `${path} is in no room: tests/rooms_test.ts lists them`);
    for (const target of targets) {
      if ((heightOf(target) ?? Infinity) > height) upward.push(`${path} -> ${target}`);
    }
  }
  assert.deepEqual(upward, []);
});

Deno.test("what the studio's Worker computes with asks a machine for nothing but by #host/", async () => {
  const within = [...modules()].filter((path) => /^(compute|requests)\//.test(path));
  assert.ok(within.length > 100);
  for (const path of within) {
    const code = (await Deno.readTextFile(new URL(path, ROOT))).replaceAll(/\/\*\*[^]*?\*\//g, "");
    assert.doesNotMatch(code, /\bDeno\.|\bprocess\.|from "node:(?!path")/, path);
  }
});
