/** The service of compose.yaml, started by podman-compose as it stands there, but without a network. */

import { type Engine, type Ran } from "./engine.ts";
import { tool } from "./tools.ts";

const PROJECT = "parterre-test";
const CONTAINER = `${PROJECT}_parterre_1`;

/** What is different from compose.yaml. A network none has no ports; `publish` stands in for those. */
const OVERRIDE = `services:
  parterre:
    network_mode: none
    ports: !reset []
`;

/** One service, one volume, one key; disposing removes all. */
export class Service implements AsyncDisposable {
  /** The operator's key. */
  readonly key: string = `test_${crypto.getRandomValues(new Uint8Array(24)).toHex()}`;
  readonly #folder = Deno.makeTempDirSync({ prefix: "parterre-service-" });

  /** @param root The folder with compose.yaml. */
  constructor(private readonly engine: Engine, private readonly root: string) {
    Deno.chmodSync(this.#folder, 0o755); // the container's user reads the key
    Deno.writeTextFileSync(`${this.#folder}/key`, this.key);
    Deno.writeTextFileSync(`${this.#folder}/offline.yaml`, OVERRIDE);
  }

  /** Makes the container, and the volume where there is none yet, and starts it. */
  async up(): Promise<void> {
    await this.#compose("down");
    await this.#compose("up", "--detach", "--no-build");
  }

  /**
   * Waits until the health check passes.
   * @returns Milliseconds from the start of the container's process to the first answer, as its log tells them.
   * @throws {Error} with the log, if it does not within a minute.
   */
  async healthy(): Promise<number> {
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      if ((await this.engine.try("healthcheck", "run", CONTAINER)).code === 0) return await this.#startMs();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`Not healthy; its log:\n${await this.log()}`);
  }

  async #startMs(): Promise<number> {
    const started = Date.parse(await this.#inspect('{{.State.StartedAt.Format "2006-01-02T15:04:05.000Z07:00"}}'));
    const { stdout } = await this.engine.try("logs", "--timestamps", CONTAINER);
    const [, listens] = /^(\S+) .*listens on/m.exec(stdout) ?? [];
    return Math.round(Date.parse(listens ?? "") - started);
  }

  /** What it printed. */
  async log(): Promise<string> {
    const { stdout, stderr } = await this.engine.try("logs", CONTAINER);
    return stdout + stderr;
  }

  /** Its process 1, by its id on this machine. */
  async process(): Promise<number> {
    return Number(await this.#inspect("{{.State.Pid}}"));
  }

  /** Runs a command in it, as its own user. @throws {Error} with what it printed, if it failed. */
  async exec(...command: string[]): Promise<string> {
    return await this.engine.podman("exec", CONTAINER, ...command);
  }

  /** Runs a command in it; podman's options may stand before. */
  async try(...args: string[]): Promise<Ran> {
    const first = args.findIndex((arg) => !arg.startsWith("-"));
    return await this.engine.try("exec", ...args.slice(0, first), CONTAINER, ...args.slice(first));
  }

  /** The limits that the kernel holds it to: bytes, and processors. */
  async limits(): Promise<{ memory: number; processors: number }> {
    const read = (...paths: string[]) => this.#cgroup(paths);
    const [quota, period] = (await read("cpu.max", "cpu/cpu.cfs_quota_us")).split(" ");
    const memory = Number(await read("memory.max", "memory/memory.limit_in_bytes"));
    return { memory, processors: Number(quota) / Number(period ?? await read("cpu/cpu.cfs_period_us")) };
  }

  /** The most bytes that it has used since it was started. */
  async peakMemory(): Promise<number> {
    return Number(await this.#cgroup(["memory.peak", "memory/memory.max_usage_in_bytes"]));
  }

  /** Reads the first of these that is there: cgroups of version 2 and 1 name them differently. */
  async #cgroup(paths: string[]): Promise<string> {
    const found = paths.map((path) => `/sys/fs/cgroup/${path}`).join(" ");
    return (await this.exec("sh", "-c", `cat ${found} 2>/dev/null || true`)).trim();
  }

  /** Ends it as engines do: SIGTERM, and SIGKILL after compose.yaml's time. @returns Its exit code, 137 if killed. */
  async stop(): Promise<number> {
    await this.engine.podman("stop", CONTAINER);
    return Number(await this.#inspect("{{.State.ExitCode}}"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#compose("down", "--volumes");
    Deno.removeSync(this.#folder, { recursive: true });
  }

  async #compose(...command: string[]): Promise<string> {
    const files = ["--file", `${this.root}/compose.yaml`, "--file", `${this.#folder}/offline.yaml`];
    return await this.engine.compose(tool("podman-compose"), ["--project-name", PROJECT, ...files, ...command], {
      PARTERRE_KEY_FILE: `${this.#folder}/key`,
    });
  }

  async #inspect(format: string): Promise<string> {
    return await this.engine.podman("inspect", "--format", format, CONTAINER);
  }
}
