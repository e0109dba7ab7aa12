/**
 * `deno task container:test`: builds the image from the Dockerfile, starts it as compose.yaml says but without a network,
 * and looks whether it does what docs/deploy.md promises. Ends with one line, `N passed, N failed`.
 *
 * Needs Linux, root, and the packages that it names if they are missing; keeps images in a cache folder.
 */

import assert from "node:assert/strict";
import { makeBaseImage } from "./container/base_image.ts";
import { Client } from "./container/client.ts";
import { Engine, must } from "./container/engine.ts";
import { publish } from "./container/published_port.ts";
import { Service } from "./container/service.ts";
import { isInstalled, tool, TOOLS } from "./container/tools.ts";

const BASE = "docker.io/denoland/deno:2.9.6";
const IMAGE = "parterre";
const MEGABYTE = 1e6;
const root = new URL("..", import.meta.url).pathname;

const missing = ["podman", "runc", "debootstrap", "socat", "nsenter"].filter((program) => !isInstalled(program));
if (missing.length > 0) throw new Error(`Missing: apt-get install -y --no-install-recommends ${missing.join(" ")}`);
if (!isInstalled(tool("podman-compose"))) throw new Error(`Missing: ${TOOLS.install}`);

let passed = 0;
let failed = 0;

/** Checks one claim; what it returns is printed beside it. */
async function claim(name: string, check: () => Promise<string | void>): Promise<void> {
  const start = performance.now();
  try {
    const seen = await check();
    passed++;
    console.log(`ok      ${name}${seen === undefined ? "" : `: ${seen}`}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name} (${seconds(start)}): ${error instanceof Error ? error.message : error}`);
  }
}

const seconds = (start: number) => `${((performance.now() - start) / 1000).toFixed(1)} s`;
const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
const engine = new Engine(`${cache}/parterre-container`);
await using service = new Service(engine, root);

await claim("a base image is there", async () => {
  const start = performance.now();
  return await makeBaseImage(engine, BASE) ? `made in ${seconds(start)}` : "kept from an earlier run";
});

await claim("the Dockerfile builds, and the server starts, paints and ends while it is built", async () => {
  const start = performance.now();
  await engine.build(root, IMAGE);
  const took = seconds(start);
  await engine.podman("image", "prune", "--force"); // what earlier runs have built
  return took;
});

await claim("the image is smaller than 400 MB", async () => {
  const [size, base] = await Promise.all([IMAGE, BASE].map(async (name) => Number(await inspect(name, "{{.Size}}"))));
  assert(size !== undefined && base !== undefined && size < 400 * MEGABYTE, `${size} bytes`);
  return `${megabytes(size)} MB, of which the base image is ${megabytes(base)} MB`;
});

await claim("it holds what running needs, and nothing of tests, training, benchmarks or documents", async () => {
  const there = (await engine.podman("run", "--rm", "--network=none", "--entrypoint=ls", IMAGE, "-A", "/app")).split(
    "\n",
  );
  const needless = ["tests", "training", "tools", "docs", "examples", ".git", "README.md"];
  assert.deepEqual(there.filter((name) => needless.includes(name)), []);
  for (const needed of ["main.ts", "models", "LICENSE", "NOTICE"]) {
    assert(there.includes(needed), `${needed} is missing`);
  }
});

await claim("it says what it is", async () => {
  const labels = JSON.parse(await inspect(IMAGE, "{{json .Config.Labels}}"));
  for (const label of ["title", "description", "licenses", "version", "revision", "base.name"]) {
    assert(labels[`org.opencontainers.image.${label}`], label);
  }
  assert.equal(await inspect(IMAGE, "{{.Config.User}}"), "1993:1993");
});

await claim("compose.yaml starts it, and it is healthy", async () => {
  const start = performance.now();
  await service.up();
  const took = await service.healthy();
  return `${took} ms until it answered, ${seconds(start)} until the health check said so`;
});

await claim("it runs as a user without rights, and cannot gain any", async () => {
  const status = await service.exec("cat", "/proc/1/status");
  assert.match(status, /^Uid:\s+1993\s+1993\s+1993\s+1993$/m);
  assert.match(status, /^CapBnd:\s+0+$/m);
  assert.match(status, /^CapEff:\s+0+$/m);
  assert.match(status, /^NoNewPrivs:\s+1$/m);
  assert.match(status, /^Seccomp:\s+2$/m);
});

await claim("its root cannot be written, by root neither; its volume can", async () => {
  for (const place of ["/x", "/app/x", "/app/.deno/x", "/usr/bin/x"]) {
    const { code, stderr } = await service.try("--user=0", "touch", place);
    assert(code !== 0 && stderr.includes("Read-only file system"), `${place}: ${stderr}`);
  }
  await service.exec("sh", "-c", "touch /data/x && rm /data/x");
});

