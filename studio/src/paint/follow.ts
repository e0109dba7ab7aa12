/** Follows the job's events through lost connections, servers that start again, laptops that sleep and keys that end. */

import { onEnd, pipe, subscribe } from "wonka";
import { client } from "../api/client.ts";
import { GenerationEventsDocument, QueuePositionDocument } from "../api/generated.ts";
import { keyRefused } from "../api/key.ts";
import { backoff } from "./backoff.ts";
import { afterEvent, type Followed, type GenerationEvent, isOver, UNHEARD } from "./events.ts";
import { connection, job, jobInput, type Painted, pictureOf, reason, show, shown } from "./job.ts";
import { forgetJob, keepJob, keepJobInput, keptJob } from "./kept_job.ts";

/** Without a word from the server for so long, it is asked again. */
const SILENCE_MS = 45_000;
/** How often the page looks whether it slept or was not answered. */
const LOOK_MS = 3_000;

/** The one follower that there is at any time. */
let follower: Follower | undefined;
const finished = new Set<(painted: Painted) => void>();

/** Calls back with every generation that ends while it is followed. */
export function onFinished(callback: (painted: Painted) => void): () => void {
  finished.add(callback);
  return () => finished.delete(callback);
}

/** Follows a generation from an event on, in place of the one that was followed before. */
export function follow(painted: Painted, after = 0): void {
  show(painted);
  keepJob(painted.generation.id, after);
  keepJobInput(painted.input);
  follower?.stop();
  follower = new Follower(painted.generation.id, after);
}

/** Goes on with the generation that was watched before the page was loaded, if there is one. */
export function resume(): void {
  const kept = keptJob();
  if (kept === null || follower !== undefined) return;
  jobInput.value = kept.input;
  follower = new Follower(kept.id, kept.sequence);
}

class Follower {
  #known: Followed;
  #sequence: number;
  #failures = 0;
  /** Grows with every connection: what an earlier one still says does not count. */
  #turn = 0;
  #unsubscribe: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = Date.now();
  #looked = Date.now();
  /** Whether the server wants another key. */
  #refused = false;
  readonly #before = shown.value;
  readonly #ended = new AbortController();

  constructor(private readonly id: string, after: number) {
    this.#known = { ...UNHEARD, generation: job.value?.id === id ? job.value : null };
    this.#sequence = after;
    const { signal } = this.#ended;
    const look = setInterval(() => this.#look(), LOOK_MS);
    signal.addEventListener("abort", () => clearInterval(look));
    addEventListener("online", () => this.#connect(), { signal });
    document.addEventListener("visibilitychange", () => this.#returned(), { signal });
    signal.addEventListener("abort", keyRefused.subscribe((refused) => !refused && this.#refused && this.#connect()));
    this.#connect();
  }

  stop(): void {
    this.#ended.abort();
    this.#turn++;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    connection.value = "none";
  }

  #connect(): void {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#heard = Date.now();
    this.#refused = false;
    const current = <Args extends readonly unknown[]>(act: (...args: Args) => void) => (...args: Args) => {
      if (turn === this.#turn) act(...args);
    };
    const variables = { id: this.id, after: this.#sequence, preview: { maxEdge: previewEdge() } };
    const { unsubscribe } = pipe(
      client.subscription(GenerationEventsDocument, variables),
      onEnd(current(() => this.#lost())),
      subscribe(current(({ data, error }) => {
        if (error?.graphQLErrors.some(({ message }) => message.startsWith("No generation"))) this.#gone();
        else if (error !== undefined) this.#lost();
        else if (data) this.#heardOf(data.generationEvents);
      })),
    );
    if (turn === this.#turn) this.#unsubscribe = unsubscribe;
    else unsubscribe();
  }

  #heardOf(event: GenerationEvent): void {
    this.#heard = Date.now();
    this.#failures = 0;
    connection.value = "live";
    this.#sequence = event.sequence;
    keepJob(this.id, event.sequence);
    this.#know(afterEvent(this.#known, event));
  }

  #know(known: Followed): void {
    this.#known = known;
    const { generation, preview } = known;
    if (generation === null) return;
    job.value = generation;
    reason.value = known.reason;
    const picture = pictureOf(generation) ?? (isOver(generation.status) ? this.#before : preview);
    if (picture?.url !== shown.value?.url) shown.value = picture ?? shown.value;
    if (!isOver(generation.status)) return;
    this.stop();
    for (const callback of finished) callback({ generation, input: jobInput.value });
  }

  #lost(): void {
    this.#turn++;
    this.#unsubscribe();
    connection.value = "lost";
    this.#refused = keyRefused.value;
    if (this.#refused) return; // goes on with the next key
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#failures++));
  }

  /** It was deleted, or is another key's. */
  #gone(): void {
    this.stop();
    forgetJob();
    if (job.value?.id === this.id) job.value = null;
  }

  #returned(): void {
    const quiet = connection.value === "lost" || Date.now() - this.#heard > LOOK_MS;
    if (document.visibilityState === "visible" && quiet) this.#connect();
  }

  #look(): void {
    const slept = Date.now() - this.#looked > 4 * LOOK_MS;
    this.#looked = Date.now();
    if (connection.value === "lost") return;
    if (slept || Date.now() - this.#heard > SILENCE_MS) this.#connect();
    else if (this.#known.generation?.status === "QUEUED") void this.#askPosition();
  }

  /** Nobody tells those who wait that others were served. */
  async #askPosition(): Promise<void> {
    const { data } = await client.query(QueuePositionDocument, { id: this.id }).toPromise();
    const { generation } = this.#known;
    if (this.#ended.signal.aborted || generation?.status !== "QUEUED" || !data?.generation) return;
    this.#know({ ...this.#known, generation: { ...generation, queuePosition: data.generation.queuePosition } });
  }
}

/** The longest edge of previews in pixels: that of the canvas, in steps, so that those who watch share previews. */
function previewEdge(): number {
  const canvas = document.querySelector("[aria-label='Canvas']");
  const edge = Math.max(canvas?.clientWidth ?? 0, canvas?.clientHeight ?? 0) * devicePixelRatio;
  return Math.min(1024, Math.max(256, Math.ceil(edge / 128) * 128));
}
