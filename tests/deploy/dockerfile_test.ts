/** The Dockerfile, as far as can be seen without building it; `deno task container:test` builds it. */

import { strict as assert } from "node:assert";
import { netAddresses, readPaths, writePaths } from "../../server/permissions.ts";
import { list, read, toolTest } from "./tools.ts";

const root = new URL("../../", import.meta.url);
const dockerfile = read("Dockerfile");
const { version, tasks }: { version: string; tasks: { start: { command: string } } } = JSON.parse(read("deno.json"));

/** What the build sees of the folder it is made from. */
const sent = read(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));

/** Where the image has what a clone has in its folder. */
const PROGRAM = "/app/";

/** The command that the image's entry point comes to, seen by a `deno` that prints its arguments. */
function imageCommand(environment: Record<string, string>): string[] {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-entrypoint-" });
  try {
    Deno.writeTextFileSync(`${folder}/deno`, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const { stdout } = new Deno.Command("sh", {
      args: ["deploy/entrypoint.sh", "serve"],
      cwd: root,
      env: { ...environment, PATH: `${folder}:/usr/bin:/bin` },
    }).outputSync();
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The flags of `deno task start` under an environment, in the image's folder; the engine is inside of that there. */
function taskFlags(environment: Record<string, string>): string[] {
  const read = readPaths(environment).filter((path) => !path.includes("/onnxruntime-web/"))
    .map((path) => path === root.pathname ? PROGRAM.slice(0, -1) : path);
  const values: Record<string, string> = {
    net: netAddresses(environment).join(","),
    read: read.join(","),
    write: writePaths(environment).join(","),
  };
  const command = tasks.start.command.replaceAll(
    /"\$\(deno run --no-prompt --allow-env server\/permissions\.ts (\w+)\)"/g,
    (_, name: string) => values[name] ?? "",
  );
  return command.split(" ").filter((word) => word.startsWith("--"));
}

for (
  const [name, environment] of Object.entries({
    "as it is": {},
    "with an IPv6 address and another port": { PARTERRE_HOST: "::", PARTERRE_PORT: "9000" },
    "with a key in a file": { PARTERRE_ADMIN_KEY_FILE: "/run/secrets/key" },
    "with a database, a Redis and a bucket": {
      PARTERRE_DATABASE: "postgres://parterre:p%40ss@records/parterre?sslmode=require",
      PARTERRE_REDIS: "redis://[fd00::1]:6380/0",
      PARTERRE_ASSETS: "s3://pictures/parterre",
      AWS_ENDPOINT_URL: "http://objects:9000/",
    },
    "with a database and a bucket of AWS": {
      PARTERRE_DATABASE: "postgresql://parterre@[fd00::2]/parterre",
      PARTERRE_ASSETS: "s3://pictures",
      AWS_REGION: "eu-central-1",
    },
    "with other models": { PARTERRE_MODELS: "/models", PARTERRE_LORAS: "/loras", PARTERRE_DATA: "/somewhere" },
  })
) {
  Deno.test(`the image's server has the flags of \`deno task start\`, ${name}`, () => {
    const settings = { PARTERRE_HOST: "0.0.0.0", PARTERRE_PORT: "8000", PARTERRE_DATA: "/data", ...environment };
    const flags = imageCommand(settings).filter((word) => word.startsWith("--"));
    const beside = ["--cached-only", "--frozen"]; // no network is needed
    assert.deepEqual(flags.filter((flag) => !beside.includes(flag)).toSorted(), taskFlags(settings).toSorted());
    for (const flag of beside) assert(flags.includes(flag), flag);
  });
}

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
