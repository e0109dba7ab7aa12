/** A Parterre in a process of its own, to be attacked: a crash is seen, and so is what it holds in memory. */

import { strict as assert } from "node:assert";

const ROOT = new URL("../../", import.meta.url);

/** How much more memory it may hold after an attack than before, in bytes. */
const GROWTH = 200 * 2 ** 20;

/** Milliseconds for its memory to go back. */
const PATIENCE = 15_000;

/** An attacked server; `await using` ends it. */
export class Victim implements AsyncDisposable {
  #before = 0;
  #ended: Deno.CommandStatus | undefined;

  private constructor(
    readonly url: string,
    private readonly process: Deno.ChildProcess,
    private readonly dataFolder: string,
  ) {
    process.status.then((status) => this.#ended = status);
  }

  /** Starts one on a free port, with short time-outs; the settings of this process do not reach it. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<Victim> {
    const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-attacks-" });
    const settings = Object.keys(Deno.env.toObject()).filter((name) => name.startsWith("PARTERRE_"));
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "main.ts"],
      cwd: ROOT,
      env: {
        ...Object.fromEntries(settings.map((name) => [name, ""])),
        PARTERRE_PORT: "0",
        PARTERRE_DATA: dataFolder,
        PARTERRE_PRELOAD: "none",
        PARTERRE_LOG: "fatal",
        PARTERRE_HEADER_TIMEOUT: "2",
        PARTERRE_REQUEST_TIMEOUT: "3",
        PARTERRE_STALL_TIMEOUT: "3",
        DENO_USR2_MEMORY_TRIM: "1", // see collect()
        ...environment,
      },
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const victim = new Victim(await listeningUrl(process), process, dataFolder);
    for (let i = 0; i < 20; i++) await victim.serves();
    victim.begin();
    return victim;
  }

  /** An attack begins: what is held by now, such as a model or what is loaded on first use, is not its doing. */
  begin(): void {
    this.#before = this.memory();
  }

  /** Bytes that it holds now. */
  memory(): number {
    const [, kib] = Deno.readTextFileSync(`/proc/${this.process.pid}/status`).match(/VmRSS:\s+(\d+) kB/) ?? [];
    return Number(kib) * 1024;
  }

  /** Bytes that it holds now, garbage aside: V8 lets that lie while nothing asks for more; at this signal Deno collects it. */
  async collect(): Promise<number> {
    this.process.kill("SIGUSR2");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return this.memory();
  }

  /** How many files in a folder of this name it holds open. */
  openFiles(folder: string): number {
    const place = `/proc/${this.process.pid}/fd`;
    return [...Deno.readDirSync(place)].filter(({ name }) => {
      try {
        return Deno.readLinkSync(`${place}/${name}`).includes(`/${folder}/`);
      } catch {
        return false; // closed meanwhile
      }
    }).length;
  }

  /** Live streams that it holds open. */
  async subscribers(): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const counts = [...text.matchAll(/^parterre_subscribers\{[^}]*\} (\d+)$/gm)];
    assert.ok(counts.length > 0, "there is no such metric");
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** It must answer, and soon. */
  async serves(): Promise<void> {
    assert.equal(this.#ended, undefined, `the process has ended: ${JSON.stringify(this.#ended)}`);
    const answer = await fetch(`${this.url}/graphql?query={__typename}`, { signal: AbortSignal.timeout(10_000) });
    assert.deepEqual(await answer.json(), { data: { __typename: "Query" } });
    assert.equal(answer.status, 200);
  }

  /** It must serve on, and hold little more than before. */
  async survived(): Promise<void> {
    await this.serves();
    const deadline = performance.now() + PATIENCE;
    while (this.memory() - this.#before > GROWTH && performance.now() < deadline) {
      await this.collect();
      await this.serves();
    }
    const grown = Math.round((this.memory() - this.#before) / 2 ** 20);
    assert.ok(grown * 2 ** 20 <= GROWTH, `it holds ${grown} MiB more than before`);
    await this.serves();
  }

  /** Asks for a query or mutation by POST. */
  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query, variables });
    const { data } = await (await fetch(`${this.url}/graphql`, { method: "POST", headers, body })).json();
    return data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended === undefined) this.process.kill("SIGTERM");
    await this.process.status;
    Deno.removeSync(this.dataFolder, { recursive: true });
  }
}

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
