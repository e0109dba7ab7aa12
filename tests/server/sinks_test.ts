/** The short ways to connections: what arrives, and what happens to clients that do not read. */

import { strict as assert } from "node:assert";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import { type WebSocket, WebSocketServer } from "ws";
import { Batch, framed } from "../../server/framed_result.ts";
import { HeldBytes } from "../../server/held_bytes.ts";
import type { Sink } from "../../server/outlet.ts";
import { ResponseSink } from "../../server/response_sink.ts";
import { SocketOutbox } from "../../server/socket_outbox.ts";
import { SocketSink } from "../../server/socket_sink.ts";
import { handshake } from "../attacks/masked_frame.ts";

const STALL_MS = 300;
const MIB = 2 ** 20;

const batch = (...texts: readonly string[]) => new Batch(texts.map((text, i) => framed({ data: { text } }, i + 1)));

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/** A client that sends something and reads what it wants. */
async function connect(url: string, request: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await connection.write(new TextEncoder().encode(request));
  return connection;
}

async function readUntil(connection: Deno.Conn, end: string): Promise<string> {
  const chunk = new Uint8Array(65_536);
  let text = "";
  while (!text.endsWith(end)) {
    const size = await connection.read(chunk);
    if (size === null) break;
    text += new TextDecoder().decode(chunk.subarray(0, size));
  }
  return text;
}

/** Sends until the client, which reads nothing, has to be waited for; then it must be cut off, and hold nothing. */
async function assertCutOff(sink: Sink, held: HeldBytes): Promise<void> {
  const large = batch("x".repeat(MIB));
  for (let i = 0; sink.free; i++) {
    assert.ok(i < 100, "never waits");
    sink.send(large);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.ok(held.bytes >= MIB);
  const since = performance.now();
  await sink.whenTaken();
  const ms = performance.now() - since;
  assert.ok(ms > STALL_MS / 2 && ms < 20 * STALL_MS, `${ms} ms`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([sink.free, held.bytes], [false, 0]);
}

Deno.test("a response gets a batch in one chunk, and one that nobody reads is cut off", async () => {
  const held = new HeldBytes(64 * MIB);
  const responses: ServerResponse[] = [];
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    outgoing.flushHeaders();
    responses.push(outgoing);
  });
  const url = await listening(server);
  using client = await connect(url, `GET / HTTP/1.1\r\nhost: a\r\n\r\n`);
  await readUntil(client, "\r\n\r\n");
  const [outgoing = assert.fail()] = responses;
  const sink = new ResponseSink(outgoing, STALL_MS, held, () => void outgoing.destroy());
  sink.send(batch("ä", "b"));
  const event = (id: number, text: string) => `event: next\nid: ${id}\ndata: {"data":{"text":"${text}"}}\n\n`;
  const events = event(1, "ä") + event(2, "b");
  const length = new TextEncoder().encode(events).length.toString(16);
  assert.equal(await readUntil(client, "\n\n\r\n"), `${length}\r\n${events}\r\n`);
  assert.ok(sink.free);
  await assertCutOff(sink, held);
  server.close();
});

Deno.test("a socket gets a batch as messages of its operation, and one that nobody reads is cut off", async () => {
  const held = new HeldBytes(64 * MIB);
  const sockets: [WebSocket, Duplex][] = [];
  const handshakes = new WebSocketServer({ noServer: true });
  const server = createServer();
  server.on(
    "upgrade",
    (incoming, connection, head) =>
      handshakes.handleUpgrade(incoming, connection, head, (socket) => {
        sockets.push([socket, connection]);
      }),
  );
  const url = await listening(server);
  const open = async (id: string) => {
    const client = await connect(url, handshake(url));
    await readUntil(client, "\r\n\r\n");
    const [socket, connection] = sockets.pop() ?? assert.fail();
    return { client, sink: new SocketSink(new SocketOutbox(socket, connection, held, STALL_MS), id) };
  };
  const { client, sink } = await open('a "1"');
  sink.send(batch("ä", "b"));
  // Text frames of less than 126 bytes: a byte of kind, a byte of length.
  const frames = await readUntil(client, '"b"}}}');
  const message = (text: string) => `{"id":"a \\"1\\"","type":"next","payload":{"data":{"text":"${text}"}}}`;
  const frame = (text: string) => `${String.fromCharCode(new TextEncoder().encode(text).length)}${text}`;
  assert.equal(frames, `\ufffd${frame(message("ä"))}\ufffd${frame(message("b"))}`);
  assert.ok(sink.free);
  await assertCutOff(sink, held);
  client.close();
  server.close();
});
