/** One call for all who ask for the same at the same time. */

/** Calls that have not ended, by what they are for. */
export class InFlight<Key, Value> {
  readonly #calls = new Map<Key, Promise<Value>>();

  /** What the call for `key` that is under way comes to; `call` makes one where there is none. */
  share(key: Key, call: () => Promise<Value>): Promise<Value> {
    const known = this.#calls.get(key);
    if (known !== undefined) return known;
    const made = call().finally(() => this.#calls.delete(key));
    this.#calls.set(key, made);
    return made;
  }
}
