/** What is kept of generations while they are painted, so that another worker goes on where one was lost. */

import { getLogger } from "@logtape/logtape";
import { isTerminal } from "./generation.ts";
import type { GenerationStore } from "./generation_store.ts";

const log = getLogger(["parterre", "jobs", "checkpoints"]);

/**
 * Bytes under names, for each generation. They may be lost, which costs steps and nothing else, so that nothing waits for a
 * disk: but what is there is there wholly.
 */
export interface Checkpoints {
  /**
   * Keeps bytes, in place of what was kept under the same name.
   * @param token The worker's fencing token. Where a later one kept something under the name, nothing is changed.
   * @param name Lower-case letters, digits and hyphens.
   * @throws {StorageError}
   */
  save(id: string, token: number, name: string, bytes: Uint8Array): Promise<void>;

  /**
   * Everything that is kept of a generation, by name.
   * @throws {StorageError}
   */
  latest(id: string): Promise<ReadonlyMap<string, Uint8Array>>;

  /** Removes what is kept of a generation; nothing where nothing is. @throws {StorageError} */
  forget(id: string): Promise<void>;

  /** The ids of the generations of which something is kept. @throws {StorageError} */
  ids(): Promise<readonly string[]>;
}

/** Removes what is kept of generations that have ended, or are gone. */
export async function forgetEnded(checkpoints: Checkpoints, generations: Pick<GenerationStore, "get">): Promise<void> {
  for (const id of await checkpoints.ids()) {
    const generation = await generations.get(id);
    if (generation !== null && !isTerminal(generation.status)) continue;
    await checkpoints.forget(id);
    log.debug("Removed the checkpoints of {id}", { id });
  }
}
