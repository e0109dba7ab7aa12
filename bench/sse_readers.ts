/**
 * Many readers of one generation's events over server-sent events, in a process of their own: what they cost must not
 * be taken for the server's. Each is a bare connection, since a client library would take more time than the server.
 *
 * Arguments: the server's URL, the generation's id, how many readers. Prints one JSON line once all have their first
 * event, and one at the end.
 */

/** What the readers saw. */
export interface ReadersReport {
  /** Readers that got the last event. */
  readonly complete: number;
  /** Events that they got together. */
  readonly events: number;
  /** Milliseconds from an event's time to its arrival, without the readers' first ones: sorted, ascending. */
  readonly latencies: readonly number[];
}

const SUBSCRIPTION = `subscription ($id: ID!) {
  generationEvents(id: $id) {
    __typename at sequence
    ... on GenerationProgressEvent { step steps etaSeconds }
    ... on GenerationPreviewEvent { step image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status } }
  }
}`;

const AT = /"at":"([^"]+)"/;

interface Reader {
  events: number;
  complete: boolean;
}

/** Reads one stream to its end. */
async function read(server: URL, id: string, reader: Reader, arrived: (latencyMs: number | null) => void) {
  using connection = await Deno.connect({ hostname: server.hostname, port: Number(server.port) });
  const body = JSON.stringify({ query: SUBSCRIPTION, variables: { id } });
  const head = `POST /graphql HTTP/1.1\r\nhost: ${server.host}\r\naccept: text/event-stream\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head + body));
  const buffer = new Uint8Array(65_536);
  const decoder = new TextDecoder();
  let rest = "";
  for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer)) {
    const now = Date.now();
    rest += decoder.decode(buffer.subarray(0, size), { stream: true });
    for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
      const message = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (message.includes("event: complete")) {
        reader.complete = true;
        return;
      }
      const [, at] = AT.exec(message) ?? [];
      if (at === undefined) continue;
      arrived(reader.events === 0 ? null : now - Date.parse(at));
      reader.events++;
    }
  }
}

if (import.meta.main) {
  const [url = "", id = "", count = "0"] = Deno.args;
  const readers = Array.from({ length: Number(count) }, (): Reader => ({ events: 0, complete: false }));
  const latencies: number[] = [];
  let started = 0;
  const arrived = (latencyMs: number | null) => {
    if (latencyMs !== null) latencies.push(latencyMs);
    else if (++started === readers.length) console.log(JSON.stringify({ started }));
  };
  await Promise.all(readers.map((reader) => read(new URL(url), id, reader, arrived)));
  const report: ReadersReport = {
    complete: readers.filter(({ complete }) => complete).length,
    events: readers.reduce((sum, { events }) => sum + events, 0),
    latencies: latencies.toSorted((a, b) => a - b),
  };
  console.log(JSON.stringify(report));
}
