/** An S3 server of one's own: s3rver in a process of its own, in a temporary folder, on a free port. */

import { fileURLToPath } from "node:url";
import type { ObjectStoreOptions } from "../../../assets/s3_driver.ts";
import { endWithProgram, freePort, until } from "./service.ts";

/** Milliseconds until it must answer: the first time it is fetched. */
const PATIENCE_MS = 60_000;

const BUCKET = "pictures";
const LOCK = fileURLToPath(new URL("./s3rver.lock", import.meta.url));

/** An S3 server; it ends with the program, or earlier with `await using`. */
export interface S3Service extends AsyncDisposable {
  /** A place of its own in the bucket. */
  createPlace(): ObjectStoreOptions;
  /** Ends it; its port refuses connections then. */
  stop(): Promise<void>;
  /** Starts it again on the same port and objects. */
  start(): Promise<void>;
}

/** Starts a server; in a file of tests to be awaited where the file is loaded, so that no test is blamed for what it holds open. */
export async function startS3(): Promise<S3Service> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-s3-" });
  const port = freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let server: Deno.ChildProcess | undefined;
  const start = async () => {
    server = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-config", "--frozen", `--lock=${LOCK}`, "npm:s3rver@3.7.1"]
        .concat("--directory", folder, "--address", "127.0.0.1", "--port", `${port}`, "--configure-bucket", BUCKET),
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until(async () => await (await fetch(endpoint)).body?.cancel(), PATIENCE_MS);
  };
  const stop = async () => {
    const ending = server;
    server = undefined;
    ending?.kill("SIGKILL");
    await ending?.status;
  };
  await start();
  const atEnd = endWithProgram(() => {
    server?.kill("SIGKILL");
    Deno.removeSync(folder, { recursive: true });
  });

  let places = 0;
  return {
    start,
    stop,
    createPlace: () => ({
      endpoint,
      region: "us-east-1",
      bucket: `${BUCKET}/${++places}`,
      accessKeyId: "S3RVER",
      secretAccessKey: "S3RVER",
    }),
    [Symbol.asyncDispose]: async () => {
      await stop();
      atEnd[Symbol.dispose]();
    },
  };
}
