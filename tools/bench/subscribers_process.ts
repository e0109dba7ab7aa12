/**
 * Many subscribers of one generation, and queries beside them, in a process of their own: what they cost must not be
 * taken for the server's. Each is a bare connection, since a client library would take more time than the server.
 * It shares the cores with the server, so it does as little as it can: what it takes delays what it measures.
 *
 * Arguments: the server's URL, the generation's id, how many by server-sent events, how many by WebSocket, queries per
 * second. Prints one JSON line once all subscribers have their first event, and a {@link SubscribersReport} at the end.
 */

import { clientFrame, FrameHeads, LineHeads, PONG } from "./message_heads.ts";

/** What the subscribers saw. */
export interface SubscribersReport {
  /** Subscribers that got to the end. */
  readonly complete: number;
  /** Events that they got together. */
  readonly events: number;
  /** Milliseconds from an event's time to its arrival, without everybody's first one, in ascending order. */
  readonly latencies: readonly number[];
  /** Milliseconds that queries took, in ascending order. */
  readonly queries: readonly number[];
  /** Queries that were not answered. */
  readonly failedQueries: number;
}

const SUBSCRIPTION = `subscription ($id: ID!) {
  generationEvents(id: $id) {
    __typename at sequence
    ... on GenerationProgressEvent { step steps etaSeconds }
    ... on GenerationPreviewEvent { step image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status } }
  }
}`;

const QUERY = "query ($id: ID!) { generation(id: $id) { status step etaSeconds } }";

/** A result begins with the event's type and time, so that the preview behind them need not be read. */
const AT = /"at":"([^"]+)"/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function connect({ hostname, port }: URL): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname, port: Number(port) });
}

function post({ host }: URL, body: string, headers: string): Uint8Array<ArrayBuffer> {
  const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n${headers}`;
  return encoder.encode(`${head}content-length: ${body.length}\r\n\r\n${body}`);
}

async function send(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** @throws {Error} if the connection ends before `complete` is true. */
async function read(
  connection: Deno.TcpConn,
  push: (bytes: Uint8Array) => void,
  complete: () => boolean,
): Promise<void> {
  const buffer = new Uint8Array(65_536);
  while (!complete()) {
    const size = await connection.read(buffer);
    if (size === null) throw new Error("The connection ended before the generation did");
    push(buffer.subarray(0, size));
  }
}

/** One subscriber's events as they arrive. */
type Arrived = (at: string) => void;

/** Reads server-sent events to the end of the stream. */
async function followBySse(server: URL, id: string, arrived: Arrived): Promise<void> {
  let complete = false;
  const lines = new LineHeads((line) => {
    if (line.startsWith("event: complete")) complete = true;
    const [, at] = AT.exec(line) ?? [];
    if (at !== undefined) arrived(at);
  });
  using connection = await connect(server);
  const body = JSON.stringify({ query: SUBSCRIPTION, variables: { id } });
  await send(connection, post(server, body, "accept: text/event-stream\r\n"));
  await read(connection, (bytes) => lines.push(bytes), () => complete);
}

/** Reads messages of a socket of its own until the subscription completes. */
async function followByWebSocket(server: URL, id: string, arrived: Arrived): Promise<void> {
  let complete = false, open = false;
  using connection = await connect(server);
  const say = (message: object) => void send(connection, clientFrame(JSON.stringify(message)));
  const frames = new FrameHeads((message) => {
    const [, at] = AT.exec(message) ?? [];
    if (at !== undefined) arrived(at);
    else if (message.includes('"connection_ack"')) {
      say({ id: "1", type: "subscribe", payload: { query: SUBSCRIPTION, variables: { id } } });
    } else if (message.includes('"complete"')) complete = true;
    else if (message.includes('"ping"')) say({ type: "pong" });
  }, () => void send(connection, PONG));
  const hello = `GET /graphql HTTP/1.1\r\nhost: ${server.host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
    "sec-websocket-version: 13\r\nsec-websocket-protocol: graphql-transport-ws\r\n" +
    `sec-websocket-key: ${btoa("sixteen bytes ok")}\r\n\r\n`;
  await send(connection, encoder.encode(hello));
  await read(connection, (bytes) => {
    if (open) return frames.push(bytes);
    // The answer's head comes alone: nothing is sent before this side has spoken.
    if (!decoder.decode(bytes).startsWith("HTTP/1.1 101 ")) throw new Error(decoder.decode(bytes));
    open = true;
    say({ type: "connection_init" });
  }, () => complete);
}

/** Sends queries at a rate until it is told to stop, over connections that are kept. */
class Queries {
  readonly tookMs: number[] = [];
  failed = 0;
  readonly #idle: Deno.TcpConn[] = [];
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly server: URL, id: string, perSecond: number) {
    const query = post(server, JSON.stringify({ query: QUERY, variables: { id } }), "accept: application/json\r\n");
    const ask = async () => {
      const since = performance.now();
      try {
        await this.#ask(query);
        this.tookMs.push(performance.now() - since);
      } catch {
        this.failed++;
      }
    };
    if (perSecond > 0) this.#timer = setInterval(ask, 1000 / perSecond);
  }

  /** A kept connection may be one that the server has closed by now, as clients of HTTP know: then a new one asks again. */
  async #ask(query: Uint8Array): Promise<void> {
    const kept = this.#idle.pop();
    if (kept !== undefined) {
      try {
        return await this.#askBy(kept, query);
      } catch {
        kept.close();
      }
    }
    await this.#askBy(await connect(this.server), query);
  }

  async #askBy(connection: Deno.TcpConn, query: Uint8Array): Promise<void> {
    await send(connection, query);
    const answer = new Uint8Array(4096);
    let size = 0;
    // The answer is small and ends as its JSON does.
    while (
      answer[size - 1] !== 125 || !decoder.decode(answer.subarray(0, size)).includes('\r\n\r\n{"data":{"generation":{')
    ) {
      const more = await connection.read(answer.subarray(size));
      if (more === null || size + more === answer.length) throw new Error("No answer that is understood");
      size += more;
    }
    this.#idle.push(connection);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function main([url = "", id = "", sse = "0", ws = "0", perSecond = "0"]: readonly string[]): Promise<void> {
  const server = new URL(url);
  const count = Number(sse) + Number(ws);
  const latencies: number[] = [];
  let begun = 0, events = 0, complete = 0;
  let queries: Queries | undefined;
  const follow = async (by: typeof followBySse) => {
    let first = true;
    const arrived = (at: string) => {
      events++;
      if (!first) latencies.push(Date.now() - Date.parse(at));
      else if (++begun === count) {
        console.log(JSON.stringify({ begun }));
        queries = new Queries(server, id, Number(perSecond));
      }
      first = false;
    };
    try {
      await by(server, id, arrived);
      complete++;
    } catch (error) {
      console.error(error);
    }
  };
  const followers: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    followers.push(follow(i < Number(sse) ? followBySse : followByWebSocket));
    if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 20)); // no more than a backlog at once
  }
  await Promise.all(followers);
  queries?.stop();
  const report: SubscribersReport = {
    complete,
    events,
    latencies: latencies.toSorted((a, b) => a - b),
    queries: queries?.tookMs.toSorted((a, b) => a - b) ?? [],
    failedQueries: queries?.failed ?? 0,
  };
  console.log(JSON.stringify(report));
}

if (import.meta.main) {
  await main(Deno.args);
  Deno.exit(0);
}
