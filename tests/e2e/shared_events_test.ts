/** Many subscribers of one generation: what is done once for all of them, and what is not shared. */

import { strict as assert } from "node:assert";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { ImageEncoder } from "../../image/encoder.ts";
import { ResponseSink } from "../../server/response_sink.ts";
import { SocketSink } from "../../server/socket_sink.ts";
import { useEventStreams } from "../../server/use_event_streams.ts";
import { generate, SMALL, startServer } from "./server.ts";

const WATCH = `subscription ($id: ID!) {
  generationEvents(id: $id, after: 0) {
    __typename sequence
    ... on GenerationPreviewEvent { image { url dataUrl } }
    ... on GenerationCompletedEvent { generation { status image { url } } }
  }
}`;

interface Watch extends Record<string, unknown> {
  readonly generationEvents: {
    readonly __typename: string;
    readonly sequence: number;
    readonly image?: { readonly url: string; readonly dataUrl: string };
  };
}

/** Notes what is sent the short way, by the sink that sends it, until it is disposed of. */
function watchSinks(): { readonly sent: ReadonlyMap<object, readonly number[]> } & Disposable {
  const sent = new Map<object, number[]>();
  const restore = [ResponseSink, SocketSink].map(({ prototype }) => {
    const { send } = prototype;
    prototype.send = function (batch) {
      sent.set(this, [...sent.get(this) ?? [], ...batch.results.map(({ sequence }) => sequence)]);
      send.call(this, batch);
    };
    return () => prototype.send = send;
  });
  return { sent, [Symbol.dispose]: () => restore.forEach((one) => one()) };
}

Deno.test("previews are encoded once for all subscribers, whatever they follow by, and for those who fetch them", async () => {
  using watched = watchSinks();
  const { encode } = ImageEncoder.prototype;
  const edges: (number | undefined)[] = [];
  ImageEncoder.prototype.encode = function (...args) {
    edges.push(args[1].edge);
    return encode.apply(this, args);
  };
  try {
    await using server = await startServer();
    edges.length = 0; // the encoder is warmed up at the start
    const { generate: { id } } = await generate(server.client, SMALL);
    const sse = createSseClient({ url: `${server.url}/graphql` });
    const ws = createWsClient({ url: `${server.url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
    const collect = async (results: AsyncIterable<{ data?: Watch | null | undefined; errors?: unknown }>) => {
      const events: Watch["generationEvents"][] = [];
      for await (const { data, errors } of results) {
        assert.equal(errors, undefined);
        if (data) events.push(data.generationEvents);
      }
      return events;
    };
    const payload = { query: WATCH, variables: { id } };
    const all = await Promise.all([
      ...Array.from({ length: 20 }, () => collect(sse.iterate<Watch>(payload))),
      ...Array.from({ length: 5 }, () => collect(ws.iterate<Watch>(payload))),
    ]);
    sse.dispose();
    await ws.dispose();
    const [first = assert.fail(), ...others] = all.map((events) => events.slice(1)); // snapshots differ
    for (const other of others) assert.deepEqual(other, first);
    // What was there before, or came while something else was being sent, takes the long way.
    assert.equal(watched.sent.size, 25);
    const urls = first.flatMap(({ image }) => image === undefined ? [] : [image.url]);
    assert.equal(urls.length, SMALL.steps);
    for (const url of urls) await server.client.picture(url);
    assert.equal(edges.filter((edge) => edge !== undefined).length, SMALL.steps);
  } finally {
    ImageEncoder.prototype.encode = encode;
  }
});

Deno.test("callers with different keys get their own signed URLs of the same events", async () => {
  const admin = "an-operators-key-of-more-than-32-characters";
  await using server = await startServer({ environment: { PARTERRE_AUTH: "keys", PARTERRE_ADMIN_KEY: admin } });
  const { secret } = await server.parterre.services.keys.create({
    name: "ann",
    scopes: ["read", "generate"],
    limits: {},
    expiresAt: null,
  });
  const headers = (key: string) => ({ authorization: `Bearer ${key}` });
  const response = await fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers(secret) },
    body: JSON.stringify({
      query: "mutation ($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } } }",
      variables: { input: SMALL },
    }),
  });
  const { data: { generate: { id } } } = await response.json();
  const urls = async (key: string) => {
    const sse = createSseClient({ url: `${server.url}/graphql`, headers: headers(key) });
    const found: string[] = [];
    for await (const { data } of sse.iterate<Watch>({ query: WATCH, variables: { id } })) {
      if (data?.generationEvents.image) found.push(data.generationEvents.image.url);
    }
    sse.dispose();
    return found;
  };
  const [own, same, other] = await Promise.all([urls(secret), urls(secret), urls(admin)]);
  assert.equal(own.length, SMALL.steps);
  assert.deepEqual(own, same);
  own.forEach((url, i) => assert.notEqual(url, other[i]));
});

Deno.test("a stream asks for a result when the one before was read, so a stalled reader holds one", async () => {
  let asked = 0;
  let returned = false;
  const results = {
    next: () => Promise.resolve({ done: false, value: { data: { n: asked++ } } }),
    return: () => {
      returned = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => results,
  };
  let processor: ((results: unknown) => Response) | undefined;
  useEventStreams().onResultProcess?.({
    result: results,
    resultProcessor: () => assert.fail("Yoga's own"),
    setResultProcessor: (set: (results: unknown) => Response) => processor = set,
    // deno-lint-ignore no-explicit-any
  } as any);
  const reader = processor?.(results).body?.getReader() ?? assert.fail();
  let text = "";
  while (text.length < 39) text += new TextDecoder().decode((await reader.read()).value);
  assert.equal(text, ':\n\nevent: next\ndata: {"data":{"n":0}}\n\n');
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(asked, 1);
  await reader.cancel();
  assert.ok(returned);
});
