/** The command with a server of its own, over the data folder. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePng } from "../../image/png.ts";
import { readConfig } from "../../server/config.ts";
import { SMALL, startServer } from "../e2e/server.ts";
import { run, says, scratchFolder, start } from "./command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SHORT = ["--size", "64x64", "--steps", "2"];

Deno.test("what an own server keeps is there for the next command", async () => {
  using folder = scratchFolder();
  const cwd = folder.path;
  Deno.writeTextFileSync(join(cwd, "beds.json"), JSON.stringify(SMALL.layout));
  // Settings for others than this command do not concern its own server.
  const env = { PARTERRE_AUTH: "keys", PARTERRE_HOST: "0.0.0.0", PARTERRE_PORT: "1", PARTERRE_KEY: "of another" };
  const painted = await run(["generate", "--layout", "beds.json", ...SHORT, "--out", "picture.png", "--json"], {
    cwd,
    env,
  });
  assert.equal(painted.code, 0, painted.stderr);
  decodePng(Deno.readFileSync(join(cwd, "picture.png")));
  const { id } = JSON.parse(painted.stdout);
  const again = await run(["watch", id, "--out", "-"], { cwd });
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(again.bytes, Deno.readFileSync(join(cwd, "picture.png")));

  assert.equal((await run(["layouts", "save", "beds.json", "--name", "Beds"], { cwd })).code, 0);
  assert.match((await run(["layouts"], { cwd })).stdout, / Beds\n$/);
  assert.equal((await run(["layouts", "--data", "other"], { cwd })).stdout, "");
});

Deno.test("a data folder that a server uses is refused with a way out; what needs none of it works", async () => {
  await using server = await startServer();
  using folder = scratchFolder();
  const cwd = folder.path;
  const { code, stderr } = await run(["layouts", "--data", server.dataFolder], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /^error: PARTERRE_DATA is in use, got .+ --server http[^\n]+\n$/);
  const env = { PARTERRE_DATA: server.dataFolder };
  assert.match((await run(["models"], { cwd, env })).stdout, /^beds-256 /);
  const read = await run(["import", "-"], { cwd, env, stdin: "fox ADDCOL owl" });
  assert.equal(JSON.parse(read.stdout).regions.length, 2);
});

Deno.test("an own server tells how long painting takes once it has loaded the model", async () => {
  using folder = scratchFolder();
  const args = ["validate", "--prompt", "ocean", "--size", "64x64", "--json"];
  const { stdout } = await run(args, { cwd: folder.path });
  assert.equal(JSON.parse(stdout).etaSeconds, null);
  for (const model of [[], ["--model", "beds-256-lcm"]]) {
    const known = await run([...args, ...model, "--estimate"], { cwd: folder.path });
    assert.equal(known.code, 0, known.stderr);
    assert.ok(JSON.parse(known.stdout).etaSeconds > 0);
  }
});

Deno.test("SIGINT ends an own server too, and nothing goes on painting in the next one", async () => {
  using folder = scratchFolder();
  const cwd = folder.path;
  const args = ["generate", "--prompt", "ocean", "--size", "256x256", "--steps", "150", "--out", "never.png"];
  const child = start(args, { cwd });
  const said = await says(child, "1/150");
  child.kill("SIGINT");
  assert.equal((await child.status).code, 130);
  await child.stdout.cancel();
  const [id = ""] = said.match(/Generation:\S+/) ?? [];
  const { code, stderr } = await run(["watch", id], { cwd });
  assert.equal(code, 1);
  assert.match(stderr, /error: The generation ended CANCELED/);
  assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["data"]);
});

Deno.test("a setting that cannot be used is told in one line", async () => {
  using folder = scratchFolder();
  const { code, stderr } = await run(["models"], { cwd: folder.path, env: { PARTERRE_THREADS: "none" } });
  assert.equal(code, 2);
  assert.match(stderr, /^error: Cannot start: PARTERRE_THREADS must [^\n]+\n$/);
});

Deno.test("a server does not mind the variables of clients", () => {
  readConfig({ PARTERRE_URL: "http://127.0.0.1:8000", PARTERRE_KEY: "secret" });
});

Deno.test("keys are made, listed and revoked in the data folder", async () => {
  using folder = scratchFolder();
  const cwd = folder.path;
  const made = await run(["keys", "create", "--name", "app", "--scopes", "read", "--json"], { cwd });
  assert.equal(made.code, 0, made.stderr);
  const { id, key, scopes } = JSON.parse(made.stdout);
  assert.deepEqual(scopes, ["read"]);
  await using server = await startServer({
    dataFolder: join(cwd, "data"),
    environment: { PARTERRE_AUTH: "keys" },
  });
  const env = { PARTERRE_URL: server.url, PARTERRE_KEY: key };
  assert.equal((await run(["models"], { cwd, env })).code, 0);
  const refused = await run(["generate", "--prompt", "ocean", "--out", "never.png"], { cwd, env });
  assert.equal(refused.code, 1, "the key may only read");
  assert.match(refused.stderr, /^error: The server answered: [^\n]+\n$/);
  assert.match((await run(["keys", "list"], { cwd })).stdout, new RegExp(`^${id}  valid `));
  assert.equal((await run(["keys", "revoke", id], { cwd })).code, 0);
  assert.equal((await run(["models"], { cwd, env })).code, 1);
  assert.equal((await run(["keys", "create", "--name"], { cwd })).code, 2);
  assert.equal((await run(["keys", "make"], { cwd })).code, 2);
});

Deno.test("deno task cli finds files where it is called", async () => {
  using folder = scratchFolder();
  // npx and `npm run` set INIT_CWD for all that they start, and `deno task` keeps it: without it, it is where it is called.
  const { INIT_CWD: _, ...env } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "cli", "validate", "--layout", "01-columns.json", "--data", folder.path],
    cwd: join(ROOT, "examples/layouts"),
    clearEnv: true,
    env,
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(new TextDecoder().decode(stdout), /^256 x 256 on beds-256, \d+ steps\n/);
});
