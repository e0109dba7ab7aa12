/** A stream whose items and end are noticed, whoever ends it and however. */

/** How a stream ended: by itself, because its reader left, or by a fault, of which `threw` was told before. */
export type StreamEnd = "ok" | "left" | "fault";

/** What is done on the way. */
export interface StreamWatch<T> {
  /** Wraps each wait for an item, so that it goes on in the stream's own context. */
  run<R>(callback: () => R): R;
  item(item: T): void;
  threw(error: unknown): void;
  /** Called once. */
  ended(how: StreamEnd): void;
}

/** The same stream, watched. It ends at once when its reader ends it, also while an item is awaited. */
export function watchedStream<T>(source: AsyncIterable<T>, watch: StreamWatch<T>): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let open = true;
  const end = (how: StreamEnd) => {
    if (open) watch.ended(how);
    open = false;
  };
  const next = async (): Promise<IteratorResult<T>> => {
    try {
      const result = await watch.run(() => iterator.next());
      if (result.done) end("ok");
      else watch.item(result.value);
      return result;
    } catch (error) {
      if (open) watch.threw(error);
      end("fault");
      throw error;
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next,
    return: async (value) => {
      end("left");
      return await iterator.return?.(value) ?? { done: true, value };
    },
    throw: async (error) => {
      end("fault");
      if (iterator.throw === undefined) throw error;
      return await iterator.throw(error);
    },
  };
}
