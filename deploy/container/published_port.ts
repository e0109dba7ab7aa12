/** A port of this machine's loopback that leads to one of a container which has no network but its own loopback. */

/** Such a port, until it is closed. */
export interface PublishedPort extends AsyncDisposable {
  /** For instance `http://127.0.0.1:49152`. */
  readonly url: string;
}

/**
 * Publishes a port, as engines do for containers with a network: a listener here hands every connection to one that was
 * started in the container's network. Between them is a socket file, which passes where networks do not.
 * @param process The container's process 1, by its id on this machine.
 */
export async function publish(process: number, port: number): Promise<PublishedPort> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-port-" });
  const socket = `${folder}/socket`;
  const inside = spawn("nsenter", [
    `--net=/proc/${process}/ns/net`,
    "socat",
    `UNIX-LISTEN:${socket},fork`,
    `TCP:127.0.0.1:${port}`,
  ]);
  const free = freePort();
  const outside = spawn("socat", [`TCP-LISTEN:${free},bind=127.0.0.1,fork,reuseaddr`, `UNIX-CONNECT:${socket}`]);
  for (let tries = 0; tries < 100; tries++) {
    const made = await Deno.lstat(socket).then(() => true, () => false);
    if (made && await listens(free)) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    url: `http://127.0.0.1:${free}`,
    [Symbol.asyncDispose]: async () => {
      for (const child of [outside, inside]) {
        child.kill("SIGTERM");
        await child.status;
      }
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

function spawn(program: string, args: string[]): Deno.ChildProcess {
  // What a connection that the other side cut off has to say is no news.
  return new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
