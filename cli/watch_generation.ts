/** Follows a generation to its end, whatever the connection does, and says how it is going. */

import { join } from "node:path";
import { fromDataUrl } from "../image/data_url.ts";
import { type GraphqlClient, RequestError, UnreachableError } from "./graphql_client.ts";
import type { Output } from "./output.ts";
import { ProgressBar } from "./progress_bar.ts";

/** A generation, as far as commands tell of it. */
export interface WatchedGeneration {
  readonly id: string;
  readonly status: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED" | "CANCELING" | "EXPIRED";
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly steps: number;
  /** How many pictures it has. */
  readonly count: number;
  readonly queuePosition: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly image: { readonly url: string; readonly mimeType: string } | null;
}

const GENERATION = `fragment Watched on Generation {
  id status seed width height step steps count queuePosition
  error { code message }
  image { url mimeType }
}`;

const WATCH = `subscription Watch($id: ID!, $after: Int, $preview: PreviewInput, $inline: Boolean!) {
  generationEvents(id: $id, after: $after, preview: $preview) {
    __typename
    sequence
    at
    ... on GenerationSnapshotEvent { generation { ...Watched } }
    ... on GenerationStatusEvent { status reason }
    ... on GenerationProgressEvent { step steps fraction etaSeconds }
    ... on GenerationPreviewEvent { step steps picture image { url width height dataUrl @include(if: $inline) } }
    ... on GenerationCompletedEvent { generation { ...Watched } }
  }
}
${GENERATION}`;

const STAND = `query Stand($id: ID!) { generation(id: $id) { ...Watched } }
${GENERATION}`;

const CANCEL = `mutation Cancel($id: ID!) {
  cancelGeneration(id: $id) { ... on CancelGenerationPayload { outcome } ... on Error { message } }
}`;

/** An event as it is sent. */
export type WatchEvent =
  & {
    readonly sequence: number;
    readonly at: string;
  }
  & ({
    readonly __typename: "GenerationSnapshotEvent" | "GenerationCompletedEvent";
    readonly generation: WatchedGeneration;
  } | {
    readonly __typename: "GenerationStatusEvent";
    readonly status: WatchedGeneration["status"];
    readonly reason: string | null;
  } | {
    readonly __typename: "GenerationProgressEvent";
    readonly step: number;
    readonly steps: number;
    readonly fraction: number;
    readonly etaSeconds: number | null;
  } | {
    readonly __typename: "GenerationPreviewEvent";
    readonly step: number;
    readonly steps: number;
    /** Which of several it shows, from 0. */
    readonly picture: number;
    readonly image: { readonly url: string | null; readonly width: number; readonly height: number; dataUrl?: string };
  });

/** How a generation is watched. */
export interface WatchOptions {
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Where previews are kept, as `preview-01.png` and so on; of several pictures with which it is, `preview-01-2.png`. */
  readonly previews?: string | undefined;
  /** Whether an interruption cancels it. */
  readonly cancel: boolean;
  /** Called with every event once, inline pictures left out. */
  readonly onEvent?: (event: WatchEvent) => void;
}

/** What came of a generation. */
export interface Watched {
  readonly generation: WatchedGeneration;
  /** How many previews there were. */
  readonly previews: number;
}

/** Milliseconds between attempts to come back, and how many there are: a server that restarts is back by then. */
const COME_BACK = { everyMs: 1000, attempts: 30 };

/** Previews that are kept or counted. */
const PREVIEW = { format: "PNG", maxEdge: 512, every: 1 };

/** Milliseconds between questions for the position in the queue. */
const QUEUE_POLL_MS = 2000;

/** Milliseconds that a canceled generation may take to end. */
const CANCEL_PATIENCE_MS = 10_000;

/**
 * Follows a generation until it has ended.
 * @throws {Interruption} if it was interrupted; canceled then, if that was asked for.
 * @throws {RequestError} if there is none.
 */
