/** A runtime that measures the time inside its sessions' runs. */

import type { EncodedGraph } from "../../compute/graph/onnx_file.ts";
import type { Feed, Runtime, RuntimeInfo, Session } from "../../compute/runtime/runtime.ts";
import type { Tensor } from "../../compute/tensor.ts";

/** Wraps a runtime; everything else stays as it is. */
export class TimedRuntime implements Runtime {
  /** Milliseconds inside `Session.run` so far, of all sessions together. */
  insideMs = 0;
  readonly info: RuntimeInfo;

  constructor(private readonly inner: Runtime) {
    this.info = inner.info;
  }

  async createSession(graph: EncodedGraph): Promise<Session> {
    const session = await this.inner.createSession(graph);
    const run = async (
      feeds: Readonly<Record<string, Feed>>,
      fetches?: readonly string[],
    ): Promise<ReadonlyMap<string, Tensor>> => {
      const since = performance.now();
      try {
        return await session.run(feeds, fetches);
      } finally {
        this.insideMs += performance.now() - since;
      }
    };
    return { inputs: session.inputs, outputs: session.outputs, run, release: () => session.release() };
  }

  dispose(): void {
    this.inner.dispose();
  }
}
