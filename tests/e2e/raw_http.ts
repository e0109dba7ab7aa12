/** HTTP by hand, for requests that no client library would send. */

/** An answer, as far as tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends bytes over a connection of its own and reads the head of the answer, and its body up to some length. */
export async function exchange(url: string, request: string | Uint8Array, limit = 100_000): Promise<Answer> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const bytes = typeof request === "string" ? new TextEncoder().encode(request) : request;
  const sending = sendAll(connection, bytes);
  const text = await receive(connection, limit);
  await sending;
  return readAnswer(text);
}

async function sendAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch {
    // The server may have had enough before the end.
  }
}

/** Reads until the other side ends, or the limit, or the end of an answer that upgrades. */
async function receive(connection: Deno.Conn, limit: number): Promise<string> {
  const chunk = new Uint8Array(64 * 1024);
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < limit && !/^HTTP\/1.1 101 [^]*\r\n\r\n/.test(text)) {
      const read = await connection.read(chunk);
      if (read === null) break;
      text += decoder.decode(chunk.subarray(0, read), { stream: true });
    }
  } catch {
    // A reset ends it as well.
  }
  return text;
}

function readAnswer(text: string): Answer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = new Map(fields.map((field) => {
    const at = field.indexOf(":");
    return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()];
  }));
  return { status: Number(line.split(" ")[1] ?? NaN), headers, body: body.join("\r\n\r\n") };
}
