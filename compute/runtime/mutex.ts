/** One thing at a time. */

/** Lets tasks run one after the other, in the order they came. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` once all earlier ones have ended, however they did. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => {}); // the caller hears of it
    return turn;
  }
}
