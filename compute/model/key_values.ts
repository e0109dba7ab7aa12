/** Where a step gets its keys and values from: the contexts themselves, or a graph that projects them once. */

import type { HoistedGraph } from "../graph/hoist.ts";
import { CONTEXTS } from "../graph/regional_rewrite.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";

/** Graph inputs by name. */
export type Feeds = Readonly<Record<string, Feed>>;

/** Turns what a conditioning feeds into what the step graph takes. */
export interface KeyValues {
  /** @param feeds The regional inputs; the same contexts are projected once, whatever they are fed with. */
  apply(feeds: Feeds): Promise<Feeds>;
  release(): Promise<void>;
}

/** The step graph projects the contexts itself, at every step. */
export const INLINE_KEY_VALUES: KeyValues = {
  apply: (feeds) => Promise.resolve(feeds),
  release: () => Promise.resolve(),
};

/** A second graph projects them, once for the windows of a picture, which share their contexts. */
export class HoistedKeyValues implements KeyValues {
  // Weak, so that the keys and values of a generation go with its contexts.
  readonly #known = new WeakMap<Feed["data"], Promise<Feeds>>();

  private constructor(private readonly session: Session) {}

  static async load(runtime: Runtime, { projections }: HoistedGraph): Promise<HoistedKeyValues> {
    return new HoistedKeyValues(await runtime.createSession(encodeFolded(projections)));
  }

  async apply(feeds: Feeds): Promise<Feeds> {
    const contexts = feeds[CONTEXTS]?.data;
    if (contexts === undefined) throw new RangeError("Cannot project contexts that are not fed");
    let projected = this.#known.get(contexts);
    if (projected === undefined) {
      projected = this.#project(feeds);
      this.#known.set(contexts, projected);
      projected.catch(() => this.#known.delete(contexts)); // a failed run may be tried again
    }
    return { ...feeds, ...await projected };
  }

  async #project(feeds: Feeds): Promise<Feeds> {
    return Object.fromEntries<Feed>(await this.session.run(feeds));
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
