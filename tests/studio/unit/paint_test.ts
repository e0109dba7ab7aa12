/** What the studio knows of a generation by its events, how it waits, and what it makes of refusals. */

import assert from "node:assert/strict";
import type { GenerationFieldsFragment } from "../../../studio/src/api/generated.ts";
import { backoff } from "../../../studio/src/paint/backoff.ts";
import { afterEvent, type Followed, type GenerationEvent, UNHEARD } from "../../../studio/src/paint/events.ts";
import { refusalOf, refusalOfFailure } from "../../../studio/src/paint/refusal.ts";
import { standing } from "../../../studio/src/paint/words.ts";
import { kindOfBytes, kindOfText } from "../../../studio/src/restore/kinds.ts";
import { merged } from "../../../studio/src/history/merged.ts";

const GENERATION: GenerationFieldsFragment = {
  id: "g",
  status: "QUEUED",
  step: 0,
  steps: 4,
  etaSeconds: null,
  queuePosition: 2,
  createdAt: "2026-01-01T00:00:00Z",
  completedAt: null,
  seed: 1,
  width: 64,
  height: 64,
  mode: "ATTENTION",
  error: null,
  image: null,
  pictures: [],
  rerolls: [],
  regionMasks: [],
};

const common = { sequence: 1, generationId: "g" };
const image = (url: string) => ({ url, width: 64, height: 64, mimeType: "image/png" });

const after = (...events: readonly GenerationEvent[]): Followed => events.reduce(afterEvent, UNHEARD);

Deno.test("a generation is followed through a restart to its picture", () => {
  const begun: readonly GenerationEvent[] = [
    { ...common, __typename: "GenerationSnapshotEvent", generation: GENERATION, latestPreview: null },
    { ...common, __typename: "GenerationStatusEvent", status: "RUNNING", reason: null },
    { ...common, __typename: "GenerationProgressEvent", step: 2, steps: 4, etaSeconds: 1 },
    { ...common, __typename: "GenerationPreviewEvent", step: 2, steps: 4, picture: 0, image: image("/p2") },
  ];
  const running = after(...begun);
  assert.deepEqual([running.generation?.status, running.generation?.step, running.generation?.queuePosition], [
    "RUNNING",
    2,
    null,
  ]);
  assert.equal(running.preview?.url, "/p2");
  const again = afterEvent(running, {
    ...common,
    __typename: "GenerationStatusEvent",
    status: "QUEUED",
    reason: "attempt 1 of 3",
  });
  assert.deepEqual([again.generation?.status, again.generation?.step, again.reason], ["QUEUED", 0, "attempt 1 of 3"]);

  // The status of a success comes before the generation that has its picture.
  const almost = afterEvent(running, {
    ...common,
    __typename: "GenerationStatusEvent",
    status: "SUCCEEDED",
    reason: null,
  });
  assert.equal(almost.generation?.status, "RUNNING");
  const finished: GenerationFieldsFragment = { ...GENERATION, status: "SUCCEEDED", image: image("/i") };
  const done = afterEvent(almost, { ...common, __typename: "GenerationCompletedEvent", generation: finished });
  assert.equal(done.generation?.image?.url, "/i");
  assert.equal(
    afterEvent(done, { ...common, __typename: "GenerationStatusEvent", status: "QUEUED", reason: null }).generation
      ?.status,
    "SUCCEEDED",
    "what happened before the end does not undo it",
  );
});

Deno.test("of several pictures that are painted at once one is shown, until it is done", () => {
  const shown = (...pictures: readonly number[]) => {
    const events = pictures.map((picture, i): GenerationEvent => ({
      ...common,
      __typename: "GenerationPreviewEvent",
      step: i + 1,
      steps: 40,
      picture,
      image: image(`/${picture}`),
    }));
    return after(...events).preview?.url;
  };
  assert.equal(shown(0, 1, 0, 1, 0, 1), "/0", "one beside the other");
  assert.equal(shown(1, 0, 2, 1, 2, 0, 1), "/1", "three at once");
  assert.equal(shown(0, 1, 2, 0, 1, 2, 1), "/1", "the first is done");
  assert.equal(shown(0, 0, 1, 1), "/1", "one after the other");
});

