/** One thing at a time. */

/** Lets tasks run one after the other, in the order they came. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** How many tasks have not ended, the one that runs among them. */
  get pending(): number {
    return this.#pending;
  }

  /** Runs `task` once all earlier ones have ended, however they did. */
  run<T>(task: () => Promise<T>): Promise<T> {
    this.#pending++;
    const turn = this.#last.then(task).finally(() => this.#pending--);
    this.#last = turn.catch(() => {}); // the caller hears of it
    return turn;
  }
}
