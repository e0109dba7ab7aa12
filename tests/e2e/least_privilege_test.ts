/** What a server may touch, with the flags that its task gives it: its own folders and address, and nothing else. */

import { strict as assert } from "node:assert";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listenAddress, readPaths, writePaths } from "../../server/permissions.ts";
import { ROOT, spawnChild, startChild } from "./child_server.ts";
import { finish, generate, SMALL } from "./server.ts";

const TASKS: Record<string, { readonly command: string }> =
  JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json"))).tasks;
const START = TASKS.start?.command ?? "";
const TINY = fileURLToPath(new URL("../fixtures/models/tiny-sd15", import.meta.url));

/** Folders outside of the program's, one of them with a model that leads to the system's files. */
async function withFolders(body: (environment: Record<string, string>) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre own " });
  try {
    const models = join(folder, "some models");
    cpSync(TINY, join(models, "tiny"), { recursive: true });
    cpSync(TINY, join(models, "evil"), { recursive: true });
    Deno.removeSync(join(models, "evil", "tokenizer", "merges.txt"));
    Deno.symlinkSync("/etc/passwd", join(models, "evil", "tokenizer", "merges.txt"));
    Deno.symlinkSync("/etc", join(models, "system"));
    await body({ PARTERRE_DATA: join(folder, "data"), PARTERRE_MODELS: models, PARTERRE_PRELOAD: "tiny" });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("with the flags of its task a server paints, and what leads out of its folders is not read", () =>
  withFolders(async (environment) => {
    await using server = await startChild({ environment, args: ["task", "start"] });
    const { client, url } = server;
    const input = { ...SMALL, model: "tiny" };
    const { generate: { id, message } } = await generate(client, input);
    assert.ok(id, message);
    assert.equal((await finish(client, id)).status, "SUCCEEDED");
    assert.equal((await fetch(`${url}/ready`)).status, 200);

    const { generate: refused } = await generate(client, { ...input, model: "evil" });
    assert.equal(refused.__typename, "InvalidInputError");
    assert.match(refused.message, /the link must not lead out of the folder of models/);
    const { generate: unknown } = await generate(client, { ...input, model: "../models/tiny" });
    assert.equal(unknown.__typename, "InvalidInputError");
    const secret = Deno.readTextFileSync("/etc/passwd").slice(0, 20);
    for (const path of ["/images/../../../../etc/passwd", "/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/etc/passwd"]) {
      const response = await fetch(url + path);
      assert.equal(response.status, 404, path);
      assert.ok(!(await response.text()).includes(secret));
    }
    const mask = { mask: { asset: "../../../../etc/passwd" } };
    const layout = { regions: [{ prompt: "x", geometry: mask }] };
    const { generate: traversal } = await generate(client, { ...input, layout });
    assert.equal(traversal.__typename, "InvalidInputError");

    assert.equal((await fetch(`${url}/metrics`)).status, 200);
    assert.doesNotMatch(server.output().stderr, /NotCapable|Requires \w+ access/);

    server.process.kill("SIGTERM");
    assert.equal(await server.ended, 0, "the task hands signals on, and keeps the exit code");
  }));

Deno.test("with the flags of its task a program cannot read, write, reach or run anything else", () =>
  withFolders(async (environment) => {
    Deno.mkdirSync(environment.PARTERRE_DATA ?? "");
    const command = START.replace(/\bmain\.ts$/, "tests/e2e/probe.ts");
    assert.notEqual(command, START);
    await using child = spawnChild({ environment, args: ["task", "--eval", command] });
    assert.equal(await child.ended, 0, child.output().stderr);
    const outcomes: Record<string, string> = JSON.parse(child.output().stdout);
    const { "write its data": data, "read its models": models, ...others } = outcomes;
    assert.deepEqual({ data, models }, { data: "done", models: "done" });
    assert.ok(Object.keys(others).length > 10);
    for (const [name, outcome] of Object.entries(others)) assert.equal(outcome, "NotCapable", name);
  }));

Deno.test("a start that is refused is refused by its task too, with the same line and exit code", async () => {
  const environment = { PARTERRE_PORT: "http", PARTERRE_MODELS: "no,where", PARTERRE_HOST: "a b" };
  await using child = spawnChild({ environment, args: ["task", "start"] });
  assert.equal(await child.ended, 2);
  assert.match(
    child.output().stderr,
    /^Cannot start: PARTERRE_PORT must be a whole number from 0 to 65535, got "http"/m,
  );
});

/** The tasks that have permissions as a whole: docs/operating.md says why. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  "backup": ["--allow-read", "--allow-write"],
  "bench": ["--allow-all"],
  "bench:large": ["--allow-read"],
  "chaos": ["--allow-all"],
  "cli": ["--allow-net", "--allow-read", "--allow-write"],
  "cluster": ["--allow-all"],
  "cluster:figures": ["--allow-all"],
  "container:test": ["--allow-net", "--allow-read", "--allow-run", "--allow-write"],
  "demo": ["--allow-read", "--allow-write"],
  "parity": ["--allow-read"],
  "preview-map": ["--allow-read", "--allow-write"],
  "restore": ["--allow-read", "--allow-write"],
  "start:native": ["--allow-ffi"],
  "studio:pictures": ["--allow-all"],
  "test": ["--allow-read", "--allow-run", "--allow-write"],
  "test:unit": ["--allow-read", "--allow-run", "--allow-write"],
  "verify": ["--allow-read", "--allow-write"],
  "wasm": ["--allow-read"],
};

Deno.test("no task has a permission as a whole that it needs in part, but for those that say why", () => {
  const whole: Record<string, readonly string[]> = {};
  for (const [name, { command }] of Object.entries(TASKS)) {
    const flags = command.match(/--allow-[a-z]+(?=\s)/g) ?? [];
    const unusual = [...new Set(flags)].filter((flag) => flag !== "--allow-env").sort();
    if (unusual.length > 0) whole[name] = unusual;
  }
  assert.deepEqual(whole, WHOLE);
});

Deno.test("permissions follow the settings, and settings that make no sense give none", () => {
  assert.equal(listenAddress({}), "127.0.0.1:8000");
  assert.equal(listenAddress({ PARTERRE_HOST: "::", PARTERRE_PORT: "0" }), "[::]:0");
  assert.equal(listenAddress({ PARTERRE_HOST: "0.0.0.0", PARTERRE_PORT: "http" }), "0.0.0.0:8000");
  assert.equal(listenAddress({ PARTERRE_HOST: "a b", PARTERRE_PORT: "70000" }), "127.0.0.1:8000");
  assert.deepEqual(writePaths({}), ["data"]);
  assert.deepEqual(writePaths({ PARTERRE_DATA: "/a b" }), ["/a b"]);
  assert.deepEqual(writePaths({ PARTERRE_DATA: "/a,/" }), ["data"], "no comma opens a second folder");
  const paths = readPaths({
    PARTERRE_DATA: "/d",
    PARTERRE_MODELS: "/m",
    PARTERRE_LORAS: "/l",
    PARTERRE_ADMIN_KEY_FILE: "/k",
  });
  assert.deepEqual(paths.slice(2), ["/d", "/m", "/l", "/k"]);
  assert.equal(paths[0], ROOT);
});
