/** Where a step gets its keys and values from: the contexts themselves, or a graph that projects them once. */

import type { HoistedGraph } from "../graph/hoist.ts";
import { CONTEXTS } from "../graph/regional_rewrite.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import { ContextDeltas, type ContextLora, type ProjectionForm, projectionForm } from "../lora/context_deltas.ts";
import type { UsableLora } from "../lora/lora_library.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";

/** Graph inputs by name. */
export type Feeds = Readonly<Record<string, Feed>>;

/** Turns what a conditioning feeds into what the step graph takes. */
export interface KeyValues {
  /**
   * @param feeds The regional inputs; the same contexts are projected once, whatever they are fed with.
   * @param loras Of single contexts, the same ones for the same contexts.
   */
  apply(feeds: Feeds, loras: readonly ContextLora[]): Promise<Feeds>;
  release(): Promise<void>;
}

/** The step graph projects the contexts itself, at every step. */
export const INLINE_KEY_VALUES: KeyValues = {
  apply: (feeds, loras) => {
    if (loras.length === 0) return Promise.resolve(feeds);
    return Promise.reject(new RangeError("Cannot add LoRAs to keys and values that are computed at every step"));
  },
  release: () => Promise.resolve(),
};

/** Lists of LoRAs whose matrices are kept in the engine. */
const KEPT_DELTAS = 4;

/** A second graph projects them, once for the windows of a picture, which share their contexts. */
export class HoistedKeyValues implements KeyValues {
  // Weak, so that the keys and values of a generation go with its contexts.
  readonly #known = new WeakMap<Feed["data"], Promise<Feeds>>();
  /** By the states of their files, the one used longest ago first. */
  readonly #deltas = new Map<string, ContextDeltas | null>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly session: Session,
    private readonly form: ProjectionForm,
  ) {}

  static async load(runtime: Runtime, hoisted: HoistedGraph): Promise<HoistedKeyValues> {
    const form = projectionForm(hoisted);
    return new HoistedKeyValues(runtime, await runtime.createSession(encodeFolded(hoisted.projections)), form);
  }

  async apply(feeds: Feeds, loras: readonly ContextLora[]): Promise<Feeds> {
    const contexts = feeds[CONTEXTS]?.data;
    if (contexts === undefined) throw new RangeError("Cannot project contexts that are not fed");
    let projected = this.#known.get(contexts);
    if (projected === undefined) {
      projected = this.#project(feeds, loras);
      this.#known.set(contexts, projected);
      projected.catch(() => this.#known.delete(contexts)); // a failed run may be tried again
    }
    return { ...feeds, ...await projected };
  }

  async #project(feeds: Feeds, loras: readonly ContextLora[]): Promise<Feeds> {
    const projected = await this.session.run(feeds);
    const deltas = loras.length === 0 ? null : await this.#load(loras.map(({ lora }) => lora));
    for (const [name, { data }] of await deltas?.run(feeds, loras.map(({ weights }) => weights)) ?? []) {
      const sum = projected.get(name)?.data;
      if (sum === undefined) throw new Error(`The keys and values have no "${name}"`);
      for (let i = 0; i < data.length; i++) sum[i] = (sum[i] ?? 0) + (data[i] ?? 0);
    }
    return Object.fromEntries<Feed>(projected);
  }

  async #load(loras: readonly UsableLora[]): Promise<ContextDeltas | null> {
    const key = JSON.stringify(loras.map(({ state }) => state));
    const known = this.#deltas.get(key);
    const deltas = known === undefined ? await ContextDeltas.load(this.runtime, this.form, loras) : known;
    this.#deltas.delete(key); // so that it becomes the most recent one
    this.#deltas.set(key, deltas);
    const [oldest] = this.#deltas;
    if (this.#deltas.size > KEPT_DELTAS && oldest !== undefined) {
      this.#deltas.delete(oldest[0]);
      await oldest[1]?.release();
    }
    return deltas;
  }

  async release(): Promise<void> {
    for (const deltas of this.#deltas.values()) await deltas?.release();
    this.#deltas.clear();
    await this.session.release();
  }
}
