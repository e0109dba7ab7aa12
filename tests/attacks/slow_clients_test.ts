/** Clients that do not finish what they send, or do not read what they are sent: each is cut off, and costs little until then. */

import { strict as assert } from "node:assert";
import { exchange } from "../e2e/raw_http.ts";
import { handshake, textFrame } from "./masked_frame.ts";
import { Victim } from "./victim.ts";

/** Regions that are switched off cost nothing to paint, and have long prompts to ask for. */
const LAYOUT = {
  holes: "BASE",
  regions: [
    { prompt: "ocean", geometry: { rectangle: { x: 0, y: 0, width: 1, height: 1 } } },
    ...Array.from({ length: 20 }, () => ({
      prompt: "a sailboat ".repeat(800),
      enabled: false,
      geometry: { rectangle: { x: 0, y: 0, width: 0.5, height: 1 } },
    })),
  ],
};

/** What a client may hold open at most until it is cut off, in milliseconds: the time-outs of a victim, generously. */
const CUT_OFF = 20_000;

/** Connects and sends something, and never reads. */
async function stall(url: string, request: string): Promise<Deno.Conn> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(request));
  return connection;
}

/** Resolves once the server has ended a connection; what it still sends is read and dropped. */
async function ended(connection: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(2 ** 20);
  try {
    while (await connection.read(chunk) !== null);
  } catch {
    // Reset is ended, too.
  } finally {
    connection.close();
  }
}

/** Resolves once the server holds none of these any more, of which nothing was ever read. */
async function cutOff(victim: Victim, connections: readonly Deno.Conn[]): Promise<void> {
  while (await victim.subscribers() > 0) await new Promise((resolve) => setTimeout(resolve, 250));
  for (const connection of connections) connection.close();
}

async function within(ms: number, what: string, done: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => timer = setTimeout(() => reject(new Error(`not ${what} in ${ms} ms`)), ms));
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}

const head = (url: string, lines: readonly string[]) =>
  [...lines, `host: ${new URL(url).host}`].join("\r\n") + "\r\n\r\n";

