/** Caddy as it stands in front of several servers, but on a free port of this machine, and without a certificate. */

import { fileURLToPath } from "node:url";
import { freePort, programOf, startProgram, until } from "./service.ts";

/** Milliseconds until it must listen. */
const PATIENCE_MS = 20_000;

const CADDYFILE = fileURLToPath(new URL("../../../deploy/Caddyfile.cluster", import.meta.url));

/** A running proxy; it ends with the program, or earlier with `await using`. */
export interface CaddyService extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the proxy; the servers need not be there yet.
 * @param upstreams Addresses of servers, for instance `127.0.0.1:8001`.
 * @throws {Error} that names the program if it is not installed: Debian's package is `caddy`.
 */
export async function startCaddy(upstreams: readonly string[]): Promise<CaddyService> {
  const program = programOf("caddy", "caddy");
  const folder = Deno.makeTempDirSync({ prefix: "parterre-caddy-" });
  const url = `http://127.0.0.1:${freePort()}`;
  // The options of the whole program must come first; without them it would serve an interface for administration.
  Deno.writeTextFileSync(
    `${folder}/Caddyfile`,
    `{\n\tadmin off\n\tstorage file_system ${folder}\n}\nimport ${CADDYFILE}\n`,
  );
  const running = startProgram(program, {
    args: ["run", "--adapter", "caddyfile", "--config", `${folder}/Caddyfile`],
    env: { HOME: folder, PARTERRE_DOMAIN: url, PARTERRE_UPSTREAMS: upstreams.join(" ") },
    folder,
  });
  await until(async () => await (await fetch(`${url}/metrics`)).body?.cancel(), PATIENCE_MS); // it answers by itself
  return { url, ...running };
}
