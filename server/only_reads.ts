/** What is there to be read and nothing else. */

/** The refusal of a request that is neither GET nor HEAD; undefined for those. */
export function refuseWriting({ method }: Pick<Request, "method">): Response | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  return new Response("Method not allowed", { status: 405, headers: { allow: "GET, HEAD" } });
}
