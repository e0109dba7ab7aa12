/** Prometheus as deploy/compose.cluster.yaml has it, but on a free port of this machine, and told where everything is. */

import { fileURLToPath } from "node:url";
import { freePort, programOf, startProgram, until } from "./service.ts";

/** Milliseconds until it must be ready. */
const PATIENCE_MS = 20_000;

const COMPOSE = new URL("../../../deploy/compose.cluster.yaml", import.meta.url);
const RULES = new URL("../../../docs/observability/alerts.yml", import.meta.url);

/** A running Prometheus; it ends with the program, or earlier with `await using`. */
export interface PrometheusService extends AsyncDisposable {
  /** Of its page, and of its API. */
  readonly url: string;
}

/**
 * Starts it with the compose file's configuration and the alert rules.
 * @param targets Addresses of servers and workers, for instance `127.0.0.1:8001`; they need not be there yet.
 * @throws {Error} that names the program if it is not installed: Debian's package is `prometheus`.
 */
export async function startPrometheus(targets: readonly string[]): Promise<PrometheusService> {
  const program = programOf("prometheus", "prometheus");
  const folder = Deno.makeTempDirSync({ prefix: "parterre-prometheus-" });
  Deno.writeTextFileSync(`${folder}/prometheus.yml`, configuration(targets));
  const address = `127.0.0.1:${freePort()}`;
  const running = startProgram(program, {
    args: [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`]
      .concat(`--web.listen-address=${address}`),
    folder,
  });
  const url = `http://${address}`;
  await until(async () => {
    const answer = await fetch(`${url}/-/ready`);
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`Prometheus is not ready: ${answer.status}`);
  }, PATIENCE_MS);
  return { url, ...running };
}

/** The compose file's, with addresses in place of the names of containers, and looks more often. */
function configuration(targets: readonly string[]): string {
  const [, indented = ""] =
    /^ {2}prometheus:\n {4}content: \|\n((?: {6}.*\n)+)/m.exec(Deno.readTextFileSync(COMPOSE)) ?? [];
  return indented.replaceAll(/^ {6}/gm, "")
    .replace(/(?<=scrape_interval: )\w+/, "1s\n  evaluation_interval: 1s")
    .replace("alerts.yml", JSON.stringify(fileURLToPath(RULES)))
    .replace(/dns_sd_configs:\n.*/, `static_configs: [${JSON.stringify({ targets })}]`);
}
