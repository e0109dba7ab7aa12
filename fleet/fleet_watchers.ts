/**
 * Who watches which previews, in a whole fleet: a server writes down what its subscribers want, and the worker that paints
 * reads it, when it begins and whenever that changes.
 */

import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import { type PaintedPreviews, PreviewWatchers } from "../jobs/preview_watchers.ts";
import type { Bell } from "../store/sql/bell.ts";
import { readJson } from "./read_json.ts";
import type { FleetRedis } from "./redis.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds until what a server wrote is forgotten, unless it writes it again, as it does three times as often. */
const FORGOTTEN_MS = 60_000;

/** What one server's subscribers to one generation want. */
interface Wishes {
  /** Every so many previews. */
  readonly every: readonly number[];
  /** Milliseconds since the epoch, by Redis's clock. */
  readonly at: number;
}

const WISHES: z.ZodType<Wishes> = z.object({ every: z.array(z.int().positive()), at: z.number() });

/** The watchers of one process, who see and are seen by the others. */
export class FleetWatchers extends PreviewWatchers {
  readonly #self = crypto.randomUUID();
  /** By generation: what is watched here, once for each who watches. */
  readonly #own = new Map<string, number[]>();
  readonly #refreshing: ReturnType<typeof setInterval>;

  constructor(private readonly redis: FleetRedis, private readonly bell: Bell) {
    super();
    this.#refreshing = setInterval(() => {
      for (const id of this.#own.keys()) this.#write(id);
    }, FORGOTTEN_MS / 3);
  }

  override watch(id: string, every: number): () => void {
    const stop = super.watch(id, every);
    const own = this.#own.get(id) ?? [];
    this.#own.set(id, own);
    own.push(every);
    if (own.indexOf(every) === own.length - 1) this.#write(id);
    let ended = false;
    return () => {
      stop();
      if (ended) return;
      ended = true;
      own.splice(own.indexOf(every), 1);
      if (own.length === 0) this.#own.delete(id);
      if (!own.includes(every)) this.#write(id);
    };
  }

  override paint(id: string, request: Parameters<PreviewWatchers["paint"]>[1]): PaintedPreviews {
    const painted = super.paint(id, request);
    if (request.previews === "linear") return painted;
    let others: (() => void)[] = [];
    let over = false;
    const look = async () => {
      const wanted = await this.#read(id).catch((error) => {
        log.debug("Unknown who watches {id}: {error}", { id, error });
        return null;
      });
      if (over || wanted === null) return;
      const before = others;
      others = wanted.map((every) => super.watch(id, every));
      for (const stop of before) stop();
    };
    const hearing = this.bell.hear(topicOf(id), look);
    const looking = setInterval(look, FORGOTTEN_MS / 3);
    look();
    return {
      ...painted,
      [Symbol.dispose]: () => {
        over = true;
        clearInterval(looking);
        hearing[Symbol.dispose]();
        for (const stop of others) stop();
        painted[Symbol.dispose]();
      },
    };
  }

  /** Ends what goes on by itself. */
  close(): void {
    clearInterval(this.#refreshing);
  }

  #write(id: string): void {
    const { commands } = this.redis;
    if (commands.status !== "ready") return; // written again later
    const every = [...new Set(this.#own.get(id))];
    const key = this.#key(id);
    const pipeline = commands.pipeline();
    if (every.length === 0) pipeline.hdel(key, this.#self);
    else pipeline.hset(key, this.#self, JSON.stringify({ every, at: this.redis.now() } satisfies Wishes));
    pipeline.pexpire(key, FORGOTTEN_MS);
    pipeline.exec().then(() => this.bell.ring(topicOf(id)), () => {});
  }

  /** What subscribers of other processes want, every so many previews. */
  async #read(id: string): Promise<readonly number[]> {
    const written = await this.redis.commands.hgetall(this.#key(id));
    const now = this.redis.now();
    const others = Object.entries(written).filter(([process]) => process !== this.#self)
      .flatMap(([, text]) => WISHES.safeParse(readJson(text)).data ?? []); // none that another process would not write
    return [...new Set(others.filter(({ at }) => now - at < FORGOTTEN_MS).flatMap(({ every }) => every))];
  }

  #key(id: string): string {
    return `${this.redis.prefix}:watchers:${id}`;
  }
}

function topicOf(id: string): string {
  return `watchers:${id}`;
}