/** Paints a picture to its end. */
async function paint(victim: Victim): Promise<string> {
  const { generate: { id } } = await victim.ask<{ generate: { id: string } }>(
    "mutation ($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } } }",
    { input: { model: "beds-256-lcm", width: 64, height: 64, steps: 1, seed: 1, layout: LAYOUT } },
  );
  for (;;) {
    const { generation } = await victim.ask<{ generation: { status: string } }>(
      "query ($id: ID!) { generation(id: $id) { status } }",
      { id },
    );
    if (generation.status === "SUCCEEDED") return id;
    assert.notEqual(generation.status, "FAILED");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test("800 connections whose headers never end are closed, and others are served meanwhile", async () => {
  await using victim = await Victim.start();
  const connections = await Promise.all(
    Array.from(
      { length: 800 },
      (_, i) => stall(victim.url, i % 2 === 0 ? "" : "GET /graphql HTTP/1.1\r\nx-slow: 1\r\n"),
    ),
  );
  await victim.serves();
  await within(CUT_OFF, "closed", Promise.all(connections.map(ended)));
  await victim.survived();
});

Deno.test("bodies that come a byte at a time are cut off", async () => {
  await using victim = await Victim.start();
  const request = head(victim.url, [
    "POST /graphql HTTP/1.1",
    "content-type: application/json",
    "content-length: 1000",
  ]);
  const connections = await Promise.all(Array.from({ length: 100 }, () => stall(victim.url, `${request}{`)));
  const dripping = setInterval(() => {
    for (const connection of connections) connection.write(new Uint8Array([32])).catch(() => {});
  }, 500);
  await victim.serves();
  await within(CUT_OFF, "closed", Promise.all(connections.map(ended))).finally(() => clearInterval(dripping));
  await victim.survived();
});

Deno.test("more connections than there may be are not accepted, and those that are there are served", async () => {
  await using victim = await Victim.start({ PARTERRE_MAX_CONNECTIONS: "50", PARTERRE_HEADER_TIMEOUT: "3" });
  const connections = await Promise.all(Array.from({ length: 100 }, () => stall(victim.url, "")));
  await within(CUT_OFF, "closed", Promise.all(connections.map(ended)));
  await victim.survived();
});

Deno.test("a thousand requests sent at once on one connection, without waiting for answers, end it", async () => {
  await using victim = await Victim.start();
  const request = head(victim.url, ["GET /graphql?query={runtime{provider}} HTTP/1.1"]);
  for (let i = 0; i < 20; i++) await exchange(victim.url, request.repeat(1000), 2 ** 20);
  await victim.survived();
});

Deno.test("300 readers of one generation's events who do not read cost little, and are cut off", async () => {
  await using victim = await Victim.start({
    PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: "400",
    PARTERRE_STALL_TIMEOUT: "6",
  });
  const id = await paint(victim);
  victim.begin();
  const before = await victim.collect();
  // Long prompts under some names make events of three megabytes.
  const layouts = Array.from({ length: 19 }, (_, i) => `a${i}: layout { regions { prompt } }`).join(" ");
  const events = `generationEvents(id: "${id}", after: 0, preview: { every: 1, format: PNG }) {
    ... on GenerationSnapshotEvent { generation { ${layouts} } }
    ... on GenerationPreviewEvent { image { dataUrl } }
    ... on GenerationCompletedEvent { generation { ${layouts} } }
  }`;
  const body = JSON.stringify({ query: `subscription { ${events} }` });
  const request = head(victim.url, [
    "POST /graphql HTTP/1.1",
    "content-type: application/json",
    "accept: text/event-stream",
    `content-length: ${body.length}`,
  ]);
  const first = await exchange(victim.url, request.replace("HTTP/1.1", "HTTP/1.0") + body, 4 * 2 ** 20);
  assert.ok(first.body.length > 3 * 2 ** 20, first.body.slice(0, 500));
  const connections = await Promise.all(Array.from({ length: 300 }, () => stall(victim.url, request + body)));
  await victim.serves();
  assert.ok(await victim.subscribers() > 0);
  const held = (await victim.collect() - before) / 2 ** 20;
  // A quarter of a GiB waits to be read; allocators take a while to give back what the others had.
  assert.ok(held < 1024, `${Math.round(held)} MiB`);
  await within(CUT_OFF, "cut off", cutOff(victim, connections));
  await victim.survived();
});

Deno.test("2,000 subscriptions over 20 sockets that do not read cost little, and the sockets are cut off", async () => {
  await using victim = await Victim.start({ PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: "2000" });
  const id = await paint(victim);
  victim.begin();
  const subscription = `subscription { generationEvents(id: "${id}", after: 0, preview: { every: 0 }) {
    ... on GenerationSnapshotEvent { generation { layout { regions { prompt } } } }
    ... on GenerationCompletedEvent { generation { layout { regions { prompt } } } }
  } }`;
  const sockets = await Promise.all(Array.from({ length: 20 }, async () => {
    const socket = await stall(victim.url, handshake(victim.url));
    const messages = [
      { type: "connection_init" },
      ...Array.from(
        { length: 100 },
        (_, i) => ({ id: String(i), type: "subscribe", payload: { query: subscription } }),
      ),
    ];
    for (const message of messages) await socket.write(textFrame(JSON.stringify(message)));
    return socket;
  }));
  await victim.serves();
  await within(CUT_OFF, "cut off", cutOff(victim, sockets));
  await victim.survived();
});

Deno.test("clients that ask for files again and again without waiting, and leave, leave none of them open", async () => {
  await using victim = await Victim.start({ PARTERRE_STALL_TIMEOUT: "60" });
  const { model: { files } } = await victim.ask<{ model: { files: { bytes: number; url: string }[] } }>(
    `{ model(name: "beds-256-lcm") { files { bytes url } } }`,
  );
  const { url = "" } = files.toSorted((a, b) => b.bytes - a.bytes)[0] ?? {};
  const requests = head(victim.url, [`GET ${url} HTTP/1.1`]).repeat(6);
  const connections = await Promise.all(Array.from({ length: 30 }, () => stall(victim.url, requests)));
  const opened = async () => {
    while (victim.openFiles("beds-256-lcm") < 60) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await within(CUT_OFF, "opened", opened());
  for (const connection of connections) connection.close();
  const closed = async () => {
    while (victim.openFiles("beds-256-lcm") > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await within(5000, "closed", closed());
  await victim.survived();
});
