/** The peak memory of a process. */

/**
 * The most memory that a process has held, in bytes.
 * @param pid A process id, or `self`.
 * @returns NaN where the system does not tell; Linux does, and Deno opens /proc to --allow-all only.
 */
export function peakMemory(pid: number | "self"): number {
  try {
    const [, kilobytes] = Deno.readTextFileSync(`/proc/${pid}/status`).match(/^VmHWM:\s+(\d+) kB$/m) ?? [];
    return kilobytes === undefined ? NaN : Number(kilobytes) * 1024;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return NaN;
    throw error;
  }
}
