/**
 * Many subscribers of one generation, and queries beside them, in a process of their own: what they cost must not be
 * taken for the server's. Each is a bare connection, since a client library would take more time than the server.
 *
 * Arguments: the server's URL, the generation's id, how many by server-sent events, how many by WebSocket, queries per
 * second. Prints one JSON line once all subscribers have their first event, and a {@link SubscribersReport} at the end.
 */

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

/** One subscriber's events as they arrive. */
type Arrived = (at: string) => void;

/** Reads server-sent events to the end of the stream. */
async function followBySse(server: URL, id: string, arrived: Arrived): Promise<void> {
  using connection = await Deno.connect({ hostname: server.hostname, port: Number(server.port) });
  const body = JSON.stringify({ query: SUBSCRIPTION, variables: { id } });
  const head = `POST /graphql HTTP/1.1\r\nhost: ${server.host}\r\naccept: text/event-stream\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head + body));
  const buffer = new Uint8Array(65_536);
  const decoder = new TextDecoder();
  let rest = "";
  for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
    rest += decoder.decode(buffer.subarray(0, size), { stream: true });
    for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
      const message = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (message.includes("event: complete")) return;
      const [, at] = AT.exec(message) ?? [];
      if (at !== undefined) arrived(at);
    }
  }
  throw new Error("The stream ended before the generation did");
}

/** Reads messages of a socket of its own until the subscription completes. */
async function followByWebSocket(server: URL, id: string, arrived: Arrived): Promise<void> {
  const socket = new WebSocket(`ws://${server.host}/graphql`, "graphql-transport-ws");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.addEventListener("open", () => socket.send('{"type":"connection_init"}'));
  socket.addEventListener("close", () => reject(new Error("The socket closed before the generation ended")));
  socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
    const [, at] = AT.exec(data) ?? [];
    if (at !== undefined) return arrived(at);
    if (data.includes('"connection_ack"')) {
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: SUBSCRIPTION, variables: { id } } }));
    } else if (data.includes('"complete"')) resolve();
    else if (data.includes('"ping"')) socket.send('{"type":"pong"}');
    else if (data.includes('"error"')) reject(new Error(data));
  });
  try {
    await promise;
  } finally {
    socket.close();
  }
}

/** Sends queries at a rate until it is told to stop. */
class Queries {
  readonly tookMs: number[] = [];
  failed = 0;
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  constructor(server: URL, id: string, perSecond: number) {
    const body = JSON.stringify({ query: QUERY, variables: { id } });
    const headers = { "content-type": "application/json" };
    const send = async () => {
      const since = performance.now();
      try {
        const response = await fetch(new URL("/graphql", server), { method: "POST", headers, body });
        const { errors } = await response.json();
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        this.tookMs.push(performance.now() - since);
      } catch {
        this.failed++;
      }
    };
    if (perSecond > 0) this.#timer = setInterval(send, 1000 / perSecond);
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
