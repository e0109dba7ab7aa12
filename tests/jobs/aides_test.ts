/** What is cut up, who gets which part, and what becomes of parts and pictures whose aides leave; without any Redis. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Aides } from "../../compute/pipeline/shared_calls.ts";
import { DealtPictures } from "../../jobs/aides/dealt_pictures.ts";
import type { Message, Offer, ToPainter } from "../../jobs/aides/exchange.ts";
import { PainterSession } from "../../jobs/aides/session.ts";
import { evenly, SharedPredictions } from "../../jobs/aides/shared_predictions.ts";
import { cutOf, openSession } from "../../jobs/aides/together.ts";
import type { PaintedPicture } from "../../jobs/painted_picture.ts";
import type { GenerationRequest } from "../../jobs/request.ts";
import type { Claim } from "../../jobs/work_queue.ts";
import { PLAIN_LAYOUT, PLAIN_REGION, type Region } from "../../layout/layout.ts";
import { requestFor } from "./requests.ts";
import { compute, models } from "./workshop.ts";

const region = (prompt: string, x: number, more: Partial<Region> = {}): Region => {
  const geometry = { kind: "RECTANGLE", x, y: 0, width: 0.5, height: 1 } as const;
  return { ...PLAIN_REGION, name: prompt, prompt, geometry, ...more };
};
const REGIONS = { ...PLAIN_LAYOUT, basePrompt: "a wood", regions: [region("fox", 0.1), region("bear", 0.4)] };
const ANGRY = { ...REGIONS, regions: [region("fox", 0.1, { negativePrompt: "teeth" }), region("bear", 0.4)] };
const WORDS = {
  ...REGIONS,
  regions: [region("fox", 0, { geometry: { kind: "WORDS", of: "wood", threshold: 0.4, from: "BASE" } })],
};
const PLAIN: GenerationRequest = { ...requestFor("a fox"), model: "tiny-sd15", width: 64, height: 64, steps: 2 };
const WINDOWS = { size: 32, overlap: 8 };

const CUTS: readonly (readonly [string, Partial<GenerationRequest>, number])[] = [
  ["guidance", {}, 2],
  ["no guidance", { guidanceScale: 1 }, 1],
  ["guidance for no step", { guidanceStart: 0.5, guidanceEnd: 0.5 }, 1],
  ["regions in attention mode", { layout: REGIONS }, 2],
  ["regions in latent mode", { layout: REGIONS, mode: "latent" }, 4],
  ["regions with negative prompts of their own", { layout: ANGRY, mode: "latent" }, 6],
  ["regions that are found by words", { layout: WORDS }, 2],
  ["latent mode at the end", { layout: REGIONS, modeUntil: 0.5 }, 4],
  ["windows", { windows: WINDOWS }, 18],
  ["windows of a second pass", {
    width: 32,
    height: 32,
    windows: { ...WINDOWS, overlap: 0 },
    secondPass: { scale: 2, strength: 0.5, steps: 2, upscale: "latent" },
  }, 8],
];

Deno.test("the plan has as many parts as the call with the most is then cut into", async () => {
  for (const [name, more, expected] of CUTS) {
    const request = { ...PLAIN, ...more };
    const cut = cutOf(request, models);
    assert.deepEqual([cut.work, cut.parts], ["PREDICTIONS", expected], name);
    let most = 1;
    const aides: Aides = {
      present: new Int32Array(new SharedArrayBuffer(4)).fill(1),
      share: (_call, count) => Promise.resolve((most = Math.max(most, count), [])),
      collect: () => Promise.reject(new Error("nothing was taken")),
    };
    const { type } = await compute.generate(request, { aides });
    assert.deepEqual([type, most], ["IMAGE", expected], name);
  }
  assert.equal(cutOf({ ...PLAIN, count: 3 }, models).parts, 3);
  assert.equal(cutOf({ ...PLAIN, count: 3, layout: WORDS }, models).parts, 1);
});

Deno.test("nothing is offered where there is one part, the last of several pictures, or more than Redis can carry", async () => {
  const offersOf = async (more: Partial<GenerationRequest>, left = more.count ?? 1, msPerPixel = 1) => {
    const request = { ...PLAIN, ...more };
    let offered = 0;
    const services = {
      exchange: {
        self: "painter",
        hear: () => Promise.resolve({ [Symbol.dispose]() {} }),
        say: () => Promise.resolve(true),
      },
      offers: { offer: () => Promise.resolve(void offered++), withdraw: () => Promise.resolve() },
      models,
      compute,
      estimator: { msPerPixel: () => Number.isNaN(msPerPixel) ? undefined : msPerPixel },
    };
    const claim = { generation: { id: "g", request }, token: 1 } as Claim;
    const session = openSession(claim, cutOf(request, models), left, services, { joined() {}, left() {}, heard() {} });
    await new Promise((resolve) => setTimeout(resolve, session === null ? 0 : 60));
    session?.end();
    return session === null ? null : offered;
  };
  await models.hash(PLAIN.model); // takes a while, once
  assert.equal(await offersOf({}), 1);
  assert.equal(await offersOf({ count: 3 }), 1);
  assert.equal(await offersOf({ guidanceScale: 1 }), null);
  assert.equal(await offersOf({ count: 3 }, 1), null);
  assert.equal(await offersOf({ count: 3, layout: WORDS }), null);
  assert.equal(await offersOf({ width: 4104, height: 4096 }), null);
  assert.equal(await offersOf({ count: 3, width: 2056, height: 2048 }), null);
  assert.equal(await offersOf({}, 1, 0.001), 0, "predictions of four milliseconds");
  assert.equal(await offersOf({}, 1, NaN), 0, "nobody knows how long they take");
});

Deno.test("parts are dealt out in order, evenly, the painter's first", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (count, workers) => {
    const shares = evenly(count, workers);
    assert.equal(shares.length, workers);
    assert.deepEqual(shares.flat(), Array.from({ length: count }, (_, i) => i));
    const sizes = shares.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    assert.equal(sizes[0], Math.max(...sizes));
  }));
});

/** Aides as far as they are talked to. */
class Talk {
  ready: string[] = [];
  /** Those who have left without a word. */
  readonly away = new Set<string>();
  readonly said: { readonly to: string; readonly message: Message }[] = [];
  readonly dropped: string[] = [];
  constructor(private readonly left: (aide: string) => void) {}

