/** Painting: the draft, the same picture in another way, a region anew, a file's picture once more. */

import { signal } from "@preact/signals";
import { client } from "../api/client.ts";
import {
  CancelGenerationDocument,
  GenerateDocument,
  type GenerateInput,
  RegenerateDocument,
  RerollDocument,
} from "../api/generated.ts";
import { generateInput } from "../draft/draft.ts";
import { draft } from "../draft/store.ts";
import { goTo, unreadable } from "../fields/unreadable.ts";
import { computesHere } from "../local/compute_switch.tsx";
import { cancelHere, isHere, paintInBrowser } from "../local/local_job.ts";
import { askFor, asking, type Difference, giveUp, trouble } from "./ask.ts";
import { compare } from "./compare_state.ts";
import { follow, onFinished } from "./follow.ts";
import { busy, job, jobInput, type Painted } from "./job.ts";
import { refusalOf, refusalOfFailure } from "./refusal.ts";

/** What is not as it was when the picture was made that this one repeats; empty for nothing. */
export const differences = signal<readonly Difference[]>([]);

/** The picture beside which the one under way is to be laid once it is there. */
let toCompare: Painted | null = null;

onFinished((painted) => {
  const before = toCompare;
  toCompare = null;
  if (before !== null && painted.generation.status === "SUCCEEDED") compare(before, painted);
});

/** What {@link trouble} says of fields that cannot be read: it is forgotten once all of them can. */
let unread: typeof trouble.value = null;
unreadable.subscribe((fields) => {
  if (fields.length === 0 && unread !== null && trouble.peek() === unread) giveUp();
});

/** Paints the draft; where a field shows something else than the draft holds it goes there instead. */
export async function paint(): Promise<void> {
  if (asking.value || busy.value) return;
  const [wrong] = unreadable.value;
  if (wrong !== undefined) {
    giveUp();
    const message = `Not painted yet. ${wrong.message}`;
    trouble.value = unread = { message, problems: [], retryAfterSeconds: null, unreachable: false, retryAt: null };
    return goTo(wrong.control);
  }
  await paintInput(generateInput(draft.value), null);
}

/** Paints the job's picture in another way, and lays the two beside each other. */
export async function paintAlso(changes: Partial<GenerateInput>): Promise<void> {
  const before = finishedJob();
  if (before === null || before.input === null) return;
  await paintInput({ ...before.input, seed: before.generation.seed, ...changes }, before);
}

/** @param before What the picture is compared with afterwards; null for nothing. */
async function paintInput(input: GenerateInput, before: Painted | null): Promise<void> {
  if (computesHere.value) {
    const painted = await paintInBrowser(input);
    if (painted !== null && before !== null) compare(before, painted);
    return;
  }
  const accepted = await askFor(async (idempotencyKey) => {
    const { data, error } = await client.mutation(GenerateDocument, { input: { ...input, idempotencyKey } })
      .toPromise();
    return { answer: data?.generate, error };
  });
  if (accepted === null) return;
  toCompare = before;
  differences.value = [];
  follow({ generation: accepted.generation, input });
}

/**
 * Paints a region of the job's picture anew.
 * @param lockRest Whether everything else is held to what it was.
 */
export async function reroll(region: string, lockRest = true): Promise<void> {
  const before = finishedJob();
  if (before === null) return;
  const accepted = await askFor(async (idempotencyKey) => {
    const input = { generation: before.generation.id, regions: [region], lockRest, idempotencyKey };
    const { data, error } = await client.mutation(RerollDocument, { input }).toPromise();
    return { answer: data?.reroll, error };
  });
  if (accepted === null) return;
  toCompare = null;
  differences.value = accepted.differences;
  follow({ generation: accepted.generation, input: before.input });
}

/** Paints the picture of a file once more. */
export async function regenerate(file: Blob, input: GenerateInput | null, allowDifferences: boolean): Promise<void> {
  const accepted = await askFor(async (idempotencyKey) => {
    const { data, error } = await client.mutation(RegenerateDocument, {
      input: { file, allowDifferences, idempotencyKey },
    }).toPromise();
    return { answer: data?.regenerate, error };
  });
  if (accepted === null) return;
  toCompare = null;
  differences.value = accepted.differences;
  follow({ generation: accepted.generation, input });
}

/** Cancels the job. Its follower sees what becomes of it. */
export async function cancel(): Promise<void> {
  if (job.value !== null && isHere(job.value)) return cancelHere();
  const id = job.value?.id;
  if (id === undefined) return;
  const { data, error } = await client.mutation(CancelGenerationDocument, { id }).toPromise();
  const answer = data?.cancelGeneration;
  if (answer?.__typename === "CancelGenerationPayload") {
    if (answer.generation.status === "CANCELING") job.value = answer.generation;
  } else if (answer !== undefined) trouble.value = { ...refusalOf(answer), retryAt: null };
  else if (error !== undefined) trouble.value = { ...refusalOfFailure(error, 0), retryAt: null };
}

function finishedJob(): Painted | null {
  const generation = job.value;
  if (asking.value || generation?.status !== "SUCCEEDED") return null;
  return { generation, input: jobInput.value };
}
