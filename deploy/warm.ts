/**
 * The last step of building the image: starts the server once, has it paint, ends it, and lays out in `/warm` what Deno
 * compiled meanwhile. A build whose server does not come up, paint and end in good order fails here.
 */

import { DatabaseSync } from "node:sqlite";

const DENO_DIR = "/app/.deno";
const WARM = "/warm";
/** Where `entrypoint.sh` puts the copies that Deno may write to. */
const CACHE = "/tmp/deno-cache";
const SERVER = "http://127.0.0.1:8000";
/** Milliseconds until the picture must be painted: an emulated processor is slow. */
const PATIENCE_MS = 300_000;
const PAINT = `mutation {
  generate(input: {width: 64, height: 64, steps: 1, layout: {regions: [{prompt: "ocean", geometry: {rest: true}}]}}) {
    ... on Generation { id }
    ... on Error { message }
  }
}`;

cacheModules();
const server = startServer();
try {
  await paint();
} catch (error) {
  server.kill("SIGKILL");
  throw error;
}
server.kill("SIGTERM");
const { code } = await server.status;
if (code !== 0) throw new Error(`The server ended with ${code} when it was told to end`);
layOut();

/** Transpiles the server, its workers, and the commands that may be run beside it. */
function cacheModules(): void {
  const modules = ["main.ts", "deploy/healthcheck.ts"];
  const walk = (folder: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) walk(path);
      else if (name.endsWith("_worker.ts") || (folder === "./cli" && name.endsWith(".ts"))) modules.push(path);
    }
  };
  walk(".");
  const { success, stderr } = new Deno.Command("deno", {
    args: ["cache", "--frozen", "--no-check", ...modules],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Starts the server as the image does. */
function startServer(): Deno.ChildProcess {
  return new Deno.Command("deploy/entrypoint.sh", {
    args: ["serve"],
    env: { PARTERRE_HOST: "127.0.0.1", PARTERRE_PORT: new URL(SERVER).port, PARTERRE_DATA: Deno.makeTempDirSync() },
  }).spawn();
}

/**
 * Has the server paint one small picture.
 * @throws {Error} if there is none in time.
 */
async function paint(): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let answer: unknown = "nothing";
  let id: string | undefined;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const query = id === undefined ? PAINT : `{ generation(id: "${id}") { status error { message } } }`;
    const response = await fetch(`${SERVER}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    }).catch(() => undefined); // it does not listen yet
    if (response === undefined) continue;
    answer = await response.json();
    const { data } = answer as { data?: { generate?: { id?: string }; generation?: { status: string } } };
    if (data?.generation?.status === "SUCCEEDED") return;
    id ??= data?.generate?.id;
    if (id === undefined || data?.generation?.status === "FAILED") break;
  }
  throw new Error(`The server painted no picture; it answered ${JSON.stringify(answer)}`);
}

/** Puts what the image takes over into one folder: transpiled modules, caches, and links to the caches' copies. */
function layOut(): void {
  Deno.mkdirSync(`${WARM}/warm`, { recursive: true });
  const { success } = new Deno.Command("cp", { args: ["-r", `${DENO_DIR}/gen`, `${WARM}/gen`] }).outputSync();
  if (!success) throw new Error("Cannot copy the transpiled modules");
  for (const { name } of Deno.readDirSync(DENO_DIR)) {
    if (!name.endsWith("_cache_v2")) continue;
    // A copy in one file; the original is in use by this very process.
    const database = new DatabaseSync(`${DENO_DIR}/${name}`);
    database.exec(`VACUUM INTO '${WARM}/warm/${name}'`);
    database.close();
    Deno.symlinkSync(`${CACHE}/${name}`, `${WARM}/${name}`);
  }
}