Deno.test("waits double up to 20 s, and half of each is chance", () => {
  assert.deepEqual([0, 1, 2, 3].map((attempt) => backoff(attempt, 1)), [500, 1000, 2000, 4000]);
  assert.deepEqual([backoff(30, 1), backoff(30, 0), backoff(0, 0)], [20_000, 10_000, 250]);
});

Deno.test("refusals tell fields from the draft on, and when to come back", () => {
  const problem = {
    code: "OUT_OF_RANGE",
    field: "input.steps",
    path: ["input", "steps"],
    rule: "",
    value: "0",
    message: "m",
  };
  assert.deepEqual(refusalOf({ __typename: "InvalidInputError", message: "m", problems: [problem] }).problems, [
    { path: ["steps"], message: "m" },
  ]);
  assert.equal(refusalOf({ __typename: "QueueFullError", message: "m", retryAfterSeconds: 3 }).retryAfterSeconds, 3);
  assert.equal(
    refusalOf({ __typename: "LimitExceededError", message: "m", retryAfterIfAny: null }).retryAfterSeconds,
    null,
  );
  const lost = refusalOfFailure({ message: "[Network] x", networkError: new Error("x"), graphQLErrors: [] }, 2);
  assert.deepEqual([lost.unreachable, lost.retryAfterSeconds], [true, 2]);
  const limited = refusalOfFailure({
    message: "",
    graphQLErrors: [{ message: "m", extensions: { retryAfterSeconds: 9 } }],
  }, 2);
  assert.deepEqual([limited.unreachable, limited.retryAfterSeconds, limited.message], [false, 9, "m"]);
});

Deno.test("a job in words", () => {
  assert.equal(standing(GENERATION), "Waiting, 2 before it");
  assert.equal(
    standing({ ...GENERATION, status: "FAILED", error: { code: "X", message: "no memory" } }),
    "Failed: no memory",
  );
});

Deno.test("texts and files are told apart by what is in them", () => {
  const kinds = {
    "a fox BREAK an owl": "regional-prompter",
    "{a|b} fox": "regional-prompter",
    "a fox\nNegative prompt: x\nSteps: 20, Sampler: Euler": "parameters",
    "canvas.set_global_description('x')": "omost",
    '[{"rect":[0,90,0,90]}]': "omost",
    '{"nodes":[],"links":[]}': "comfyui",
    '{"1":{"class_type":"KSampler"}}': "comfyui",
    '{"positive_prompt":"x"}': "invokeai",
    '{"version":1,"root":{},"regions":[]}': "krita",
    '{"regions":[]}': "parterre",
    '{"layout":{"basePrompt":"x"},"steps":3}': "parterre",
  };
  for (const [text, kind] of Object.entries(kinds)) assert.equal(kindOfText(text), kind, text);
  assert.equal(kindOfText('{"x":1}'), undefined);
  const bytes = (text: string) => kindOfBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  assert.deepEqual(
    ["\x89PNG\r\n", "\xff\xd8\xff\xe0", "RIFF....WEBPVP8 ", "PK\x03\x04", "RIFF....WAVE", "{}"].map(bytes),
    [
      "picture",
      "picture",
      "picture",
      "archive",
      null,
      null,
    ],
  );
});

Deno.test("a list read again from its front keeps what it knew further back", () => {
  const items = (text: string) => [...text].map((id) => ({ id }));
  assert.deepEqual(merged(items("xab"), items("abcd")), items("xabcd"));
  assert.deepEqual(merged(items("ac"), items("abcd")), items("acd"), "what was deleted meanwhile is gone");
  assert.deepEqual(merged(items("xyz"), items("abcd")), items("xyz"), "there may be more in between");
  assert.deepEqual(merged(items(""), items("abcd")), items(""));
});