  say(to: string, message: Message): Promise<boolean> {
    if (message.type !== "PING") this.said.push({ to, message });
    const there = this.ready.includes(to) && !this.away.has(to);
    if (!there) this.drop(to);
    return Promise.resolve(there);
  }

  dismiss(aide: string): void {
    this.drop(aide);
  }

  drop(aide: string): void {
    this.dropped.push(aide);
    this.ready = this.ready.filter((one) => one !== aide);
    this.left(aide);
  }
}

const CALL = { id: 3, pass: 0, call: 5, sample: { dims: [1, 1, 1, 1], data: new Float32Array([1]) } } as const;

Deno.test("parts that come late, wrong or not at all are null; who owes them is done without", async () => {
  const talk: Talk = new Talk((aide) => shared.left(aide));
  const shared: SharedPredictions = new SharedPredictions(() => talk, () => 1);
  assert.deepEqual(await shared.share(CALL, 6), [], "nobody is there");
  talk.ready = ["a", "b", "gone"];
  shared.joined();
  assert.equal(shared.present[0], 3);
  talk.away.add("gone");
  assert.deepEqual(await shared.share(CALL, 8), [2, 3, 4, 5]);
  assert.equal(shared.present[0], 2);
  const collecting = shared.collect(CALL.id);
  const [two, three] = [new Float32Array([2]), new Float32Array([3])];
  shared.heard("b", { type: "PREDICTED", call: 99, parts: [4], predictions: [two] });
  shared.heard("a", { type: "PREDICTED", call: CALL.id, parts: [2, 3, 4], predictions: [two, three, two] });
  const since = performance.now();
  assert.deepEqual(await collecting, new Map([[2, two], [3, three]]), "four and five are b's, who is silent");
  assert.ok(performance.now() - since < 2000);
  assert.deepEqual(talk.dropped, ["gone", "b"]);
  assert.deepEqual([shared.workers, shared.takeHelped(), shared.takeHelped()], [2, true, false]);
  shared.heard("b", { type: "PREDICTED", call: CALL.id, parts: [4], predictions: [two] });
  assert.equal(shared.workers, 2, "too late");
});

