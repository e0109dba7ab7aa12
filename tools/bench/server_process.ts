/** A Parterre in a process of its own, measured from outside. */

import { join } from "node:path";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { peakMemory } from "../../cli/peak_memory.ts";
import { cpuTime } from "./cpu_time.ts";

const ROOT = new URL("../../", import.meta.url);

const GENERATE = `mutation Generate($input: GenerateInput!) {
  generate(input: $input) { __typename ... on Generation { id } ... on Error { message } }
}`;

const WATCH = `subscription Watch($id: ID!, $preview: PreviewInput) {
  generationEvents(id: $id, after: 0, preview: $preview) {
    __typename
    ... on GenerationProgressEvent { step }
    ... on GenerationPreviewEvent { step image { dataUrl } }
    ... on GenerationCompletedEvent { generation { status error { message } } }
  }
}`;

interface Watch {
  readonly generationEvents:
    | { readonly __typename: "GenerationSnapshotEvent" | "GenerationStatusEvent" }
    | { readonly __typename: "GenerationProgressEvent" | "GenerationPreviewEvent"; readonly step: number }
    | {
      readonly __typename: "GenerationCompletedEvent";
      readonly generation: { readonly status: string; readonly error: { readonly message: string } | null };
    };
}

interface Times {
  readonly generation: {
    readonly status: string;
    readonly startedAt: string | null;
    readonly completedAt: string | null;
  };
}

/** A picture to paint: three columns. */
export interface Painting {
  /** The default one where it is absent. */
  readonly model?: string;
  /** Edge in pixels, or width where there is a height. */
  readonly edge: number;
  readonly height?: number;
  /** Whether it is painted by windows of native size. */
  readonly windowed?: boolean;
  readonly steps: number;
  /** Whether every step's preview is asked for. */
  readonly previews: boolean;
}

/** When things happened, as `performance.now()` reads where the client runs. */
export interface PaintingTimes {
  /** When the picture was asked for. */
  readonly asked: number;
  /** When it was promised: the answer to `generate`. */
  readonly accepted: number;
  /** The end of the first step. */
  readonly firstStep: number;
  /** The end of the last step. */
  readonly lastStep: number;
  /** Null without previews. */
  readonly firstPreview: number | null;
  /** What the process had taken of the processor by the first preview; NaN without, or where the system does not tell. */
  readonly cpuSeconds: number;
  /** The end of it all: the picture can be fetched. */
  readonly completed: number;
}

