/** `/metrics` of a server that works. */

import { strict as assert } from "node:assert";
import { createClient as createSseClient } from "graphql-sse";
import { createClient } from "graphql-ws";
import { finish, generate, SMALL, startServer } from "../e2e/server.ts";
import { metricTypes, readMetrics } from "./metrics_text.ts";

Deno.test("metrics", async (t) => {
  await using server = await startServer();
  const { url, client } = server;
  const read = () => readMetrics(url);
  const ask = async (query: string) => {
    const body = JSON.stringify({ query });
    const headers = { "content-type": "application/json" };
    await (await fetch(`${url}/graphql`, { method: "POST", headers, body })).body?.cancel();
  };

  await t.step("say what runs, before anything was asked", async () => {
    const metrics = await read();
    const { version } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
    assert.equal(metrics.get(`parterre_build_info{version="${version}",deno="${Deno.version.deno}"}`), 1);
    assert.equal(metrics.get('parterre_compute_info{provider="wasm"}'), 1);
    assert.equal(metrics.get('parterre_queue_generations{status="QUEUED"}'), 0);
    assert.equal(metrics.get('parterre_subscribers{transport="sse"}'), 0);
    assert.ok((metrics.get('parterre_connections{kind="http"}') ?? 0) >= 1);
    const memory = metrics.get("process_resident_memory_bytes") ?? 0;
    assert.ok(memory > 20e6 && memory < 64e9, `${memory} bytes`);
    assert.ok((metrics.get("process_cpu_seconds_total") ?? 0) > 0);
    assert.ok(Math.abs((metrics.get("process_start_time_seconds") ?? 0) - Date.now() / 1000) < 3600);
  });

  await t.step("tell a generation's wait, steps, duration and outcome", async () => {
    const { generate: { id } } = await generate(client, { ...SMALL, model: "beds-256-lcm" });
    await finish(client, id);
    const metrics = await read();
    const model = 'model="beds-256-lcm"';
    assert.equal(metrics.get(`parterre_generations_enqueued_total{${model}}`), 1);
    assert.equal(metrics.get(`parterre_generations_total{${model},status="SUCCEEDED"}`), 1);
    assert.equal(metrics.get(`parterre_generation_wait_seconds_count{${model}}`), 1);
    assert.equal(metrics.get(`parterre_step_duration_seconds_count{${model},provider="wasm"}`), SMALL.steps);
    assert.ok((metrics.get(`parterre_step_duration_seconds_sum{${model},provider="wasm"}`) ?? 0) > 0);
    const duration = `parterre_generation_duration_seconds_count{${model},provider="wasm",status="SUCCEEDED"}`;
    assert.equal(metrics.get(duration), 1);
    assert.equal(metrics.get(`parterre_model_loaded{${model}}`), 1);
  });

  await t.step("count requests by route, method and status", async () => {
    const before = await read();
    await ask("{ runtime { provider } }");
    await (await fetch(`${url}/nope-${crypto.randomUUID()}`)).body?.cancel();
    await (await fetch(`${url}/health`)).body?.cancel();
    await settled();
    const after = await read();
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    assert.equal(grown('parterre_http_requests_total{route="/graphql",method="POST",status="200"}'), 1);
    assert.equal(grown('parterre_http_requests_total{route="other",method="GET",status="404"}'), 1);
    assert.equal(grown('parterre_http_requests_total{route="/health",method="GET",status="200"}'), 1);
    assert.equal(grown('parterre_http_request_duration_seconds_count{route="/graphql",method="POST"}'), 1);
    assert.equal(grown('parterre_graphql_operations_total{type="query",transport="http",outcome="ok"}'), 1);
    assert.equal(grown('parterre_graphql_operation_duration_seconds_count{type="query"}'), 1);
  });

  await t.step(
    "count refusals by code: unreadable, invalid, typed, thrown, and before there is an operation",
    async () => {
      const before = await read();
      await ask("{");
      await ask("{ nope }");
      await ask('mutation { cancelGeneration(id: "Generation:nope") { __typename } }');
      await ask("mutation { generate(input: { layout: { regions: [] }, steps: -1 }) { __typename } }");
      await (await fetch(`${url}/graphql`, { method: "POST", body: "x" })).body?.cancel();
      const sse = createSseClient({ url: `${url}/graphql`, retryAttempts: 0 });
      const lost = sse.iterate({ query: 'subscription { generationEvents(id: "Generation:nope") { sequence } }' });
      await Array.fromAsync(lost).catch(() => {});
      await settled();
      const after = await read();
      const grown = (code: string) => {
        const name = `parterre_refusals_total{code="${code}"}`;
        return (after.get(name) ?? 0) - (before.get(name) ?? 0);
      };
      const codes = [
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "NOT_FOUND",
        "INVALID_INPUT",
        "PREFLIGHT_REQUIRED",
      ];
      assert.deepEqual(codes.map((code) => [code, grown(code)]), [
        ["GRAPHQL_PARSE_FAILED", 1],
        ["GRAPHQL_VALIDATION_FAILED", 1],
        ["NOT_FOUND", 2],
        ["INVALID_INPUT", 1],
        ["PREFLIGHT_REQUIRED", 1],
      ]);
      assert.equal(after.get("parterre_faults_total"), 0);
    },
  );

  await t.step("count faults that nobody foresaw apart from errors that are meant for clients", async () => {
    const { generations } = server.parterre.services;
    const { get } = generations;
    const broken = () => Promise.reject(new Error("the disk is on fire"));
    Object.assign(generations, { get: broken });
    await ask('{ generation(id: "Generation:x") { id } }');
    Object.assign(generations, {
      get: () => Promise.reject(Object.assign(new Error("full"), { code: "STORAGE_FULL" })),
    });
    await ask('{ generation(id: "Generation:x") { id } }');
    Object.assign(generations, { get });
    await settled();
    const metrics = await read();
    assert.equal(metrics.get("parterre_faults_total"), 2);
    assert.equal(metrics.get('parterre_refusals_total{code="INTERNAL_SERVER_ERROR"}'), 1);
    assert.equal(metrics.get('parterre_refusals_total{code="STORAGE_FULL"}'), 1);
  });

  await t.step("count subscribers while they are there, by transport, however they leave", async () => {
    const { generate: { id } } = await generate(client, { ...SMALL, steps: 100, model: "beds-256" });
    const query = `subscription { generationEvents(id: "${id}") { sequence } }`;
    const subscribers = async () => {
      const metrics = await read();
      return ["sse", "websocket"].map((transport) => metrics.get(`parterre_subscribers{transport="${transport}"}`));
    };
    const until = async (wanted: readonly number[]) => {
      for (let tries = 0; tries < 200; tries++) {
        const now = await subscribers();
        if (now.every((count, i) => count === wanted[i])) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.deepEqual(await subscribers(), wanted);
    };

    const sse = createSseClient({ url: `${url}/graphql` });
    const overSse = sse.iterate({ query });
    await overSse.next();
    const leaving = new AbortController();
    const raw = await fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { accept: "text/event-stream" },
      signal: leaving.signal,
    });
    await raw.body?.getReader().read();
    const ws = createClient({ url: `${url.replace("http", "ws")}/graphql` });
    const completing = ws.iterate({ query });
    await completing.next();
    const cutOff = ws.iterate({ query });
    await cutOff.next();
    await until([2, 2]);
    assert.equal((await read()).get('parterre_connections{kind="websocket"}'), 1);

    await completing.return?.();
    await until([2, 1]);
    leaving.abort();
    await until([1, 1]);
    ws.terminate();
    cutOff.return?.();
    await ws.dispose();
    await until([1, 0]);
    await client.request(`mutation { cancelGeneration(id: "${id}") { __typename } }`);
    while (!(await overSse.next()).done) { /* until the generation is over */ }
    await until([0, 0]);
    const metrics = await read();
    assert.ok((metrics.get('parterre_generations_total{model="beds-256",status="CANCELED"}') ?? 0) === 1);
    const ended = (transport: string, outcome: string) =>
      metrics.get(
        `parterre_graphql_operations_total{type="subscription",transport="${transport}",outcome="${outcome}"}`,
      );
    assert.equal(ended("websocket", "left"), 2);
    assert.ok((ended("http", "left") ?? 0) >= 1);
  });

  await t.step("have labels that no client chooses", async () => {
    const before = [...(await read()).keys()].length;
    for (let i = 0; i < 50; i++) {
      const name = `Op${crypto.randomUUID().replaceAll("-", "")}`;
      await ask(`query ${name} { runtime { provider } }`);
      await (await fetch(`${url}/${name}`)).body?.cancel();
      await (await fetch(`${url}/health`, { method: "M".repeat(i + 1) }).catch(() => undefined))?.body?.cancel();
      await ask(`mutation { cancelGeneration(id: "Generation:${name}") { __typename } }`);
    }
    const names = [...(await read()).keys()];
    assert.ok(names.length - before < 10 * 20, `${names.length - before} more samples`);
    assert.ok(!names.some((name) => /Op[0-9a-f]{32}|MMM|[0-9a-f]{8}-/.test(name)));
  });

  await t.step("may be read by GET and HEAD only", async () => {
    const head = await fetch(`${url}/metrics`, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.match(head.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const response = await fetch(`${url}/metrics`, { method });
      await response.body?.cancel();
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET, HEAD");
    }
  });

  await t.step(
    "are what Prometheus expects: every sample has a help text, a type, and counters end in _total",
    async () => {
      const types = await metricTypes(url);
      for (const [name, type] of types) {
        assert.match(name, /^(parterre|process)_[a-z_]+$/);
        assert.equal(name.endsWith("_total"), type === "counter", name);
      }
      for (const sample of (await read()).keys()) {
        const name = sample.replace(/\{.*$/, "");
        const histogram = name.replace(/_(bucket|sum|count)$/, "");
        assert.ok(types.has(name) || types.get(histogram) === "histogram", sample);
      }
    },
  );
});

/** The numbers of a request are written when it is answered in full: a moment after the client has the answer. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
