/** Whatever WebSocket clients send, in any order: at most their own socket ends. */

import fc from "fast-check";
import { strict as assert } from "node:assert";
import { exchange } from "../e2e/raw_http.ts";
import { RawSocket } from "../e2e/raw_socket.ts";
import { handshake } from "./masked_frame.ts";
import { Victim } from "./victim.ts";

const FRAMES = 10_000;
const FRAMES_OF_A_SOCKET = 25;

const ids = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("1", "2", "3", "__proto__", "constructor", "toString") },
  fc.anything(),
);

const queries = fc.oneof(
  fc.constantFrom(
    "{ __typename }",
    "{ runtime { provider } }",
    "query A { __typename } query B { __typename }",
    'mutation { cancelGeneration(id: "Generation:x") { __typename } }',
    'subscription { generationEvents(id: "Generation:x") { sequence } }',
    "",
    " ",
    "#",
    "{ a",
    "{".repeat(50_000),
    "[".repeat(5000),
    "{ nope }",
    "fragment F on Query { ...F } { ...F }",
    "query ($a: Int!) { __typename }",
    "{ __schema { types { name } } }",
    '"""',
    "\ud800",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);

const payloads = fc.oneof(
  { weight: 4, arbitrary: fc.record({ query: queries }) },
  fc.record({
    query: fc.oneof(queries, fc.anything()),
    operationName: fc.oneof(fc.constantFrom("A", "C", "", null), fc.anything()),
    variables: fc.anything(),
    extensions: fc.anything(),
  }, { requiredKeys: [] }),
  fc.anything(),
);

const types = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      ..."connection_init connection_ack ping pong subscribe subscribe subscribe next error complete complete".split(
        " ",
      ),
    ),
  },
  fc.anything(),
);

const messages = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("subscribe"), id: ids, payload: payloads }) },
  fc.record({ type: types, id: ids, payload: payloads }, { requiredKeys: ["type"] }),
  fc.anything(),
);

const frames = fc.oneof(
  { weight: 12, arbitrary: messages.map((message) => JSON.stringify(message) ?? "undefined") },
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }),
  fc.constantFrom(
    "[".repeat(100_000),
    `{"type":"subscribe","id":"x","payload":${"[".repeat(5000)}${"]".repeat(5000)}}`,
  ),
);

const conversations = fc.record({
  begun: fc.boolean(),
  frames: fc.array(frames, { minLength: FRAMES_OF_A_SOCKET, maxLength: FRAMES_OF_A_SOCKET }),
  /** Ends without a word in the middle of things. */
  abrupt: fc.boolean(),
});

Deno.test("10,000 frames, valid and not, in any order, end no more than their own sockets", async () => {
  await using victim = await Victim.start({ PARTERRE_MAX_SOCKETS_PER_CALLER: "200" });
  const address = `${victim.url.replace("http", "ws")}/graphql`;
  using witness = await RawSocket.open(address);
  await witness.begin();
  const all = fc.sample(conversations, { numRuns: FRAMES / FRAMES_OF_A_SOCKET, seed: 16 });
  const codes = new Set<number>();
  for (let at = 0; at < all.length; at += 20) {
    await Promise.all(
      all.slice(at, at + 20).map(async ({ begun, frames, abrupt }) => {
        const socket = await RawSocket.open(address);
        if (begun) socket.send({ type: "connection_init" });
        for (const frame of frames) {
          if (socket.socket.readyState === WebSocket.OPEN) socket.socket.send(frame);
        }
        if (!abrupt) await new Promise((resolve) => setTimeout(resolve, 20));
        socket.socket.close();
        codes.add((await socket.closed).code);
      }),
    );
  }
  // A socket that was there all the time works still.
  witness.send({ id: "w", type: "subscribe", payload: { query: "{ __typename }" } });
  assert.equal((await witness.next(({ id }) => id === "w")).type, "next");
  await victim.survived();
  assert.ok(
    [...codes].every((code) => [1005, 1006, 1000, 1007, 1011, 4400, 4401, 4409, 4429].includes(code)),
    `${[...codes]}`,
  );
});

/** A frame as a client builds it, with anything in place of what the standard allows. */
const rawFrames = fc.record({
  /** FIN, three reserved bits and the opcode. */
  first: fc.integer({ min: 0, max: 255 }),
  masked: fc.boolean(),
  /** What it says to be its length. */
  length: fc.oneof(fc.integer({ min: 0, max: 127 }), fc.constantFrom(126, 127)),
  rest: fc.uint8Array({ maxLength: 140 }),
}).map(({ first, masked, length, rest }) => [first, (masked ? 128 : 0) | length, ...rest]);

Deno.test("1,000 connections that speak no WebSocket once they are upgraded", async () => {
  await using victim = await Victim.start({ PARTERRE_MAX_SOCKETS_PER_CALLER: "200", PARTERRE_HEADER_TIMEOUT: "1" });
  const hello = [...new TextEncoder().encode(handshake(victim.url))];
  const all = fc.sample(fc.array(rawFrames, { minLength: 1, maxLength: 10 }), { numRuns: 1000, seed: 16 });
  for (let at = 0; at < all.length; at += 50) {
    await Promise.all(
      all.slice(at, at + 50).map(async (frames) => {
        assert.equal((await exchange(victim.url, Uint8Array.from([...hello, ...frames.flat()]))).status, 101);
      }),
    );
  }
  await victim.survived();
});
