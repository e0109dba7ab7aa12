/** Workers that paint together over a real Redis: each with a compute Worker of its own, in one process. */

import { fileURLToPath } from "node:url";
import { ModelCatalog } from "../../compute/model/catalog.ts";
import { Compute } from "../../compute/worker/compute.ts";
import { DispatchedWork } from "../../fleet/dispatched_work.ts";
import { RedisExchange } from "../../fleet/redis_exchange.ts";
import { TicketWriter } from "../../fleet/ticket_writer.ts";
import { Tickets } from "../../fleet/tickets.ts";
import { ImageDecoder } from "../../image/decoder.ts";
import { ImageEncoder } from "../../image/encoder.ts";
import { Aide } from "../../jobs/aides/aide.ts";
import { kindOf } from "../../jobs/aides/together.ts";
import type { GenerationEvent } from "../../jobs/events.ts";
import { PreviewWatchers } from "../../jobs/preview_watchers.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import { Runner, type RunnerServices } from "../../jobs/runner.ts";
import { PaintingWatch } from "../../jobs/self_report.ts";
import { Estimator } from "../../requests/estimator.ts";
import { MaskLibrary } from "../../requests/mask_library.ts";
import { openStore } from "../../store/open.ts";
import type { RedisService } from "../../tools/cluster/engines/redis.ts";
import { processes } from "./processes.ts";

const modelsFolder = fileURLToPath(new URL("../fixtures/models", import.meta.url));

// What takes long to start is started once.
const computes = await Promise.all([1, 2].map(() => Compute.start({ modelsFolder, threads: 1 })));
export const models: ModelCatalog = new ModelCatalog(modelsFolder);
const encoder = new ImageEncoder();
const decoder = new ImageDecoder({ maxPixels: 2 ** 20 });
Deno.test.afterAll(() => [...computes, encoder, decoder].forEach((worker) => worker.close()));

/** Has every prediction count as one that takes long. */
class SlowEstimator extends Estimator {
  override msPerPixel(): number {
    return 0.1;
  }
}

/** A worker of the fellowship. */
export interface Fellow {
  readonly watch: PaintingWatch;
  readonly exchange: RedisExchange;
  /** Ends it as a shutdown does. */
  end(): Promise<void>;
}

/** How a worker takes part. */
export interface FellowOptions {
  /** Which compute Worker it has. */
  readonly place: number;
  readonly models: readonly string[];
  /** Instead of the files that it has. */
  readonly files?: RunnerServices["models"];
  /** Whether it takes tickets; default true. */
  readonly paints?: boolean;
  readonly onStep?: (id: string, step: number) => void;
}

/** What came of a generation. */
export interface Painted {
  /** Hashes of its pictures' files. */
  readonly files: readonly string[];
  /** How many workers computed. */
  readonly workers: unknown;
  readonly events: readonly GenerationEvent[];
}

/** A store, a Redis, and whoever joins. */
export interface Fellowship extends AsyncDisposable {
  readonly server: RedisService;
  join(options: FellowOptions): Promise<Fellow>;
  /** Queues a request. @returns The generation's id. */
  put(request: GenerationRequest): Promise<string>;
  /** @throws {Error} if it did not succeed. */
  finished(id: string): Promise<Painted>;
  /** All keys of Redis that are not BullMQ's own. */
  left(): Promise<readonly string[]>;
}

/** Starts a Redis over which workers can join. */
export async function fellowship(): Promise<Fellowship> {
  const { server, stack, open } = await processes();
  const redis = await open();
  const tickets = stack.adopt(new Tickets(redis), (open) => open.close());
  const folder = Deno.makeTempDirSync({ prefix: "parterre-aides-" });
  stack.defer(() => Deno.removeSync(folder, { recursive: true }));
  const store = await openStore(folder, { sync: false, observer: new TicketWriter(tickets) });
  stack.defer(() => store.close());

  const join = async (
    { place, models: names, files = models, paints = true, onStep }: FellowOptions,
  ): Promise<Fellow> => {
    const own = await open();
    const offers = stack.adopt(new Tickets(own), (open) => open.close());
    const exchange = stack.adopt(new RedisExchange(own), (open) => open.close());
    const compute = computes[place];
    if (compute === undefined) throw new RangeError(`There is no compute Worker ${place}`);
    const watch = new PaintingWatch();
    const common = {
      ...store,
      compute,
      models: files,
      encoder,
      masks: new MaskLibrary(store.assets, decoder),
      estimator: new SlowEstimator(),
      watchers: new PreviewWatchers(),
    };
    for (const name of names) await compute.load(name);
    const aide = new Aide({ ...common, exchange }, watch);
    const taken = paints ? names : ["one that nobody asks for"];
    const preference = () => ({ warm: taken, cold: [], offers: { kind: kindOf(compute.runtime), models: names } });
    const work = new DispatchedWork(store.work, offers, { preference, help: aide.help.bind(aide) });
    const ended = new AbortController();
    const observer = {
      statusChanged() {},
      stepTaken: ({ id }: { readonly id: string }, { step }: { readonly step: number }) => onStep?.(id, step),
    };
    const runner = new Runner({ ...common, work, helpers: { exchange, offers } }, {
      workerId: `worker-${place}`,
      observer,
    });
    const running = runner.run(ended.signal);
    const end = async () => {
      ended.abort();
      await running;
    };
    stack.defer(end);
    return { watch, exchange, end };
  };

  const put = async (request: GenerationRequest) => (await store.queue.enqueue(request)).generation.id;
  const follow = async (id: string) => {
    const events: GenerationEvent[] = [];
    for await (const event of store.events.follow(id, 0, AbortSignal.timeout(20_000))) events.push(event);
    return events;
  };
  const finished = async (id: string) => {
    const events = await follow(id);
    const { status, error, image, moreImages = [], metrics } = await store.generations.get(id) ?? {};
    if (status !== "SUCCEEDED") throw new Error(`${id} is ${status}: ${error?.message}`);
    const files = [image, ...moreImages].map((image) => image?.sha256 ?? "");
    return { files, workers: metrics?.["workers"], events };
  };
  const left = async () =>
    (await redis.commands.keys("*")).filter((key) => !/:(meta|events|id|stalled-check|marker)$/.test(key));
  return { server, join, put, finished, left, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
