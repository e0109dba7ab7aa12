/** PyTorch and diffusers with a regional attention processor, on the same network and layouts. */

import { z } from "zod";
import { figure, type Row } from "../figure.ts";
import { BASE_RATIO, cutOf } from "../layouts.ts";
import type { BenchOptions } from "../options.ts";
import { type Measure, pairedRatio } from "../statistics.ts";
import { EDGES, EMBEDDED_MODEL, type LoopOptions, Subject } from "../subject.ts";

const SCRIPT = new URL("../peer/main.py", import.meta.url).pathname;
const answer = z.object({ ms: z.number().positive() });

/** What is compared: regions and base ratio. */
const LAYOUTS: readonly Required<Pick<LoopOptions, "regions" | "baseRatio">>[] = [
  { regions: 0, baseRatio: 0 },
  { regions: 8, baseRatio: 0 },
  { regions: 8, baseRatio: BASE_RATIO },
  { regions: 16, baseRatio: 0 },
];

/** Steps for one polarity: the peer's regional ones against its plain ones, and Parterre's against the peer's. */
export async function* peer({ quick, repeats, peer: python }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  if (python === null) {
    yield { name: "peer: PyTorch and diffusers", unmeasured: "not asked; see --peer" };
    return;
  }
  await using subject = await Subject.load();
  await using other = await PeerProcess.start(python, subject.runtime.info.threads);
  const { vaeFactor } = subject.model.config;
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const peerStep = (layout: LoopOptions) => settled(() => other.step(edge / vaeFactor, layout));
    const plain = peerStep({ edge, regions: 0 });
    for (const layout of LAYOUTS) {
      const { regions, baseRatio } = layout;
      const what = regions === 0 ? "plain" : `R = ${regions}, ${baseRatio === 0 ? "no base" : `base ${baseRatio}`}`;
      const theirs = peerStep({ edge, ...layout });
      const ours = settled(subject.loop({ edge, ...layout }).step);
      yield figure(`step against the peer's, ${what}, ${edge} px`, await pairedRatio(ours, theirs, repeats), {
        unit: "x peer",
      });
      if (regions === 0) continue;
      yield figure(`the peer's own step, ${what}, ${edge} px`, await pairedRatio(theirs, plain, repeats), {
        unit: "x its plain",
      });
    }
  }
}

/** The second of two samples: threads of the other process spin for a while after its step, which slows the first. */
function settled(measure: Measure): Measure {
  return async () => {
    await measure();
    return await measure();
  };
}

/** The Python process: one line of JSON there, one back. */
class PeerProcess implements AsyncDisposable {
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncIterator<string>;

  private constructor(private readonly process: Deno.ChildProcess) {
    this.#input = process.stdin.getWriter();
    this.#lines = lines(process.stdout);
  }

  static async start(python: string, threads: number): Promise<PeerProcess> {
    const process = new Deno.Command(python, {
      args: [SCRIPT, "--config", `${EMBEDDED_MODEL}/unet/config.json`, "--threads", String(threads)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const peer = new PeerProcess(process);
    await peer.#line(); // says that it is ready
    return peer;
  }

  /** Milliseconds of one prediction at `size` x `size` latent cells. */
  async step(size: number, { regions, baseRatio = 0 }: LoopOptions): Promise<number> {
    const cut = regions === 0 ? { columns: 0, rows: 0 } : cutOf(regions);
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify({ size, baseRatio, ...cut })}\n`));
    return answer.parse(JSON.parse(await this.#line())).ms;
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("The peer ended early; its error output says why");
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.process.status;
  }
}

async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void, undefined> {
  let pending = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (pending + chunk).split("\n");
    pending = parts.pop() ?? "";
    yield* parts;
  }
}