Deno.test("an aide that takes longer than its parts would take here is done without after three calls", async () => {
  const talk: Talk = new Talk((aide) => shared.left(aide));
  let partMs = 1000;
  const shared: SharedPredictions = new SharedPredictions(() => talk, () => partMs);
  talk.ready = ["a"];
  shared.joined();
  const call = async (id: number) => {
    if ((await shared.share({ ...CALL, id }, 2)).length === 0) return;
    const collecting = shared.collect(id);
    await new Promise((resolve) => setTimeout(resolve, 25));
    shared.heard("a", { type: "PREDICTED", call: id, parts: [1], predictions: [new Float32Array(1)] });
    assert.equal((await collecting).size, 1, "what it made is taken all the same");
  };
  for (let id = 0; id < 5; id++) {
    partMs = id === 2 ? 1000 : 0.1;
    assert.deepEqual(talk.dropped, []);
    await call(id);
  }
  assert.deepEqual(talk.dropped, [], "not three in a row");
  await call(5);
  assert.deepEqual(talk.dropped, ["a"]);
});

const TWO_STEPS = { steps: 2, stepMs: () => 1 };
const painted = (i: number) => ({ width: i } as PaintedPicture);
const never = new AbortController().signal;

Deno.test("whatever aides do, every picture is painted once, by somebody", async () => {
  const act = fc.record({
    aide: fc.constantFrom("a", "b", "c"),
    what: fc.constantFrom("join", "done", "die", "leave", "paint"),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(act, { maxLength: 40 }), async (count, acts) => {
      const done: number[] = [];
      const talk: Talk = new Talk((aide) => dealt.left(aide));
      const dealt: DealtPictures = new DealtPictures(
        Array.from({ length: count }, (_, picture) => ({ picture, from: null })),
        TWO_STEPS,
        () => talk,
        { step() {}, painted: (i, { width }) => (assert.equal(width, i), done.push(i) > 0), lost() {} },
      );
      const given = (aide: string) =>
        talk.said.findLast(({ to, message }) => to === aide && message.type === "PAINT")?.message;
      let own = await dealt.next(never); // the painter always has something
      for (const { aide, what } of acts) {
        const has = given(aide);
        const picture = has?.type === "PAINT" ? has.picture : 0;
        if (what === "join" && !talk.ready.includes(aide)) {
          talk.ready.push(aide);
          dealt.joined();
        } else if (what === "done") dealt.heard(aide, { type: "PAINTED", picture, painted: painted(picture) });
        else if (what === "die") talk.drop(aide);
        else if (what === "leave") {
          dealt.heard(aide, { type: "LEFT", picture, checkpoint: new Uint8Array([picture]) });
          talk.drop(aide);
        } else if (what === "paint" && own !== null) {
          if (own.from !== null) assert.deepEqual([...own.from], [own.picture], "a checkpoint goes with its picture");
          done.push(own.picture);
          const next = dealt.next(never);
          for (const one of [...talk.ready]) talk.drop(one); // nobody is left to wait for
          own = await next;
        }
      }
      for (const one of [...talk.ready]) talk.drop(one);
      for (; own !== null; own = await dealt.next(never)) done.push(own.picture);
      assert.deepEqual(done.toSorted(), Array.from({ length: count }, (_, i) => i));
    }),
  );
});

