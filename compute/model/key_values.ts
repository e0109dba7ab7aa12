/** Where a step gets its keys and values from: the contexts themselves, or a graph that projects them once. */

import type { HoistedGraph } from "../graph/hoist.ts";
import { encodeFolded } from "../graph/fold_constants.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";

/** Graph inputs by name. */
export type Feeds = Readonly<Record<string, Feed>>;

/** Turns what a conditioning feeds into what the step graph takes. */
export interface KeyValues {
  /** @param feeds The regional inputs; the same object is projected once. */
  apply(feeds: Feeds): Promise<Feeds>;
  release(): Promise<void>;
}

/** The step graph projects the contexts itself, at every step. */
export const INLINE_KEY_VALUES: KeyValues = {
  apply: (feeds) => Promise.resolve(feeds),
  release: () => Promise.resolve(),
};

/** A second graph projects them, once per conditioning. */
export class HoistedKeyValues implements KeyValues {
  // Weak, so that the keys and values of a generation go with its conditioning.
  readonly #known = new WeakMap<Feeds, Promise<Feeds>>();

  private constructor(private readonly session: Session) {}

  static async load(runtime: Runtime, { projections }: HoistedGraph): Promise<HoistedKeyValues> {
    return new HoistedKeyValues(await runtime.createSession(encodeFolded(projections)));
  }

  apply(feeds: Feeds): Promise<Feeds> {
    let applied = this.#known.get(feeds);
    if (applied === undefined) {
      applied = this.#project(feeds);
      this.#known.set(feeds, applied);
      applied.catch(() => this.#known.delete(feeds)); // a failed run may be tried again
    }
    return applied;
  }

  async #project(feeds: Feeds): Promise<Feeds> {
    const projected = await this.session.run(feeds);
    return { ...feeds, ...Object.fromEntries<Feed>(projected) };
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
