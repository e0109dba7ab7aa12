/** The parts of a model that are in memory, those that LoRAs change in as many variants as there is room for. */

/** What is loaded and can be freed. */
interface Releasable {
  release(): Promise<void>;
}

interface Entry {
  readonly part: string;
  readonly variant: string;
  readonly bytes: number;
  readonly loading: Promise<Releasable>;
}

/** Variants of one part that are kept at once, however much room there is. */
const MOST_VARIANTS = 4;

/** Parts by name and variant. The variant "" is the part as its file has it. */
export class LoadedParts {
  /** The one used longest ago first. */
  readonly #entries = new Map<string, Entry>();
  readonly #sizes = new Map<string, number>();

  /** Bytes that variants may take beyond one of each part. */
  spare = 0;

  /** Bytes that variants take now beyond one of each part. */
  get extraBytes(): number {
    const once = [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    return Math.max(0, this.#total() - once);
  }

  /**
   * A part, loaded on first use. Other variants, of any part, make room for one that is loaded: those used longest ago.
   * @param bytes What it takes in memory.
   */
  async get<T extends Releasable>(part: string, variant: string, bytes: number, load: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([part, variant]);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key); // so that it becomes the most recent one
      this.#entries.set(key, known);
      return await known.loading as T; // the name of a part decides its type
    }
    this.#sizes.set(part, Math.max(bytes, this.#sizes.get(part) ?? 0));
    const loading = this.#makeRoom(key, part, variant, bytes).then(load);
    this.#entries.set(key, { part, variant, bytes, loading });
    loading.catch(() => this.#entries.delete(key)); // a failed load may be tried again
    return await loading;
  }

  /** @param key Of the one that room is made for; while others are released it is among the entries. */
  async #makeRoom(key: string, part: string, variant: string, bytes: number): Promise<void> {
    const others = [...this.#entries].filter(([, entry]) => entry.part === part || entry.variant !== "");
    // A part as it is in its file has its own room, which only variants of it may have taken.
    if (variant === "" && !others.some(([, entry]) => entry.part === part)) return;
    const limit = this.spare + [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    const kept = () => [...this.#entries].filter(([other]) => other !== key).map(([, entry]) => entry);
    for (const [other, entry] of others) {
      const full = kept().reduce((sum, { bytes: own }) => sum + own, bytes) > limit;
      const many = kept().filter((own) => own.part === part).length >= MOST_VARIANTS;
      if (!full && !(many && entry.part === part)) continue;
      this.#entries.delete(other);
      await entry.loading.then((loaded) => loaded.release(), () => {});
    }
  }

  #total(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Frees everything. */
  async release(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const { loading } of entries) await loading.then((loaded) => loaded.release(), () => {});
  }
}
