/** Results that many subscribers get: what is sent of them is written once, as one event or several in a row. */

import type { ExecutionResult } from "graphql";
import { shownResult } from "./shown_result.ts";

const encoder = new TextEncoder();
const END = "\n\n";

/** Where a result that is not framed has its event's sequence. */
const SEQUENCE = Symbol("sequence");

/** The same result, of an event of a sequence. */
export function sequenced(result: ExecutionResult, sequence: number): ExecutionResult {
  return Object.assign({ ...result }, { [SEQUENCE]: sequence });
}

/**
 * What comes before a result's JSON in a server-sent event. With the sequence as its id, an EventSource that reconnects
 * says by itself which event it got last.
 */
export function frameHead(result: ExecutionResult & { readonly [SEQUENCE]?: number }): string {
  return headOf(result[SEQUENCE]);
}

function headOf(sequence: number | undefined): string {
  return `event: next\n${sequence === undefined ? "" : `id: ${sequence}\n`}data: `;
}

/** A result of which the bytes are kept with it, for those who get the same; nobody changes them. */
export interface FramedResult extends ExecutionResult {
  /** Grows with every event of a stream; where a stream may go on after this one. */
  readonly sequence: number;
  /** As a server-sent event. */
  readonly frame: () => Uint8Array<ArrayBuffer>;
  /** As JSON. */
  readonly json: () => Uint8Array<ArrayBuffer>;
}

/** A result whose bytes are made when they are first asked for. */
export function framed(result: ExecutionResult, sequence: number): FramedResult {
  let made: Uint8Array<ArrayBuffer> | undefined;
  const head = headOf(sequence);
  const frame = () => made ??= encoder.encode(`${head}${JSON.stringify(shownResult(result))}${END}`);
  return { ...result, sequence, frame, json: () => frame().subarray(head.length, -END.length) };
}

/** Whether the bytes of a result are kept with it. */
export function isFramed(result: ExecutionResult): result is FramedResult {
  return "frame" in result;
}

/** Results that go out together. */
export class Batch {
  #frames: Uint8Array<ArrayBuffer> | undefined;

  /** @param results At least one, in order. */
  constructor(readonly results: readonly FramedResult[]) {}

  /** The sequence of the last one. */
  get last(): number {
    return this.results.at(-1)?.sequence ?? 0;
  }

  /** The results behind a sequence; null if there are none. */
  after(sequence: number): Batch | null {
    const rest = this.results.filter((result) => result.sequence > sequence);
    if (rest.length === this.results.length) return this;
    return rest.length === 0 ? null : new Batch(rest);
  }

  /** Server-sent events in a row, joined once for all who get them. */
  frames(): Uint8Array<ArrayBuffer> {
    return this.#frames ??= joined(this.results.map(({ frame }) => frame()));
  }
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
