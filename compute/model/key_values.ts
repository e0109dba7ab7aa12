/** Where a step gets its keys and values from: the contexts themselves, or a graph that projects them once. */

import { encodeOnnx } from "../graph/onnx_file.ts";
import { type HoistedGraph } from "../graph/hoist.ts";
import { REGIONAL_INPUTS } from "../graph/regional_rewrite.ts";
import type { Feed, Runtime, Session } from "../runtime/runtime.ts";
import type { Tensor } from "../tensor.ts";

/** Turns contexts into what the step graph takes in their place. */
export interface KeyValues {
  /** @param contexts [1, R, T, D]; the same object is projected once. */
  feeds(contexts: Tensor): Promise<Readonly<Record<string, Feed>>>;
  release(): Promise<void>;
}

/** The step graph projects the contexts itself, at every step. */
export const INLINE_KEY_VALUES: KeyValues = {
  feeds: (contexts) => Promise.resolve({ [REGIONAL_INPUTS.contexts]: contexts }),
  release: () => Promise.resolve(),
};

/** A second graph projects them, once per contexts tensor. */
export class HoistedKeyValues implements KeyValues {
  // Weak, so that the keys and values of a generation go with its contexts.
  readonly #known = new WeakMap<Tensor, Promise<Readonly<Record<string, Feed>>>>();

  private constructor(private readonly session: Session) {}

  static async load(runtime: Runtime, { projections }: HoistedGraph): Promise<HoistedKeyValues> {
    return new HoistedKeyValues(await runtime.createSession(encodeOnnx(projections)));
  }

  feeds(contexts: Tensor): Promise<Readonly<Record<string, Feed>>> {
    let feeds = this.#known.get(contexts);
    if (feeds === undefined) {
      feeds = this.session.run({ [REGIONAL_INPUTS.contexts]: contexts }).then(Object.fromEntries<Feed>);
      this.#known.set(contexts, feeds);
      feeds.catch(() => this.#known.delete(contexts)); // a failed run may be tried again
    }
    return feeds;
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