await claim("it has no network but its own loopback", async () => {
  const devices = await service.exec("cat", "/proc/net/dev");
  assert.deepEqual(devices.match(/^\s*\w+(?=:)/gm)?.map((name) => name.trim()), ["lo"]);
});

await claim("the limits of memory and processors hold", async () => {
  const seen = await service.limits();
  assert.equal(seen.memory, 3 * 2 ** 30);
  assert.equal(seen.processors, 2);
  return `${seen.memory / 2 ** 30} GiB, ${seen.processors} processors`;
});

/** What is asked for below, and must still be there after a restart. */
let finished: { id: string; image: string } | undefined;
let interrupted: string | undefined;

await claim("without a key nobody gets in", async () => {
  await using port = await publish(await service.process(), 8000);
  const { status } = await new Client(port.url, undefined).post("{ runtime { provider } }");
  assert.equal(status, 401);
  assert.equal((await new Client(port.url, "x".repeat(40)).post("{ runtime { provider } }")).status, 401);
});

await claim("with its key, a picture is painted through the published port, with previews", async () => {
  await using port = await publish(await service.process(), 8000);
  const client = new Client(port.url, service.key);
  const start = performance.now();
  const id = await client.generate({ width: 256, height: 256, seed: 7 });
  const { previews, firstMs, image } = await client.follow(id);
  const bytes = await client.picture(image);
  assert.deepEqual([...bytes.slice(1, 4)], [...new TextEncoder().encode("PNG")]);
  assert(previews > 0, "no preview");
  finished = { id, image };
  return `${previews} previews, the first after ${firstMs} ms, the picture (${bytes.length} bytes) after ${
    seconds(start)
  }`;
});

await claim("the README's second command paints a picture, with curl", async () => {
  await using port = await publish(await service.process(), 8000);
  const folder = Deno.makeTempDirSync({ prefix: "parterre-curl-" });
  try {
    const env = { PARTERRE_URL: port.url, PARTERRE_KEY: service.key };
    const printed = await must("sh", [`${root}examples/clients/curl/picture.sh`], { env, cwd: folder });
    assert(Deno.statSync(`${folder}/picture.png`).size > 10_000);
    return printed;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

await claim("a key that is made inside of it works, and sees nothing of another's", async () => {
  const printed = await service.exec("deno", "task", "keys", "create", "--name", "test", "--scopes", "read,generate");
  const [secret] = /parterre_\S+/.exec(printed) ?? [];
  assert(secret !== undefined, printed);
  await using port = await publish(await service.process(), 8000);
  const client = new Client(port.url, secret);
  assert.equal((await client.post("{ runtime { provider } }")).status, 200);
  assert.equal(await client.generation(finished?.id ?? ""), null);
});

await claim("metrics are told", async () => {
  await using port = await publish(await service.process(), 8000);
  const metrics = await new Client(port.url, service.key).text("/metrics");
  assert.match(metrics, /^# TYPE parterre_\w+ /m);
  return `${metrics.match(/^# TYPE/gm)?.length} series`;
});

await claim("SIGTERM in the middle of a picture ends it with code 0 within 10 s", async () => {
  {
    await using port = await publish(await service.process(), 8000);
    const client = new Client(port.url, service.key);
    interrupted = await client.generate({ model: "beds-256", width: 512, height: 512, steps: 20, seed: 3 });
    await client.started(interrupted);
  }
  const memory = await service.peakMemory();
  const start = performance.now();
  assert.equal(await service.stop(), 0);
  const took = seconds(start);
  return `${took}; it had used ${megabytes(memory)} MB at most`;
});

await claim(
  "what it kept is there after a new start on the same volume, and it goes on with what it had begun",
  async () => {
    await service.up();
    await service.healthy();
    await using port = await publish(await service.process(), 8000);
    const client = new Client(port.url, service.key);
    const kept = await client.generation(finished?.id ?? "");
    assert.equal(kept?.status, "SUCCEEDED");
    assert((await client.picture(kept.image?.url ?? "")).length > 0);
    const { image } = await client.follow(interrupted ?? "");
    assert((await client.picture(image)).length > 0);
  },
);

console.log(`${passed} passed, ${failed} failed`);
Deno.exitCode = failed > 0 ? 1 : 0;

function inspect(image: string, format: string): Promise<string> {
  return engine.podman("image", "inspect", "--format", format, image);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / MEGABYTE);
}
