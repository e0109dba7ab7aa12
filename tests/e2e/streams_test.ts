/** Live events, as other people's clients receive them. */

import { strict as assert } from "node:assert";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { EventSource } from "eventsource";
import { generate, SMALL, startServer } from "./server.ts";

const WATCH = `subscription Watch($id: ID!, $after: Int, $preview: PreviewInput) {
  generationEvents(id: $id, after: $after, preview: $preview) {
    __typename
    generationId
    sequence
    ... on GenerationSnapshotEvent { generation { status } latestPreview { dataUrl } }
    ... on GenerationStatusEvent { status }
    ... on GenerationProgressEvent { step steps }
    ... on GenerationPreviewEvent { step image { width height mimeType url dataUrl } }
    ... on GenerationCompletedEvent { generation { status image { url } } }
  }
}`;

interface Event {
  readonly __typename: string;
  readonly generationId: string;
  readonly sequence: number;
  readonly step?: number;
  readonly status?: string;
  readonly generation?: { readonly status: string };
  readonly latestPreview?: { readonly dataUrl: string } | null;
  readonly image?: { width: number; height: number; mimeType: string; url: string; dataUrl: string };
}

interface Watch extends Record<string, unknown> {
  readonly generationEvents: Event;
}

/** What any complete stream from the start must look like. */
function assertComplete(events: readonly Event[], id: string): void {
  assert.equal(events[0]?.__typename, "GenerationSnapshotEvent");
  assert.equal(events.at(-1)?.__typename, "GenerationCompletedEvent");
  assert.equal(events.at(-1)?.generation?.status, "SUCCEEDED");
  assert.ok(events.every((event) => event.generationId === id));
  const sequences = events.map((event) => event.sequence);
  assert.deepEqual(sequences, Array.from(sequences, (_, i) => i), "0 for the snapshot, then 1, 2, 3, ...");
  const steps = (type: string) => events.filter((event) => event.__typename === type).map((event) => event.step);
  assert.deepEqual(steps("GenerationProgressEvent"), [1, 2, 3, 4]);
  assert.deepEqual(steps("GenerationPreviewEvent"), [1, 2, 3, 4]);
  assert.deepEqual(
    events.filter((event) => event.__typename === "GenerationStatusEvent").map((event) => event.status),
    ["QUEUED", "RUNNING", "SUCCEEDED"],
  );
}

