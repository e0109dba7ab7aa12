/** Asking for a picture: once, however often the request has to be sent. */

import { signal } from "@preact/signals";
import type { CombinedError } from "@urql/core";
import type { GenerationFieldsFragment, RefusalFragment } from "../api/generated.ts";
import { keyRefused } from "../api/key.ts";
import { problems } from "../dry_run/dry_run.ts";
import { backoff } from "./backoff.ts";
import { type Refusal, refusalOf, refusalOfFailure } from "./refusal.ts";

/** Something of which a picture may come out otherwise than asked. */
export interface Difference {
  readonly field: string;
  readonly was: string | null;
  readonly is: string | null;
}

export interface Accepted {
  readonly generation: GenerationFieldsFragment;
  readonly differences: readonly Difference[];
}

/** What the mutations that ask for a picture may answer. */
type Answer =
  | ({ readonly __typename: "Generation" } & GenerationFieldsFragment)
  | ({ readonly __typename: "Reroll" } & Accepted)
  | ({ readonly __typename: "Regeneration" } & Accepted)
  | RefusalFragment;

/** Sends a request by the key that makes it the same one. */
type Send = (
  idempotencyKey: string,
) => Promise<{ readonly answer: Answer | undefined; readonly error?: CombinedError | undefined }>;

/** Why the latest request for a picture was refused, and when it is sent again; null while nothing is wrong. */
export const trouble = signal<Refusal & { readonly retryAt: number | null } | null>(null);

/** Whether a request is on its way. */
export const asking = signal(false);

let wake: (again: boolean) => void = () => {};

/** Sends what waits for another try at once. */
export function tryNow(): void {
  wake(true);
}

/** Sends it no more. */
export function giveUp(): void {
  wake(false);
  trouble.value = null;
}

/**
 * Asks for a picture, again and again where that helps, under one idempotency key: it is painted once. Null if it is
 * refused, which {@link trouble} tells, or given up.
 */
export async function askFor(send: Send): Promise<Accepted | null> {
  giveUp();
  const idempotencyKey = crypto.randomUUID();
  for (let attempt = 0;; attempt++) {
    asking.value = true;
    const { answer, error } = await send(idempotencyKey).finally(() => asking.value = false);
    if (answer?.__typename === "Generation") return accepted({ generation: answer, differences: [] });
    if (answer?.__typename === "Reroll" || answer?.__typename === "Regeneration") return accepted(answer);
    if (keyRefused.value) return null; // a key is asked for meanwhile
    const refusal = answer !== undefined
      ? refusalOf(answer)
      : refusalOfFailure(error ?? { message: "No answer", graphQLErrors: [] }, backoff(attempt) / 1000);
    problems.value = refusal.problems;
    if (refusal.retryAfterSeconds === null) {
      trouble.value = { ...refusal, retryAt: null };
      return null;
    }
    if (!await waited(refusal, refusal.retryAfterSeconds)) return null;
  }
}

function accepted({ generation, differences }: Accepted): Accepted {
  trouble.value = null;
  problems.value = [];
  return { generation, differences };
}

/** Whether it is to be sent again: after a while, or at a press. */
async function waited(refusal: Refusal, seconds: number): Promise<boolean> {
  const ms = Math.max(1000, seconds * 1000);
  trouble.value = { ...refusal, retryAt: Date.now() + ms };
  const again = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, ms, true);
    wake = (again) => {
      clearTimeout(timer);
      resolve(again);
    };
  });
  wake = () => {};
  return again;
}
