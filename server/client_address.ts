/** Where a request comes from, also behind proxies. */

/**
 * The client's address.
 * @param peer The address at the other end of the connection.
 * @param forwardedFor The `X-Forwarded-For` header: the client, then each proxy but the last, as each saw the one before.
 * @param proxies How many proxies of the operator's every request passes; what is farther to the left anybody can write.
 */
export function clientAddress(peer: string, forwardedFor: string | null, proxies: number): string {
  if (proxies === 0 || forwardedFor === null) return peer;
  const hops = forwardedFor.split(",").map((hop) => hop.trim());
  return hops.at(-proxies) ?? hops[0] ?? peer;
}