Deno.test("graphql-ws and graphql-sse clients receive all events of one generation", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const variables = { id, after: 0, preview: { format: "PNG", maxEdge: 64 } };

  const ws = createWsClient({ url: `${server.url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket });
  const sse = createSseClient({ url: `${server.url}/graphql` });
  const collect = async (results: AsyncIterable<{ data?: Watch | null | undefined; errors?: unknown }>) => {
    const events: Event[] = [];
    for await (const { data, errors } of results) {
      assert.equal(errors, undefined);
      if (data) events.push(data.generationEvents);
    }
    return events;
  };
  const [overWs, overSse] = await Promise.all([
    collect(ws.iterate<Watch>({ query: WATCH, variables })),
    collect(sse.iterate<Watch>({ query: WATCH, variables })),
  ]);
  await ws.dispose();
  sse.dispose();

  assertComplete(overWs, id);
  assertComplete(overSse, id);
  const preview = overWs.find((event) => event.__typename === "GenerationPreviewEvent")?.image;
  // Four times a pixel per latent cell, which is less than what was asked for.
  assert.deepEqual([preview?.width, preview?.height, preview?.mimeType], [32, 32, "image/png"]);
  const fetched = await server.client.picture(preview?.url ?? "");
  assert.equal(preview?.dataUrl, `data:image/png;base64,${fetched.toBase64()}`, "inline and by URL are the same file");
});

Deno.test("an EventSource receives the events", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const url = new URL(`${server.url}/graphql`);
  url.searchParams.set("query", WATCH);
  url.searchParams.set("variables", JSON.stringify({ id, after: 0 }));
  const source = new EventSource(url);
  const events: Event[] = [];
  await new Promise<void>((resolve, reject) => {
    source.addEventListener("next", ({ data }) => events.push(JSON.parse(data).data.generationEvents));
    source.addEventListener("complete", () => resolve());
    source.addEventListener("error", (error) => reject(error));
  });
  source.close();
  assertComplete(events, id);
});

Deno.test("an EventSource that lost its connection goes on by itself, and misses nothing", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const { generation } = await server.client.request<{ generation: { eventsUrl: string } }>(
    "query ($id: ID!) { generation(id: $id) { eventsUrl(after: 0) } }",
    { id },
  );
  // Ends the first connection after some events, as a proxy may, and hands on the others.
  const asked: (string | null)[] = [];
  const cutting = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push(new Headers(init?.headers).get("last-event-id"));
    const response = await fetch(input, init);
    if (asked.length > 1) return response;
    let frames = 0;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        frames += new TextDecoder().decode(chunk).split("event: next").length - 1;
        if (frames >= 4) controller.terminate();
      },
    });
    return new Response(response.body?.pipeThrough(cut), { headers: response.headers });
  };
  const source = new EventSource(server.url + generation.eventsUrl, { fetch: cutting });
  const events: Event[] = [];
  await new Promise<void>((resolve) => {
    source.addEventListener("next", ({ data, lastEventId }) => {
      const { data: { generationEvents } } = JSON.parse(data);
      assert.equal(lastEventId, String(generationEvents.sequence));
      events.push(generationEvents);
    });
    source.addEventListener("complete", () => resolve());
  });
  source.close();
  assert.equal(asked.length, 2);
  assert.equal(asked[0], null);
  const again = events.findIndex(({ __typename }, i) => i > 0 && __typename === "GenerationSnapshotEvent");
  assert.equal(asked[1], String(events[again - 1]?.sequence));
  assert.equal(events[again]?.sequence, events[again - 1]?.sequence, "the snapshot stands at the last event");
  assertComplete(events.filter((_, i) => i !== again), id);

  const wrong = await fetch(server.url + generation.eventsUrl, {
    headers: { accept: "text/event-stream", "last-event-id": "abc" },
  });
  assert.match(await wrong.text(), /Last-Event-ID must be the sequence of an event, got \\"abc\\"/);
});

Deno.test("a subscriber who comes back gets a snapshot and exactly the events it missed", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const first: Event[] = [];
  for await (const { generationEvents } of server.client.subscribe<Watch>(WATCH, { id, after: 0 })) {
    first.push(generationEvents);
    if (first.length === 5) break; // the connection is lost
  }
  const after = first.at(-1)?.sequence ?? -1;
  const rest: Event[] = [];
  for await (const { generationEvents } of server.client.subscribe<Watch>(WATCH, { id, after })) {
    rest.push(generationEvents);
  }
  assert.equal(rest[0]?.__typename, "GenerationSnapshotEvent");
  assert.equal(rest[0]?.sequence, after);
  assertComplete([...first, ...rest.slice(1)], id);
});

Deno.test("a subscriber who comes after the end gets the finished generation with its latest preview", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  for await (const _ of server.client.subscribe<Watch>(WATCH, { id })) { /* until it is completed */ }
  const late: Event[] = [];
  for await (const { generationEvents } of server.client.subscribe<Watch>(WATCH, { id })) late.push(generationEvents);
  assert.deepEqual(late.map((event) => event.__typename), ["GenerationSnapshotEvent"]);
  assert.equal(late[0]?.generation?.status, "SUCCEEDED");
  assert.match(late[0]?.latestPreview?.dataUrl ?? "", /^data:image\/webp;base64,/);
});

Deno.test("a subscriber chooses which previews it gets, of what size and format", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, { ...SMALL, steps: 5, height: 32 });
  const preview = { every: 2, maxEdge: 24, format: "JPEG" };
  const previews: Event[] = [];
  for await (const { generationEvents } of server.client.subscribe<Watch>(WATCH, { id, after: 0, preview })) {
    if (generationEvents.__typename === "GenerationPreviewEvent") previews.push(generationEvents);
  }
  assert.deepEqual(previews.map((event) => event.step), [2, 4, 5], "every second one, and the last");
  const image = previews[0]?.image;
  assert.deepEqual([image?.width, image?.height, image?.mimeType], [24, 12, "image/jpeg"]);
  assert.match(image?.dataUrl ?? "", /^data:image\/jpeg;base64,\/9j\//);
});

Deno.test("an unknown generation, and a sequence beyond the last, are refused", async () => {
  await using server = await startServer();
  const watch = async (variables: Record<string, unknown>) => {
    for await (const _ of server.client.subscribe(WATCH, variables)) { /* nothing is expected */ }
  };
  await assert.rejects(watch({ id: "Generation:0190" }), /No generation has the id "0190"/);
  const { generate: { id } } = await generate(server.client, SMALL);
  await assert.rejects(watch({ id, after: 1000 }), /after must be from 0 to \d+, the latest sequence, got 1000/);
});
