/** How operators write what is to be kept. */

import type { RetentionPolicy } from "./retention.ts";

const TIMES: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const SIZES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Reads a time such as `12h`, `30d` or `8w`, in milliseconds; undefined for any other text. */
export function readTime(text: string): number | undefined {
  const { maxAgeMs, maxBytes } = readRetention(text) ?? {};
  return maxBytes === undefined ? maxAgeMs : undefined;
}

/**
 * Reads a time (`12h`, `30d`, `8w`), a size (`500MB`, `20GB`, `1TB`), or one of each with a comma between them.
 * @returns Undefined for any other text. The empty text keeps everything.
 */
export function readRetention(text: string): RetentionPolicy | undefined {
  if (text.trim() === "") return {};
  const policy: { maxAgeMs?: number; maxBytes?: number } = {};
  for (const part of text.split(",")) {
    const [, number, unit = ""] = /^\s*(\d{1,9}(?:\.\d+)?)\s*(h|d|w|MB|GB|TB)\s*$/.exec(part) ?? [];
    const [time, size] = [TIMES[unit], SIZES[unit]];
    const amount = Number(number);
    if (!(amount > 0)) return undefined;
    if (time !== undefined && policy.maxAgeMs === undefined) policy.maxAgeMs = amount * time;
    else if (size !== undefined && policy.maxBytes === undefined) policy.maxBytes = amount * size;
    else return undefined;
  }
  return policy;
}
