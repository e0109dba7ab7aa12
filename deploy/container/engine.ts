/** Podman with settings and storage of its own: an engine that needs no daemon, and leaves the machine's alone. */

/** What a command printed, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], ...options }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Runs a program to its end and answers what it printed. @throws {Error} with its messages, if it failed. */
export async function must(...[program, args, options]: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** Where images are built and run. */
export class Engine {
  readonly #env: Readonly<Record<string, string>>;

  /** @param folder Keeps images between runs; about 2 GB. */
  constructor(readonly folder: string) {
    Deno.mkdirSync(folder, { recursive: true });
    const { openFiles, processes } = limits();
    const containers = `${folder}/containers.conf`;
    const storage = `${folder}/storage.conf`;
    // runc is what Docker runs containers with. Without a namespace for cgroups a program cannot find its own limits,
    // where cgroups are of version 1; with version 2 Docker gives one too.
    Deno.writeTextFileSync(
      containers,
      `[containers]
default_ulimits = ["nofile=${openFiles}:${openFiles}", "nproc=${processes}:${processes}"]
cgroupns = "private"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
    );
    Deno.writeTextFileSync(
      storage,
      `[storage]\ndriver = "overlay"\ngraphroot = "${folder}/storage"\nrunroot = "${folder}/run"\n`,
    );
    this.#env = { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage };
  }

  // Its monitors leave files where podman was started, so that is the engine's own folder.

  /** Runs podman. */
  try(...args: string[]): Promise<Ran> {
    return run("podman", args, { env: this.#env, cwd: this.folder });
  }

  /** Runs podman and answers what it printed. @throws {Error} with its messages, if it failed. */
  podman(...args: string[]): Promise<string> {
    return must("podman", args, { env: this.#env, cwd: this.folder });
  }

  /** Runs podman-compose, by a program of the tools' virtual environment. @throws {Error} with its messages. */
  compose(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return must(program, ["--in-pod", "false", ...args], { env: { ...this.#env, ...env }, cwd: this.folder });
  }

  /** Builds an image from a folder with a Dockerfile. */
  async build(folder: string, tag: string): Promise<void> {
    // chroot isolation: while an image is built its commands may use the network, to fetch packages.
    await this.podman(
      "build",
      "--format",
      "docker",
      "--isolation",
      "chroot",
      "--pull-never",
      "--layers=false",
      "-t",
      tag,
      folder,
    );
  }
}

/** The most that this process may have of what podman would otherwise try to raise. */
function limits(): { openFiles: number; processes: number } {
  const { stdout } = new Deno.Command("bash", { args: ["-c", "ulimit -Hn; ulimit -Hu"] }).outputSync();
  const [openFiles, processes] = new TextDecoder().decode(stdout).trim().split("\n")
    .map((limit) => Math.min(Number(limit) || Infinity, 32768)); // or "unlimited"
  return { openFiles: openFiles ?? 1024, processes: processes ?? 1024 };
}
