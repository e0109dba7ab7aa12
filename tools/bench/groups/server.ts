/** A server's start and memory, as its operator sees them. */

import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import type { PhaseTime } from "../cold_phases.ts";
import { ServerProcess, v8Flags } from "../server_process.ts";
import { repeated, summarize } from "../statistics.ts";
import { DISTILLED_MODEL, DISTILLED_STEPS, EDGES, EMBEDDED_MODEL } from "../subject.ts";

const [NATIVE_EDGE = 256] = EDGES;

/** From starting the process to the first preview in a client's hands, what it is spent on, and what it costs. */
export async function* coldStart({ repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const starts = Math.max(3, Math.ceil(repeats / 3));
  for (const [model, goal] of [[undefined, 2], [DISTILLED_MODEL, null]] as const) {
    const name = `cold start${model === undefined ? "" : `, ${model}`}`;
    const times: ColdStart[] = [];
    await coldStartOf(model); // fills the caches of files and of compiled scripts
    for (let i = 0; i < starts; i++) times.push(await coldStartOf(model));
    const rowOf = (what: string, of: (time: ColdStart) => number, limit: number | null = null): Row => {
      const samples = times.map(of);
      if (samples.some(Number.isNaN)) return { name: `${name}: ${what}`, unmeasured: "this system does not tell" };
      return figure(`${name}: ${what}`, summarize(samples), { unit: "s", goal: limit });
    };
    yield rowOf("until it listens", ({ listening }) => listening);
    yield rowOf("until a picture is promised", ({ accepted }) => accepted);
    yield rowOf(`to first preview, ${NATIVE_EDGE} px`, ({ firstPreview }) => firstPreview, goal);
    yield rowOf("processor time by then", ({ cpuSeconds }) => cpuSeconds);
  }
  const samples = new Map<string, PhaseTime[]>();
  for (let i = 0; i < starts; i++) {
    for (const time of await coldPhases()) samples.set(time.phase, [...samples.get(time.phase) ?? [], time]);
  }
  for (const [phase, times] of samples) {
    yield figure(`cold: ${phase}`, summarize(times.map(({ ms }) => ms)), { unit: "ms" });
    yield figure(`cold: ${phase}, processor`, summarize(times.map(({ cpuMs }) => cpuMs)), { unit: "ms" });
  }
}

/** Seconds since a server's process was started, but for the last. */
interface ColdStart {
  readonly listening: number;
  readonly accepted: number;
  readonly firstPreview: number;
  /** Of the processor. */
  readonly cpuSeconds: number;
}

async function coldStartOf(model: string | undefined): Promise<ColdStart> {
  const since = performance.now();
  const after = (time: number) => (time - since) / 1000;
  await using server = await ServerProcess.start(model === undefined ? {} : { PARTERRE_PRELOAD: model });
  const listening = performance.now();
  const painting = { ...model !== undefined && { model }, edge: NATIVE_EDGE, steps: 4, previews: true };
  const { accepted, firstPreview, cpuSeconds } = await server.paint(painting);
  if (firstPreview === null) throw new Error("The server sent no preview");
  return { listening: after(listening), accepted: after(accepted), firstPreview: after(firstPreview), cpuSeconds };
}

/** The phases of one cold process. */
async function coldPhases(): Promise<readonly PhaseTime[]> {
  const script = new URL("../cold_phases.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...v8Flags(), "--allow-all", script, EMBEDDED_MODEL],
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`cold_phases.ts ended with code ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The distilled model's picture of three regions, from asking a server that has loaded it. */
export async function* distilled({ repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using server = await ServerProcess.start({ PARTERRE_PRELOAD: DISTILLED_MODEL });
  const painting = { model: DISTILLED_MODEL, edge: NATIVE_EDGE, steps: DISTILLED_STEPS, previews: true };
  await server.paint(painting);
  const firsts: number[] = [];
  const whole = async () => {
    const { asked, firstPreview, completed } = await server.paint(painting);
    if (firstPreview === null) throw new Error("The server sent no preview");
    firsts.push((firstPreview - asked) / 1000);
    return (completed - asked) / 1000;
  };
  const pictures = await repeated(whole, repeats, 0);
  yield figure(`distilled: to the first preview, ${NATIVE_EDGE} px`, summarize(firsts), {
    unit: "s",
    goal: 0.3,
  });
  yield figure(`distilled: to the picture, ${NATIVE_EDGE} px`, summarize(pictures), { unit: "s", goal: 1 });
}

/** Sizes of pictures by windows, each larger than the one before. */
const WINDOWED = [[512, 512], [1024, 768], [1536, 1024]] as const;

/** How much more the largest of them may take than the smallest, which has a sixth of its area. */
const MOST_GROWTH = 1.25;

/** Peak memory of a server that has painted; and of one that has painted larger and larger pictures by windows. */
export async function* memory({ quick }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using server = await ServerProcess.start();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    await server.paint({ edge, steps: 4, previews: true });
    yield peakOf(server, `${edge} px`);
  }
  if (quick) return;
  await using another = await ServerProcess.start();
  const peaks: number[] = [];
  for (const [edge, height] of WINDOWED) {
    await another.paint({ model: DISTILLED_MODEL, edge, height, windowed: true, steps: 1, previews: true });
    peaks.push(another.peakMemory());
    yield peakOf(another, `${edge} x ${height} px by windows`);
  }
  const [least = NaN] = peaks, most = peaks.at(-1) ?? NaN;
  if (Number.isNaN(most)) return;
  const name = "peak RSS by windows, the largest picture against the smallest";
  yield { name, value: most / least, unit: "x", goal: MOST_GROWTH, better: "lower", spread: null };
}

function peakOf(server: ServerProcess, size: string): Row {
  const name = `peak RSS of a server, ${size}`, bytes = server.peakMemory();
  return Number.isNaN(bytes)
    ? { name, unmeasured: "this system does not tell" }
    : { name, value: bytes / 2 ** 20, unit: "MiB", goal: null, better: "lower", spread: null };
}
