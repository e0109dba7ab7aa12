/** `/metrics`, and who may read it. */

import { AuthenticationError } from "../access/authenticator.ts";
import type { Caller } from "../access/caller.ts";
import type { Metrics } from "../observe/metrics.ts";
import { isLoopback } from "./loopback.ts";
import { refuseWriting } from "./only_reads.ts";
import type { Visit } from "./visit.ts";

/** Who may read the metrics: programs on this machine and keys with the scope `admin`, anybody, or nobody. */
export type MetricsReaders = "loopback" | "all" | "none";

/** Headers that a proxy adds: a request that was passed on only looks as if it came from this machine. */
const PASSED_ON = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/**
 * Whether this request may read the metrics.
 * @param caller Null if it has no key that is known.
 * @param peer The other end of the connection.
 */
export function metricsAllowed(
  { headers }: Pick<Request, "headers">,
  caller: Pick<Caller, "owner" | "scopes"> | null,
  peer: string,
  readers: Exclude<MetricsReaders, "none">,
): boolean {
  if (readers === "all") return true;
  // Whoever calls a server that asks for no keys may do everything else, but has no key.
  if (caller !== null && caller.owner !== null && caller.scopes.has("admin")) return true;
  return isLoopback(peer.replace(/^::ffff:/i, "")) && !PASSED_ON.some((name) => headers.has(name));
}

/** The answer to a request for the metrics, in Prometheus' text format. */
export async function serveMetrics(
  request: Request,
  { registry }: Metrics,
  visit: Visit,
  peer: string,
  readers: MetricsReaders,
): Promise<Response> {
  if (readers === "none") return new Response("Not found", { status: 404 });
  const refused = refuseWriting(request);
  if (refused !== undefined) return refused;
  if (!metricsAllowed(request, await callerOf(visit), peer, readers)) return new Response("Forbidden", { status: 403 });
  const headers = { "content-type": registry.contentType, "cache-control": "no-store" };
  return new Response(request.method === "HEAD" ? null : await registry.metrics(), { headers });
}

async function callerOf(visit: Visit): Promise<Caller | null> {
  try {
    return await visit.identify();
  } catch (error) {
    if (error instanceof AuthenticationError) return null;
    throw error;
  }
}
