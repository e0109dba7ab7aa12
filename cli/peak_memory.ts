/** The peak memory of a process. */

import { resourceUsage } from "node:process";

/**
 * The most memory that a process has held, in bytes.
 * @param pid A process id, or `self`.
 * @returns NaN where the system does not tell; Linux does, and of other processes Deno tells to --allow-all only.
 */
export function peakMemory(pid: number | "self"): number {
  if (pid === "self") return Deno.build.os === "linux" ? resourceUsage().maxRSS * 1024 : NaN;
  try {
    const [, kilobytes] = Deno.readTextFileSync(`/proc/${pid}/status`).match(/^VmHWM:\s+(\d+) kB$/m) ?? [];
    return kilobytes === undefined ? NaN : Number(kilobytes) * 1024;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return NaN;
    throw error;
  }
}
