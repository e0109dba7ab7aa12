/** Times, sizes and shares as people say them. */

/** `less than a second`, `about 40 seconds`, `about 3 minutes`. */
export function duration(seconds: number): string {
  if (seconds < 1) return "less than a second";
  if (seconds < 90) return `about ${count(seconds < 10 ? Math.round(seconds) : 5 * Math.round(seconds / 5), "second")}`;
  if (seconds < 90 * 60) return `about ${count(Math.round(seconds / 60), "minute")}`;
  return `about ${count(Math.round(seconds / 360) / 10, "hour")}`;
}

/** `58 MB`, `2.1 GB`. */
export function bytes(size: number): string {
  if (size < 999.5e6) return `${Math.max(1, Math.round(size / 1e6))} MB`;
  const gigabytes = size / 1e9;
  return `${gigabytes.toFixed(gigabytes < 10 ? 1 : 0)} GB`;
}

/** `33 %`; a share that is there but small is `less than 1 %`. */
export function share(fraction: number): string {
  if (fraction > 0 && fraction < 0.005) return "less than 1 %";
  return `${Math.round(100 * fraction)} %`;
}

function count(amount: number, unit: string): string {
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`;
}