export async function watchGeneration(client: GraphqlClient, id: string, options: WatchOptions): Promise<Watched> {
  const { output, signal } = options;
  const watch = new Watch(client, id, options);
  try {
    return await watch.toTheEnd(signal);
  } catch (error) {
    watch.bar.end();
    if (!signal.aborted) throw error;
    if (options.cancel) await cancel();
    throw signal.reason;
  } finally {
    watch.bar.end();
  }

  async function cancel(): Promise<void> {
    output.progress(`Canceling ${id}`);
    const patience = AbortSignal.timeout(CANCEL_PATIENCE_MS);
    try {
      await client.request(CANCEL, { id }, { signal: patience });
      await watch.toTheEnd(patience);
      output.progress(`${id} is canceled`);
    } catch (error) {
      output.say(`Cannot cancel ${id}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** One generation, and what was seen of it. */
class Watch {
  readonly bar = new ProgressBar(Deno.stderr);
  /** The latest sequence seen; null before the first event. */
  #sequence: number | null = null;
  #previews = 0;
  /** How many pictures there are, told by the snapshot, which comes first. */
  #count = 1;
  #progress: { step: number; steps: number; etaSeconds: number | null } | undefined;

  constructor(
    private readonly client: GraphqlClient,
    private readonly id: string,
    private readonly options: WatchOptions,
  ) {}

  async toTheEnd(signal: AbortSignal): Promise<Watched> {
    for (let attempt = 0;; attempt++) {
      const before = this.#sequence;
      try {
        const generation = await this.#follow(signal);
        if (generation !== undefined) return { generation, previews: this.#previews };
      } catch (error) {
        signal.throwIfAborted();
        // 5xx: the server restarts behind its proxy, or shuts down.
        const passing = error instanceof UnreachableError || (error instanceof RequestError && error.status >= 500);
        if (!passing || this.#sequence === null || attempt >= COME_BACK.attempts) throw error;
      }
      signal.throwIfAborted(); // an interrupted stream ends quietly
      if (this.#sequence !== before) attempt = 0;
      if (attempt === 0) {
        this.bar.end();
        this.options.output.progress(`The connection was lost; coming back to ${this.id}`);
      }
      await pause(COME_BACK.everyMs, signal);
    }
  }

  /** One connection: the ended generation, or undefined if the stream ended before. */
  async #follow(signal: AbortSignal): Promise<WatchedGeneration | undefined> {
    const { onEvent, output, previews } = this.options;
    const variables = { id: this.id, after: this.#sequence ?? 0, preview: PREVIEW, inline: previews !== undefined };
    const waiting = new AbortController();
    try {
      const events = this.client.subscribe<{ generationEvents: WatchEvent }>(WATCH, variables, { signal });
      for await (const { generationEvents: event } of events) {
        // The snapshot of a later connection stands at a sequence that was seen.
        if (this.#sequence !== null && event.sequence <= this.#sequence) continue;
        this.#sequence = event.sequence;
        this.#take(event);
        onEvent?.(event);
        if (event.__typename === "GenerationSnapshotEvent" && event.generation.status === "QUEUED") {
          this.#showQueue(AbortSignal.any([signal, waiting.signal]));
        }
        if (event.__typename === "GenerationStatusEvent" && event.status !== "QUEUED") waiting.abort();
        // Each step's preview comes behind its progress.
        if (event.__typename === "GenerationPreviewEvent" && this.#progress !== undefined && !output.quiet) {
          this.bar.show({ ...this.#progress, previews: this.#previews });
        }
        if (event.__typename === "GenerationCompletedEvent") return event.generation;
      }
      return undefined;
    } finally {
      waiting.abort();
    }
  }

  #take(event: WatchEvent): void {
    if (event.__typename === "GenerationStatusEvent" && event.reason !== null) {
      this.bar.end();
      this.options.output.progress(event.reason);
    }
    if (event.__typename === "GenerationSnapshotEvent") this.#count = event.generation.count;
    if (event.__typename === "GenerationProgressEvent") this.#progress = event;
    if (event.__typename !== "GenerationPreviewEvent") return;
    this.#previews++;
    const { previews } = this.options;
    const { dataUrl } = event.image;
    if (previews === undefined || dataUrl === undefined) return;
    const digits = String(event.steps).length;
    const which = this.#count > 1 ? `-${event.picture + 1}` : "";
    const name = `preview-${String(event.step).padStart(Math.max(2, digits), "0")}${which}.png`;
    Deno.writeFileSync(join(previews, name), fromDataUrl(dataUrl));
    delete event.image.dataUrl; // it is in the file
  }

  /** Tells the position in the queue, which no event does, until it is no longer waiting. */
  async #showQueue(signal: AbortSignal): Promise<void> {
    if (this.options.output.quiet) return;
    try {
      for (;; await pause(QUEUE_POLL_MS, signal)) {
        const { generation } = await this.client.request<{ generation: WatchedGeneration | null }>(
          STAND,
          { id: this.id },
          { signal },
        );
        if (generation?.queuePosition === null || generation?.queuePosition === undefined) continue;
        const { queuePosition: before } = generation;
        this.bar.text(before === 0 ? "Waiting: it is next" : `Waiting: ${before} before it`);
      }
    } catch {
      // It is no longer waiting, or the connection is lost, which the events tell too.
    }
  }
}

/** Waits. @throws the signal's reason as soon as it aborts. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      signal.aborted ? reject(signal.reason) : resolve();
    }
  });
}
