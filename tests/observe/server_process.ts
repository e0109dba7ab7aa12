/** A server as `deno task start` runs it, in a process of its own, whose standard error can be read. */

/** A running server process; `await using` ends it with SIGTERM. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** The lines that it has logged so far. */
  lines(): readonly string[];
  /** The log as records of JSON. */
  records(): readonly LogLine[];
  /** Waits until a record is there. */
  logged(wanted: (record: LogLine) => boolean): Promise<LogLine>;
  /** Ends it, and waits until it has said everything. */
  stop(): Promise<void>;
}

/** A record as it is written. */
export type LogLine = Readonly<Record<string, unknown>>;

const ROOT = new URL("../../", import.meta.url).pathname;

/** Starts a server on a free port over a new data folder. */
export async function startProcess(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      "--allow-sys",
      "main.ts",
    ],
    cwd: ROOT,
    env: { PARTERRE_PORT: "0", PARTERRE_DATA: dataFolder, PARTERRE_PRELOAD: "none", ...environment },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const reading = (async () => {
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) text += part;
  })();
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  const output = (async () => {
    let said = "";
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += part;
      const url = said.match(/listens on (http:\S+)\/graphql/)?.[1];
      if (url !== undefined) resolve(url);
    }
    reject(new Error(`The server ended:\n${text}`));
  })();
  const url = await listening;
  const lines = () => text.split("\n").slice(0, -1).filter((line) => line !== "");
  const records = () => lines().map((line) => JSON.parse(line) as LogLine);
  let stopped: Promise<void> | undefined;
  const stop = () =>
    stopped ??= (async () => {
      child.kill("SIGTERM");
      await Promise.all([child.status, reading, output.catch(() => {})]);
      Deno.removeSync(dataFolder, { recursive: true });
    })();
  return {
    url,
    lines,
    records,
    logged: async (wanted) => {
      for (let tries = 0; tries < 600; tries++) {
        const record = records().find(wanted);
        if (record !== undefined) return record;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`Not logged:\n${text}`);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
