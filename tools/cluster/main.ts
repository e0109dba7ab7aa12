/** `deno task cluster`: a fleet on this machine, from Debian's, npm's and this repository's programs, until it is stopped. */

import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { startCluster } from "./cluster.ts";

const { servers, workers } = new Command("cluster")
  .description(
    "Starts PostgreSQL, Redis, an S3 server, servers, workers, Caddy and Prometheus on free ports of this machine.",
  )
  .option("--servers <n>", "how many answer clients", count, 2)
  .option("--workers <n>", "how many paint, with one thread each", count, 3)
  .parse(["deno", "cluster", ...Deno.args]).opts();

const stopped = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => stopped.resolve());

{
  await using cluster = await startCluster({ servers, workers, watched: true });
  for (const { name, url, pid } of [...cluster.servers, ...cluster.workers]) console.log(`${name}: ${url}, pid ${pid}`);
  console.log(`Prometheus: ${cluster.prometheus?.url}`);
  console.log(`Logs are in ${cluster.folder}. Ctrl+C, or \`kill ${Deno.pid}\`, ends it all`);
  console.log(`Parterre listens on ${cluster.url}/graphql`);
  await stopped.promise;
  console.log("Ends");
}
Deno.exit(0);

/** @throws {InvalidArgumentError} */
function count(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("must be a whole number from 1 to 99");
}
