/** The Dockerfile, as far as can be seen without building it; `deno task container:test` builds it. */

import { strict as assert } from "node:assert";
import { list, read, toolTest } from "./tools.ts";

const root = new URL("../../", import.meta.url);
const dockerfile = read("Dockerfile");
const { version, tasks } = JSON.parse(read("deno.json"));

/** What the build sees of the folder it is made from. */
const sent = read(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));

/** The flags that allow something, by name; the value is empty where everything is allowed. */
function permissions(words: readonly string[]): Record<string, string> {
  const flags = words.filter((word) => word.startsWith("--allow-"));
  return Object.fromEntries(flags.map((flag) => flag.split("=", 2)).map(([name = "", value = ""]) => [name, value]));
}

function imageCommand(): string[] {
  const [, command] = /^CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  return JSON.parse(command ?? "[]");
}

Deno.test("the image's server may do what `deno task start` allows, and less of the file system", () => {
  const { "--allow-read": read, "--allow-write": write, ...others } = permissions(imageCommand());
  const { "--allow-read": _read, "--allow-write": _write, ...wanted } = permissions(tasks.start.command.split(" "));
  assert.deepEqual(others, wanted);
  assert.equal(read, "/app,/data,/run/secrets");
  assert.equal(write, "/data");
});

Deno.test("the image's server starts without a network and without questions", () => {
  for (const flag of ["--cached-only", "--frozen", "--no-prompt"]) assert(imageCommand().includes(flag), flag);
});

Deno.test("every module of the server, its workers and its commands is sent to the build", () => {
  const entries = ["main.ts", "deploy/healthcheck.ts", "deploy/warm.ts", ...list("cli"), ...workers("")];
  const missing = new Set<string>();
  for (const entry of entries) {
    for (const path of localModules(entry)) {
      if (!sent.some((place) => path === place || path.startsWith(`${place}/`))) missing.add(path);
    }
  }
  assert(entries.length > 5);
  assert.deepEqual([...missing], []);
});

Deno.test("what is sent to the build is there", () => {
  for (const path of sent) assert(Deno.statSync(new URL(path, root)), path);
});

Deno.test("versions and licence stand the same everywhere", () => {
  const bases = dockerfile.matchAll(/denoland\/deno:(\S+?)["\s]/g).toArray().map(([, version]) => version);
  assert.deepEqual(bases, [Deno.version.deno, Deno.version.deno, Deno.version.deno]);
  assert.match(dockerfile, new RegExp(`^ARG VERSION=${version}$`, "m"));
  assert.match(dockerfile, /licenses="Apache-2.0"/);
});

toolTest("the Dockerfile passes hadolint", "hadolint", (run) => run("Dockerfile"));

/** The scripts of workers below a folder. */
function workers(folder: string): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    const path = folder + name;
    if (isDirectory && sent.includes(path.split("/")[0] ?? "")) found.push(...workers(`${path}/`));
    if (path.endsWith("_worker.ts")) found.push(path);
  }
  return found;
}

/** The repository's files that a module loads, from the repository's folder on. */
function localModules(entry: string): string[] {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: root }).outputSync();
  const { modules }: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  return modules.map(({ specifier }) => specifier).filter((specifier) => specifier.startsWith(root.href))
    .map((specifier) => specifier.slice(root.href.length));
}
