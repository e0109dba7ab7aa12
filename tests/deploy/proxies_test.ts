/** Parterre behind the Caddy and the nginx of `deploy/`: a real proxy with TLS, a real server, real clients. */

import { strict as assert } from "node:assert";
import { createClient } from "graphql-ws";
import { Client } from "../../deploy/container/client.ts";
import { encodeImage } from "../../image/encode.ts";
import { pixels } from "../../image/pixels.ts";
import { clientAddress } from "../../server/client_address.ts";
import { startServer } from "../e2e/server.ts";
import { PROXIES, type Proxy } from "./proxy.ts";

const KEY = "operators-key-for-the-tests-of-proxies";

/** A server with a key, behind a proxy. */
async function behind(kind: typeof PROXIES[number]) {
  const server = await startServer({
    environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: KEY, PARTERRE_TRUSTED_PROXIES: "1" },
  });
  const proxy = await kind.start(new URL(server.url).host);
  const fetchThere = fetchThrough(proxy);
  return {
    proxy,
    fetch: fetchThere,
    client: new Client(proxy.url, KEY, fetchThere),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

function fetchThrough({ client }: Proxy): typeof fetch {
  return (input, init) => fetch(input, { ...init, client });
}

for (const kind of PROXIES) {
  const test = (name: string, fn: () => Promise<void>) =>
    Deno.test({
      name: `${kind.name}: ${name}${kind.leftOut === undefined ? "" : ` (left out: ${kind.leftOut})`}`,
      ignore: kind.leftOut !== undefined,
      fn,
    });

  test("events come one by one while the picture is painted, and the picture too", async () => {
    await using setup = await behind(kind);
    const id = await setup.client.generate({ width: 64, height: 64, steps: 40 });
    let seen: string | undefined;
    let image: string | undefined;
    for await (const { __typename, generation } of setup.client.events(id)) {
      // Were they kept back until the stream ends, the picture would be finished by now.
      if (__typename === "GenerationProgressEvent") seen ??= (await setup.client.generation(id))?.status;
      image = generation?.image?.url ?? image;
    }
    assert.equal(seen, "RUNNING");
    const bytes = await setup.client.picture(image ?? "");
    assert.equal(new TextDecoder().decode(bytes.slice(1, 4)), "PNG");
  });

  test("a WebSocket passes, with its key", async () => {
    await using setup = await behind(kind);
    const id = await setup.client.generate({ width: 64, height: 64, steps: 4 });
    const events = await overWebSocket(setup.proxy, KEY, id);
    assert.equal(events.at(-1), "GenerationCompletedEvent");
    await assert.rejects(overWebSocket(setup.proxy, "no-such-key", id));
  });

  test("an upload of several megabytes passes, one that is too large does not", async () => {
    await using setup = await behind(kind);
    const noise = new Uint8Array(1200 * 1200 * 3);
    for (let i = 0; i < noise.length; i += 65536) crypto.getRandomValues(noise.subarray(i, i + 65536));
    const file = await encodeImage(pixels(1200, 1200, 3, noise), "PNG");
    assert(file.length > 4e6);
    const sent = await upload(setup.fetch, setup.proxy, file);
    assert.equal(sent.status, 200);
    assert.match(sent.text, /"__typename":"MaskAsset"/);
    const { status } = await upload(setup.fetch, setup.proxy, new Uint8Array(12e6));
    assert.equal(status, 413);
  });

  test("what a client writes into X-Forwarded-For is not believed", async () => {
    let seen: Headers | undefined;
    await using upstream = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ headers }) => {
      seen = headers;
      return new Response("ok");
    });
    await using proxy = await kind.start(`127.0.0.1:${upstream.addr.port}`);
    const response = await fetchThrough(proxy)(proxy.url, { headers: { "x-forwarded-for": "192.0.2.66, 192.0.2.7" } });
    assert.equal(await response.text(), "ok");
    const address = clientAddress("127.0.0.2", seen?.get("x-forwarded-for") ?? null, 1);
    assert.equal(address, "127.0.0.1");
    assert.equal(seen?.get("x-forwarded-proto"), "https");
    assert.equal(seen?.get("host"), new URL(proxy.url).host);
  });

  test("metrics are not told to the world", async () => {
    await using upstream = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("told"),
    );
    await using proxy = await kind.start(`127.0.0.1:${upstream.addr.port}`);
    for (const path of ["/metrics", "/metrics?all"]) {
      const response = await fetchThrough(proxy)(`${proxy.url}${path}`);
      assert.equal(response.status, 404);
      await response.body?.cancel();
    }
    assert.equal(await (await fetchThrough(proxy)(`${proxy.url}/health`)).text(), "told");
  });

  test("an event is passed on before the next is sent", async () => {
    const seen = [1, 2, 3].map(() => Promise.withResolvers<void>());
    const encoder = new TextEncoder();
    await using upstream = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
      const body = new ReadableStream({
        async start(controller) {
          for (const [i, { promise }] of seen.entries()) {
            controller.enqueue(encoder.encode(`event: next\ndata: ${i}\n\n`));
            await promise;
          }
          controller.close();
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    await using proxy = await kind.start(`127.0.0.1:${upstream.addr.port}`);
    const response = await fetchThrough(proxy)(proxy.url, { signal: AbortSignal.timeout(10_000) });
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      const last = Number(text.match(/data: (\d)\n\n$/)?.[1]);
      seen[last]?.resolve();
    }
    assert.equal(text.match(/^data/gm)?.length, 3);
  });

  test("a client that leaves is known to have left", async () => {
    const left = Promise.withResolvers<void>();
    await using upstream = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      request.signal.addEventListener("abort", () => left.resolve());
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("event: next\ndata: 1\n\n")),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    });
    await using proxy = await kind.start(`127.0.0.1:${upstream.addr.port}`);
    const client = new AbortController();
    const response = await fetchThrough(proxy)(proxy.url, { signal: client.signal });
    const reader = response.body?.getReader();
    assert.match(new TextDecoder().decode((await reader?.read())?.value), /data: 1/);
    client.abort();
    await left.promise;
    await reader?.cancel().catch(() => {});
  });
}

/** The types of a generation's events, by graphql-ws through a proxy. */
async function overWebSocket({ url, client: trusting }: Proxy, key: string, id: string): Promise<string[]> {
  class TrustingWebSocket extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      const options: WebSocketOptions = { protocols: [protocols].flat(), client: trusting };
      super(address, options as unknown as string[]); // the types of browsers, which know no options, win here
    }
  }
  const client = createClient({
    url: `${url.replace("https", "wss")}/graphql`,
    webSocketImpl: TrustingWebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
  const types: string[] = [];
  const query = `subscription ($id: ID!) { generationEvents(id: $id) { __typename } }`;
  try {
    const events = client.iterate<{ generationEvents: { __typename: string } }>({ query, variables: { id } });
    for await (const { data } of events) if (data) types.push(data.generationEvents.__typename);
  } finally {
    await client.dispose();
  }
  return types;
}

/** Sends a file as the multipart specification has it. */
async function upload(send: typeof fetch, { url }: Proxy, file: Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  const query = "mutation ($file: File!) { uploadMask(file: $file) { __typename } }";
  form.set("operations", JSON.stringify({ query, variables: { file: null } }));
  form.set("map", JSON.stringify({ 0: ["variables.file"] }));
  form.set("0", new File([file], "mask.png"));
  const response = await send(`${url}/graphql`, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "graphql-preflight": "1" },
    body: form,
  });
  return { status: response.status, text: await response.text() };
}