/** A server; `await using` ends it. */
export class ServerProcess implements AsyncDisposable {
  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly dataFolder: string,
    /** Where it listens. */
    readonly url: string,
    private readonly client: GraphqlClient = new GraphqlClient(url),
  ) {}

  /**
   * Starts a server on a free port over a new data folder and waits until it listens.
   * @param environment Its settings; those of this process do not reach it.
   */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-bench-" });
    // A lock of its own: a server that computes natively adds the package for it.
    const lock = join(dataFolder, "deno.lock");
    Deno.copyFileSync(new URL("deno.lock", ROOT), lock);
    const settings = Object.keys(Deno.env.toObject()).filter((name) => name.startsWith("PARTERRE_"));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", ...v8Flags(), "--allow-all", `--lock=${lock}`, "main.ts"],
      cwd: ROOT,
      env: {
        ...Object.fromEntries(settings.map((name) => [name, ""])), // empty settings take their defaults
        PARTERRE_PORT: "0",
        PARTERRE_DATA: dataFolder,
        ...environment,
      },
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    try {
      return new ServerProcess(process, dataFolder, await listeningUrl(process));
    } catch (error) {
      Deno.removeSync(dataFolder, { recursive: true });
      throw error;
    }
  }

  /** The name of the provider that computes. */
  async provider(): Promise<string> {
    const { runtime } = await this.client.request<{ runtime: { provider: string } }>("{ runtime { provider } }");
    return runtime.provider;
  }

  /**
   * Paints a picture to its end.
   * @throws {Error} if it is refused or fails.
   */
  async paint(painting: Painting): Promise<PaintingTimes> {
    const { steps, previews } = painting;
    const asked = performance.now();
    const id = await this.enqueue(painting);
    const accepted = performance.now();
    const variables = { id, preview: { every: previews ? 1 : 0 } };
    let firstStep = NaN, lastStep = NaN, completed = NaN;
    let firstPreview: number | null = null;
    let cpuSeconds = NaN;
    for await (const { generationEvents: event } of this.client.subscribe<Watch>(WATCH, variables)) {
      const now = performance.now();
      if (event.__typename === "GenerationPreviewEvent" && firstPreview === null) {
        firstPreview = now;
        cpuSeconds = cpuTime(this.process.pid);
      }
      if (event.__typename === "GenerationProgressEvent" && event.step === 1) firstStep = now;
      if (event.__typename === "GenerationProgressEvent" && event.step === steps) lastStep = now;
      if (event.__typename === "GenerationCompletedEvent") {
        completed = now;
        if (event.generation.status !== "SUCCEEDED") {
          throw new Error(`The generation ended ${event.generation.status}: ${event.generation.error?.message}`);
        }
      }
    }
    return { asked, accepted, firstStep, lastStep, firstPreview, cpuSeconds, completed };
  }

  /**
   * Asks for a picture.
   * @returns Its id.
   * @throws {Error} if it is refused.
   */
  async enqueue({ model, edge, height = edge, windowed = false, steps }: Painting): Promise<string> {
    const input = {
      model,
      width: edge,
      height,
      ...windowed && { windows: {} },
      steps,
      seed: 1,
      layout: {
        grid: { direction: "COLUMNS", ratios: "1,1,1" },
        regions: ["ocean", "forest", "sunset"].map((prompt) => ({ prompt, baseRatio: 0.2 })),
      },
    };
    const { generate: { id, message } } = await this.client.request<{ generate: { id?: string; message?: string } }>(
      GENERATE,
      { input },
    );
    if (id === undefined) throw new Error(message);
    return id;
  }

  /** Cancels a picture. */
  async cancel(id: string): Promise<void> {
    await this.client.request("mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }", { id });
  }

  /**
   * Waits for a picture's end.
   * @returns Seconds from its start, by the server's clock.
   * @throws {Error} if it does not succeed.
   */
  async secondsOf(id: string): Promise<number> {
    const query = "query ($id: ID!) { generation(id: $id) { status startedAt completedAt } }";
    while (true) {
      const { generation: { status, startedAt, completedAt } } = await this.client.request<Times>(query, { id });
      if (status === "SUCCEEDED") return (Date.parse(completedAt ?? "") - Date.parse(startedAt ?? "")) / 1000;
      if (status !== "QUEUED" && status !== "RUNNING") throw new Error(`The generation ended ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 500)); // seldom enough not to count
    }
  }

  /** Milliseconds of one guided step of a three-region picture. */
  async stepMs(painting: Painting): Promise<number> {
    const { firstStep, lastStep } = await this.paint(painting);
    return (lastStep - firstStep) / (painting.steps - 1);
  }

  /** The memory that it holds now, in bytes; NaN where the system does not tell. */
  memory(): number {
    return this.#proc("status", (text) => 1024 * Number(text.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]));
  }

  /** Seconds that its main thread has computed; NaN where the system does not tell. */
  mainThreadSeconds(): number {
    // Behind the name in brackets: utime and stime are the 12th and 13th, in hundredths (proc(5)).
    return this.#proc(`task/${this.process.pid}/stat`, (text) => {
      const [, , , , , , , , , , , user, system] = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return (Number(user) + Number(system)) / 100;
    });
  }

  #proc(file: string, read: (text: string) => number): number {
    try {
      return read(Deno.readTextFileSync(`/proc/${this.process.pid}/${file}`));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return NaN;
      throw error;
    }
  }

  /** The most memory that it has held, in bytes. */
  peakMemory(): number {
    return peakMemory(this.process.pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGTERM");
    await this.process.status;
    Deno.removeSync(this.dataFolder, { recursive: true });
  }
}

/** V8's flags of `deno task start`. */
export function v8Flags(): readonly string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  return String(tasks.start.command).split(" ").filter((word) => word.startsWith("--v8-flags="));
}

/** Reads a server's output until it says where it listens; what follows is read and dropped. */
async function listeningUrl(process: Deno.ChildProcess): Promise<string> {
  const [head, rest] = process.stdout.tee();
  rest.pipeTo(new WritableStream()).catch(() => {}); // keeps the pipe from filling up
  let text = "";
  for await (const chunk of head.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, url] = text.match(/listens on (http:\S+)\/graphql/) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`The server ended before it listened: ${text}`);
}
