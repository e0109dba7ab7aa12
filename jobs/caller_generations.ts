/** The records of generations as one caller sees them: those of others are not there. */

import { type Caller, sees, seesOnly } from "../access/caller.ts";
import type { Generation } from "./generation.ts";
import type { GenerationPage, GenerationStore, ListOptions } from "./generation_store.ts";
import type { Idempotency } from "./idempotency.ts";

/** Generations for one caller. */
export class CallerGenerations {
  constructor(private readonly generations: GenerationStore, private readonly caller: Caller) {}

  /** The generation; null if there is none, or if it is another's. */
  async get(id: string): Promise<Generation | null> {
    const generation = await this.generations.get(id);
    return generation !== null && sees(this.caller, generation.owner) ? generation : null;
  }

  /** See {@link GenerationStore.findByKey}; keys of other callers are not looked at. */
  findByKey(idempotency: Idempotency): Promise<Generation | null> {
    return this.generations.findByKey(idempotency, this.caller.owner);
  }

  /** See {@link GenerationStore.list}. */
  list(options: Omit<ListOptions, "owner">): Promise<GenerationPage> {
    const owner = seesOnly(this.caller);
    return this.generations.list(owner === undefined ? options : { ...options, owner });
  }
}
