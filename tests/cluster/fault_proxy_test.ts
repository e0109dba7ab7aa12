/** What the proxy does to connections is what its callers ask for, and nothing else. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { CUT, startFaultProxy } from "../../tools/cluster/engines/fault_proxy.ts";

/** An engine that answers each piece by the same; `heard` is what reached it. */
async function withEcho(body: (port: number, heard: () => string, sockets: Set<Socket>) => Promise<void>) {
  let heard = "";
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      heard += piece;
      socket.write(piece);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await body((server.address() as { port: number }).port, () => heard, sockets);
  } finally {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client of a port; `said` is what came back, `ended` how it ended. */
async function client(port: number) {
  const socket = connect(port, "127.0.0.1");
  const state = { socket, said: "", ended: "", [Symbol.dispose]: () => void socket.destroy() };
  socket.on("data", (piece) => state.said += piece);
  socket.on("error", (error) => state.ended = (error as Error & { code: string }).code);
  socket.on("close", () => state.ended ||= "closed");
  await once(socket, "connect");
  return state;
}

async function until(look: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !look(); tries++) await pause(10);
  assert.ok(look(), look.toString());
}

Deno.test("a proxy passes bytes, holds them back on the ways that are silent, and lets them go afterwards", async () => {
  await withEcho(async (port, heard) => {
    await using proxy = await startFaultProxy(port);
    using one = await client(proxy.port);
    one.socket.write("a");
    await until(() => one.said === "a");
    proxy.set({ silent: ["back"] });
    one.socket.write("b");
    await until(() => heard() === "ab");
    proxy.set(CUT);
    one.socket.write("c");
    using two = await client(proxy.port); // accepted, as by a machine of which only the kernel is left
    two.socket.write("d");
    await pause(50);
    assert.deepEqual([heard(), one.said, two.said], ["ab", "a", ""]);
    proxy.set();
    await until(() => one.said === "abc" && two.said === "d");
    one.socket.end();
    await until(() => one.ended === "closed" && proxy.connections === 1);
  });
});

Deno.test("a proxy resets connections, forgets one end of them, closes them after so many bytes, and is slow", async () => {
  await withEcho(async (port, heard, sockets) => {
    await using proxy = await startFaultProxy(port);
    using reset = await client(proxy.port);
    reset.socket.write("a");
    await until(() => reset.said === "a");
    proxy.reset();
    await until(() => reset.ended === "ECONNRESET" && sockets.size === 0);

    using forgotten = await client(proxy.port);
    forgotten.socket.write("b");
    await until(() => forgotten.said === "b");
    proxy.forget();
    await until(() => sockets.size === 0);
    forgotten.socket.write("c");
    await pause(50);
    assert.deepEqual([heard(), forgotten.said, forgotten.ended], ["ab", "b", ""], "nobody told it");

    proxy.set({ closeAfterBytes: 3 });
    using short = await client(proxy.port);
    short.socket.write("d");
    await until(() => short.said === "d");
    short.socket.write("ef");
    await until(() => short.ended === "ECONNRESET");

    proxy.set({ resets: 1 });
    using doomed = await client(proxy.port);
    await until(() => doomed.ended === "ECONNRESET");

    proxy.set({ latencyMs: 60, bytesPerSecond: 100 });
    using slow = await client(proxy.port);
    const since = performance.now();
    slow.socket.write("ghijk"); // 110 ms there, 110 back
    await until(() => slow.said === "ghijk");
    assert.ok(performance.now() - since >= 215, `${performance.now() - since} ms`);
  });
});
