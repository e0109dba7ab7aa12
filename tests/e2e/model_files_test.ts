/** The files of models and of the engine, for clients that compute by themselves. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { copy } from "../copy_folder.ts";
import { startServer } from "./server.ts";

interface Listed {
  readonly model: {
    readonly files: readonly { path: string; bytes: number; sha256: string; url: string }[] | null;
  };
}

const FILES = `query { model(name: "beds-256-lcm") { files { path bytes sha256 url } } }`;

Deno.test("a model's files are listed with their hashes, and are there under them", async () => {
  await using server = await startServer();
  const { model: { files } } = await server.client.request<Listed>(FILES);
  assert.ok(files !== null && files.some(({ path }) => path === "unet/model.onnx"));
  for (const { bytes, sha256, url } of files) {
    const response = await fetch(server.url + url);
    const body = await response.bytes();
    assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(body.length, bytes);
    assert.equal(createHash("sha256").update(body).digest("hex"), sha256);
  }
  const [{ sha256, path, url } = { sha256: "", path: "", url: "" }] = files;
  const status = async (address: string, method = "GET") => {
    const response = await fetch(server.url + address, { method });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status(url, "HEAD"), 200);
  assert.equal(await status(url, "POST"), 405);
  assert.equal(await status(`/models/beds-256-lcm/${"0".repeat(64)}/${path}`), 404, "another hash");
  assert.equal(await status(`/models/beds-256-lcm/${sha256}/..%2f..%2fdeno.json`), 404, "out of the folder");
  assert.equal(await status(`/models/..%2fmodels/${sha256}/${path}`), 404, "another folder");
  assert.equal(await status(`/models/%/${sha256}/${path}`), 404, "no address");
});

Deno.test("a server may keep its models to itself, as it does where it asks for keys", async () => {
  const adminKey = "k".repeat(40);
  await using closed = await startServer({
    environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: adminKey },
  });
  await using shared = await startServer({
    environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: adminKey, PARTERRE_MODEL_FILES: "true" },
  });
  const headers = { authorization: `Bearer ${adminKey}` };
  const ask = async (url: string): Promise<Listed> => {
    const body = JSON.stringify({ query: FILES });
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      body,
      headers: { ...headers, "content-type": "application/json" },
    });
    return (await response.json()).data;
  };
  assert.equal((await ask(closed.url)).model.files, null);
  const [file] = (await ask(shared.url)).model.files ?? [];
  assert.ok(file !== undefined);
  const [path] = file.url.split("?");
  const status = async (address: string, init?: RequestInit) => {
    const response = await fetch(address, init);
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status(closed.url + path, { headers }), 404);
  assert.equal(await status(shared.url + path), 401);
  assert.equal(await status(shared.url + path, { headers }), 200);
});

Deno.test("the engine's builds for browsers are there, and nothing else of its package", async () => {
  await using server = await startServer();
  const engine = "/engine/1.30.0/";
  const script = await fetch(`${server.url}${engine}ort.wasm.min.mjs`);
  assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  assert.match(await script.text(), /InferenceSession/);
  for (const name of ["package.json", "..%2fpackage.json", "ort.node.min.mjs"]) {
    const response = await fetch(server.url + engine + name);
    await response.body?.cancel();
    assert.equal(response.status, 404, name);
  }
});

Deno.test("a file that grows or shrinks while it is sent ends its connection: nothing more is taken for an answer", async () => {
  const models = Deno.makeTempDirSync({ prefix: "parterre-models-" });
  copy("models/beds-256-lcm", join(models, "beds-256-lcm"));
  await using server = await startServer({ environment: { PARTERRE_MODELS: models } });
  const { hostname, port } = new URL(server.url);
  for (const change of [(bytes: number) => bytes + 2 ** 20, (bytes: number) => bytes / 2]) {
    const { model: { files } } = await server.client.request<Listed>(FILES);
    const file = files?.toSorted((a, b) => b.bytes - a.bytes)[0];
    assert.ok(file !== undefined);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(new TextEncoder().encode(`GET ${file.url} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`));
    const chunk = new Uint8Array(2 ** 20);
    let taken = await connection.read(chunk) ?? 0;
    const headers = new TextDecoder().decode(chunk.subarray(0, taken)).indexOf("\r\n\r\n") + 4;
    Deno.truncateSync(join(models, "beds-256-lcm", file.path), Math.floor(change(file.bytes)));
    const since = performance.now();
    for (let read; (read = await connection.read(chunk).catch(() => null)) !== null;) taken += read;
    connection.close();
    assert.ok(performance.now() - since < 10_000, "it ends at once, and not when nobody takes more");
    assert.ok(taken - headers <= file.bytes);
  }
  Deno.removeSync(models, { recursive: true });
});
