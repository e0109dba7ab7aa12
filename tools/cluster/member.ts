/** A server or worker of a cluster: a process that ends and comes back on the same port. */

import { fileURLToPath } from "node:url";
import { freePort, until } from "./engines/service.ts";
import { startArguments } from "./start_arguments.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Milliseconds until a process that was started must answer: it waits for the database half of that. */
const PATIENCE_MS = 60_000;

/** What a process of the cluster does. */
export type MemberRole = "server" | "worker";

/** One process; `await using` ends it. */
export class Member implements AsyncDisposable {
  readonly port: number = freePort();
  readonly url: string = `http://127.0.0.1:${this.port}`;
  #process: Deno.ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  /**
   * @param name What its log is called, in `folder`.
   * @param environment Its settings; those of this process do not reach it.
   */
  constructor(
    readonly name: string,
    readonly role: MemberRole,
    private readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Whether its process runs. */
  get running(): boolean {
    return this.#process !== undefined;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts it and waits until it answers.
   * @throws {Error} with the end of its log if it ends before.
   */
  async start(): Promise<void> {
    if (this.#process !== undefined) throw new Error(`Cannot start ${this.name}: it runs`);
    const settings = Object.keys(Deno.env.toObject()).filter((name) => name.startsWith("PARTERRE_"));
    const environment = {
      ...Object.fromEntries(settings.map((name) => [name, ""])), // empty settings take their defaults
      ...this.environment,
      PARTERRE_ROLE: this.role,
      PARTERRE_PORT: `${this.port}`,
      PARTERRE_DATA: `${this.folder}/${this.name}`,
    };
    const process = new Deno.Command(Deno.execPath(), {
      args: [...startArguments(environment)],
      cwd: ROOT,
      env: environment,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#process = process;
    const logs = [append(process.stdout, this.#log), append(process.stderr, this.#log)];
    this.#ended = Promise.all([process.status, ...logs]).then(() => {
      if (this.#process === process) this.#process = undefined;
    });
    await until(async () => {
      if (!this.running) return; // told below
      await (await fetch(`${this.url}/health`)).body?.cancel();
    }, PATIENCE_MS);
    if (!this.running) throw new Error(`${this.name} ended: ${this.lastLine()}`);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#ended;
  }

  /** Ends it as an operator does. */
  async end(): Promise<void> {
    this.#signal("SIGTERM");
    await this.#ended;
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#process?.kill(signal);
    } catch (error) {
      // It has ended by itself, and what it wrote is still being read.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** What it wrote last. */
  lastLine(): string {
    return Deno.readTextFileSync(this.#log).trimEnd().split("\n").at(-1) ?? "";
  }

  get #log(): string {
    return `${this.folder}/${this.name}.log`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}

/** As it comes: what is piped into the stream of a file is there once the process has ended. */
async function append(stream: ReadableStream<Uint8Array>, file: string): Promise<void> {
  for await (const bytes of stream) await Deno.writeFile(file, bytes, { append: true });
}
