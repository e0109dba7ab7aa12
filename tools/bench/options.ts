/** The bench's command line. */

import { parseArgs } from "node:util";

/** What to measure and how. */
export interface BenchOptions {
  readonly json: boolean;
  /** Few repeats, at 256 x 256 only: to see that everything runs. */
  readonly quick: boolean;
  /** Pairs that a ratio is the median of. */
  readonly repeats: number;
  /** A Python with the packages of `peer/requirements.txt`; null: the peer is not asked. */
  readonly peer: string | null;
  /** Names of groups; empty for all. */
  readonly only: readonly string[];
}

const REPEATS = 15;
const QUICK_REPEATS = 3;

/**
 * Reads the command line.
 * @param groups The names that `--only` knows.
 * @throws {RangeError} on a number of repeats or a group that makes no sense.
 * @throws {TypeError} on an unknown option.
 */
export function readOptions(args: readonly string[], groups: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      repeats: { type: "string" },
      peer: { type: "string" },
      only: { type: "string", multiple: true, default: [] },
    },
  });
  const repeats = values.repeats === undefined ? (values.quick ? QUICK_REPEATS : REPEATS) : Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new RangeError(`Cannot repeat "${values.repeats}" times: it must be a whole number from 1`);
  }
  const unknown = values.only.find((name) => !groups.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`Cannot measure "${unknown}": the groups are ${groups.join(", ")}`);
  }
  return { json: values.json, quick: values.quick, repeats, peer: values.peer ?? null, only: values.only };
}