Deno.test("of pictures that are lost while the painter waits, it takes one, and whoever has nothing to do the next", async () => {
  const talk: Talk = new Talk((aide) => dealt.left(aide));
  const pictures = [0, 1, 2].map((picture) => ({ picture, from: null }));
  const listener = { step() {}, painted: () => true, lost() {} };
  const dealt: DealtPictures = new DealtPictures(pictures, TWO_STEPS, () => talk, listener);
  assert.equal((await dealt.next(never))?.picture, 0);
  talk.ready = ["a", "b", "idle"];
  dealt.joined();
  const next = dealt.next(never);
  talk.said.length = 0;
  for (const aide of ["a", "b"]) talk.drop(aide);
  assert.equal((await next)?.picture, 2);
  assert.deepEqual(talk.said, [{ to: "idle", message: { type: "PAINT", picture: 1, from: null } }]);
});

Deno.test("who sends what is no step, or no picture of the request, is done without, and its picture is painted here", async () => {
  const preview = { width: 1, height: 1, data: new Uint8Array(3) };
  const step = {
    type: "STEP",
    step: 1,
    steps: 2,
    stepMs: 1,
    previewMs: 0,
    passes: 1,
    passesLeft: 1,
    preview,
    previewMethod: "linear",
  } as const;
  const wrong: readonly ToPainter[] = [
    { type: "STEP", picture: 1, step: { ...step, step: NaN } },
    { type: "STEP", picture: 1, step: { ...step, step: 3 } },
    { type: "STEP", picture: 1, step: { ...step, step: 3, steps: 3 } },
    { type: "STEP", picture: 1, step: { ...step, preview: { ...preview, width: 2 } } },
    { type: "PAINTED", picture: 1, painted: painted(7) },
  ];
  for (const message of wrong) {
    const talk: Talk = new Talk((aide) => dealt.left(aide));
    const listener = { step: () => assert.fail("told"), painted: () => false, lost() {} };
    const pictures = [0, 1].map((picture) => ({ picture, from: null }));
    const dealt: DealtPictures = new DealtPictures(pictures, TWO_STEPS, () => talk, listener);
    assert.equal((await dealt.next(never))?.picture, 0);
    talk.ready = ["a"];
    dealt.joined();
    dealt.heard("a", message);
    assert.deepEqual([talk.dropped, dealt.workers], [["a"], 1]);
    assert.equal((await dealt.next(never))?.picture, 1);
  }
});

Deno.test("a session has no more aides than it has work for, and leaves no offer behind", async () => {
  let heard: (from: string, message: Message) => void = () => assert.fail("not heard yet");
  const said: string[] = [];
  const offered: string[] = [];
  const [offers, joined]: [Set<string>, string[]] = [new Set(), []];
  const exchange = {
    self: "painter",
    hear: (_session: string, hears: typeof heard) => {
      heard = hears;
      return Promise.resolve({ [Symbol.dispose]: () => heard = () => {} });
    },
    say: (to: string, _session: string, { type }: Message) => Promise.resolve((said.push(`${type} to ${to}`), true)),
  };
  const offering = {
    offer: ({ session }: Offer) => Promise.resolve((offered.push(session), void offers.add(session))),
    withdraw: ({ session }: Offer) => Promise.resolve(void offers.delete(session)),
  };
  const listener = { joined: (aide: string) => joined.push(aide), left() {}, heard() {} };
  const offer = { session: "s" } as Offer;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  const session = new PainterSession({ exchange, offers: offering }, "s", () => Promise.resolve(offer), 2, listener);
  await pause();
  heard("stranger", { type: "READY" });
  assert.deepEqual(said.splice(0), ["GONE to stranger"]);
  for (const aide of ["a", "b", "c"]) {
    heard(aide, { type: "COMING" });
    heard(aide, { type: "READY" });
    await pause();
  }
  assert.deepEqual(joined, ["a", "b"]);
  assert.deepEqual(session.ready, ["a", "b"]);
  assert.deepEqual(said.splice(0), ["GONE to c", "GONE to c"]);
  assert.equal(offered.length, 2, "once more for the second, and not for a third");
  session.dismiss("a");
  heard("a", { type: "COMING" });
  heard("a", { type: "READY" });
  assert.deepEqual(session.ready, ["b"], "not once more");
  said.length = 0;
  session.end();
  await pause();
  assert.deepEqual([[...offers], said.includes("GONE to b")], [[], true]);
});
