/** Workers whose files change while they find each other: predictions of different ones never come together. */

import assert from "node:assert/strict";
import { Aide, type AideServices } from "../../jobs/aides/aide.ts";
import type { Message, Offer, ToAide } from "../../jobs/aides/exchange.ts";
import { cutOf, kindOf, openSession } from "../../jobs/aides/together.ts";
import { stampOf } from "../../jobs/checkpoint_stamp.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import type { RunnerServices } from "../../jobs/runner.ts";
import type { Claim } from "../../jobs/work_queue.ts";
import { requestFor } from "./requests.ts";
import { compute, inWorkshop, models } from "./workshop.ts";

const REQUEST: GenerationRequest = { ...requestFor("a fox"), model: "tiny-sd15", width: 64, height: 64, steps: 4 };
const CLAIM = { generation: { id: "g", request: REQUEST, status: "RUNNING" }, token: 1 } as Claim;

const OFFER: Omit<Offer, "stamp"> = {
  session: "s",
  painter: "painter",
  generationId: "g",
  token: 1,
  work: "PREDICTIONS",
  model: REQUEST.model,
  kind: kindOf(compute.runtime),
};

/** The models, whose file has one hash after the other, and keeps the last. */
function changing(...hashes: string[]) {
  return {
    find: models.find.bind(models),
    hash: () => Promise.resolve((hashes.length > 1 ? hashes.shift() : hashes[0]) ?? null),
    loraHash: () => Promise.resolve(null),
    embeddingHash: () => Promise.resolve(null),
  };
}

Deno.test("a painter offers nothing once its files are not those any more that it began with", async () => {
  for (const [hashes, expected] of [[["a"], ["a"]], [["a", "b"], []]] as const) {
    const offered: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const services = {
      exchange: {
        self: "painter",
        hear: () => Promise.resolve({ [Symbol.dispose]() {} }),
        say: () => Promise.resolve(true),
      },
      offers: {
        offer: ({ stamp }: Offer) => Promise.resolve((offered.push(stamp["model"]), resolve())),
        withdraw: () => Promise.resolve(),
      },
      models: changing(...hashes),
      compute,
      estimator: { msPerPixel: () => 1 },
    };
    const session = openSession(CLAIM, cutOf(REQUEST, models), 1, services, { joined() {}, left() {}, heard() {} });
    if (expected.length === 0) setTimeout(resolve, 50);
    await promise;
    assert.deepEqual(offered, expected);
    session?.end();
  }
});

/** What an aide says who is told to do something as soon as it is ready; and what it ends with. */
async function helping(services: RunnerServices, offer: Offer, task: ToAide, options: Helping) {
  const said: string[] = [];
  let hears = (_from: string, _message: Message) => {};
  const exchange = {
    self: "aide",
    hear: (_session: string, heard: typeof hears) => {
      hears = heard;
      return Promise.resolve({ [Symbol.dispose]() {} });
    },
    say: (_to: string, _session: string, { type }: Message) => {
      said.push(type);
      if (type === "READY") hears("painter", task);
      return Promise.resolve(true);
    },
  };
  const generation = { id: "g", status: "RUNNING", request: options.request };
  const generations = { get: () => Promise.resolve(generation) } as unknown as AideServices["generations"];
  const aide = new Aide({ ...services, exchange, generations, models: options.models }, { aids() {} });
  const { signal } = new AbortController();
  const ticket = await aide.help(offer, { signal, takeTicket: () => Promise.resolve(options.ticket) });
  return { said, ticket };
}

interface Helping {
  readonly request: GenerationRequest;
  readonly models: AideServices["models"];
  readonly ticket: string | null;
}

Deno.test("an aide that makes many parts of a call leaves them for a ticket", async () => {
  await inWorkshop(async ({ services }) => {
    const offer = { ...OFFER, stamp: await stampOf(REQUEST, changing("a"), compute) };
    const sample = { dims: [1, 4, 8, 8], data: new Float32Array(4 * 8 * 8) };
    const call = { id: 0, pass: 0, call: 0, sample, parts: Array<number>(5000).fill(0) } as const;
    const options = { request: REQUEST, models: changing("a"), ticket: "a model" };
    const { said, ticket } = await helping(services, offer, { type: "PREDICT", call }, options);
    assert.equal(ticket, "a model");
    assert.deepEqual(said, ["COMING", "READY", "GONE"], "before all of them were made");
  });
});

Deno.test("an aide whose files changed while it painted a picture does not hand it over", async () => {
  await inWorkshop(async ({ services }) => {
    const request = { ...REQUEST, count: 2 };
    const offer = { ...OFFER, work: "PICTURES", stamp: await stampOf(request, changing("a"), compute) } as const;
    const paint = { type: "PAINT", picture: 1, from: null } as const;
    const options = { request, models: changing("a", "b"), ticket: null };
    const { said } = await helping(services, offer, paint, options);
    assert.deepEqual(new Set(said), new Set(["COMING", "READY", "STEP", "LEFT"]));
  });
});

Deno.test("an aide whose files change while it prepares itself does not help", async () => {
  await inWorkshop(async ({ services }) => {
    const offer = { ...OFFER, stamp: await stampOf(REQUEST, changing("a"), compute) };
    for (
      const [hashes, expected] of [[["a"], ["COMING", "READY", "GONE"]], [["a", "b"], ["COMING", "GONE"]]] as const
    ) {
      const said: string[] = [];
      const shutdown = new AbortController();
      const exchange = {
        self: "aide",
        hear: () => Promise.resolve({ [Symbol.dispose]() {} }),
        say: (_to: string, _session: string, { type }: Message) => {
          said.push(type);
          if (type === "READY") shutdown.abort();
          return Promise.resolve(true);
        },
      };
      const generations = { get: () => Promise.resolve(CLAIM.generation) } as unknown as AideServices["generations"];
      const aide = new Aide({ ...services, exchange, generations, models: changing(...hashes) }, { aids() {} });
      await aide.help(offer, { signal: shutdown.signal, takeTicket: () => Promise.resolve(null) });
      assert.deepEqual(said, expected);
    }
  });
});
