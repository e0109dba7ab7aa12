/** What subscribers cost a running job, and how soon they hear of it. */

import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { ServerProcess } from "../server_process.ts";
import { summarize } from "../statistics.ts";
import type { SubscribersReport } from "../subscribers_process.ts";
import { EDGES } from "../subject.ts";

/** Who watches a job. */
interface Audience {
  /** Threads that compute; by default the machine's. */
  readonly threads?: number;
  /** Subscribers by server-sent events. */
  readonly sse: number;
  /** Subscribers by WebSocket, each with a socket of its own. */
  readonly ws: number;
  readonly queriesPerSecond: number;
}

const NOBODY: Audience = { sse: 0, ws: 0, queriesPerSecond: 0 };
const READERS: Audience = { sse: 300, ws: 0, queriesPerSecond: 0 };
/** Beside them, and beside their own process, all cores cannot compute: one is left. */
const CROWD: Audience = {
  sse: 1000,
  ws: 200,
  queriesPerSecond: 200,
  threads: Math.max(1, navigator.hardwareConcurrency - 1),
};

/** Everybody comes from one address here. */
const ROOM = { PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: "2000", PARTERRE_MAX_SOCKETS_PER_CALLER: "1000" };

const STEPS = 30;
const SLOW_DOWN = 1.05;
const LATENCY_MS = 100;

/** A job and what its audience saw. */
interface Watched {
  /** From the job's start to its end. */
  readonly seconds: number;
  /** Of the server's main thread meanwhile; NaN where the system does not tell. */
  readonly mainThreadSeconds: number;
  /** Bytes that the server took to have its subscribers; NaN where the system does not tell. */
  readonly memory: number;
  readonly report: SubscribersReport | null;
}

/** A job with 300 readers, and one with a crowd, each against a job that nobody watches. */
export async function* subscribers({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const edge = quick ? EDGES[0] ?? 256 : 512;
  const pairs = Math.max(1, Math.ceil(repeats / 5));
  for (const audience of [READERS, CROWD]) {
    const { threads } = audience;
    await using server = await ServerProcess.start({
      ...ROOM,
      ...(threads === undefined ? {} : { PARTERRE_THREADS: String(threads) }),
    });
    await watch(server, edge, NOBODY); // loads the model
    const name = nameOf(audience);
    const count = audience.sse + audience.ws;
    const slowDowns: number[] = [], latencies: number[] = [], queries: number[] = [];
    const memory: number[] = [], cost: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = await watch(server, edge, pair % 2 === 0 ? NOBODY : audience);
      const second = await watch(server, edge, pair % 2 === 0 ? audience : NOBODY);
      const [alone, watched] = pair % 2 === 0 ? [first, second] : [second, first];
      const { report } = watched;
      if (report === null || report.complete < count || report.failedQueries > 0) {
        throw new Error(`${report?.complete} of ${count} got to the end, ${report?.failedQueries} queries failed`);
      }
      slowDowns.push(watched.seconds / alone.seconds);
      latencies.push(p99(report.latencies));
      if (report.queries.length > 0) queries.push(p99(report.queries));
      memory.push(watched.memory / count / 1024);
      cost.push(1e6 * (watched.mainThreadSeconds - alone.mainThreadSeconds) / report.events);
    }
    const lower = { better: "lower" } as const;
    yield figure(`a job with ${name} against none, ${edge} px`, summarize(slowDowns), { unit: "x", goal: SLOW_DOWN });
    yield figure(`99 % of events arrive within, ${name}`, summarize(latencies), { unit: "ms", goal: LATENCY_MS });
    yield figure(`memory of a subscriber, ${name}`, summarize(memory), { unit: "KiB", ...lower });
    yield figure(`main thread for an event and reader, ${name}`, summarize(cost), { unit: "us", ...lower });
    if (queries.length > 0) yield figure(`99 % of queries take, ${name}`, summarize(queries), { unit: "ms", ...lower });
  }
}

/** A job whose audience is there when it begins: until then another one keeps it waiting. */
async function watch(server: ServerProcess, edge: number, audience: Audience): Promise<Watched> {
  const painting = { edge, steps: STEPS, previews: true };
  const before = await server.enqueue({ ...painting, steps: 150 });
  const job = await server.enqueue(painting);
  const empty = server.memory();
  const seeing = audience === NOBODY ? null : await Seeing.begin(server.url, job, audience);
  const memory = server.memory() - empty;
  await server.cancel(before);
  const since = server.mainThreadSeconds();
  const seconds = await server.secondsOf(job);
  return {
    seconds,
    mainThreadSeconds: server.mainThreadSeconds() - since,
    memory,
    report: await seeing?.end() ?? null,
  };
}

/** An audience in a process of its own. */
class Seeing {
  private constructor(private readonly lines: ReadableStreamDefaultReader<string>) {}

  /** Resolves when all have their first event. */
  static async begin(url: string, job: string, { sse, ws, queriesPerSecond }: Audience): Promise<Seeing> {
    const script = new URL("../subscribers_process.ts", import.meta.url).pathname;
    const args = ["run", "--allow-net", script, url, job, String(sse), String(ws), String(queriesPerSecond)];
    const { stdout } = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
    const lines = stdout.pipeThrough(new TextDecoderStream()).getReader();
    const { done } = await lines.read();
    if (done) throw new Error("The subscribers ended before they began");
    return new Seeing(lines);
  }

  async end(): Promise<SubscribersReport> {
    let text = "";
    for (let { done, value } = await this.lines.read(); !done; { done, value } = await this.lines.read()) text += value;
    return JSON.parse(text);
  }
}

function nameOf({ sse, ws, queriesPerSecond }: Audience): string {
  const parts = [`${sse} SSE`, ...(ws > 0 ? [`${ws} WebSocket`] : [])].join(" + ");
  return queriesPerSecond > 0 ? `${parts} subscribers and ${queriesPerSecond} queries/s` : `${parts} subscribers`;
}

function p99(ascending: readonly number[]): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(0.99 * ascending.length))] ?? NaN;
}
