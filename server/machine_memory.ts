/** How much memory this process may use. */

import process from "node:process";

/**
 * Bytes of memory that this machine has, or of the container's limit where that is lower. A container whose cgroups are
 * of version 1 and not in a namespace of their own does not show its limit.
 */
export function machineMemory(): number {
  return lowerOf(Deno.systemMemoryInfo().total, process.constrainedMemory());
}

/** The limit where there is one: platforms say 0, or more than there is, where there is none. */
export function lowerOf(total: number, limit: number): number {
  return limit > 0 ? Math.min(total, limit) : total;
}
