/** The server that a command talks to: a running one, or one of its own that ends with it. */

import { resolve } from "node:path";
import { CommandFailure, usage } from "./failure.ts";
import { GraphqlClient } from "./graphql_client.ts";

/** Which server. */
export interface ConnectionOptions {
  /** A running server's address; undefined for one of the command's own. */
  readonly server?: string | undefined;
  /** Sent to a running server. */
  readonly key?: string | undefined;
  /** The own server's data folder. */
  readonly data?: string | undefined;
}

/** What an own server has to have. */
export interface Needs {
  /** Whether what is kept matters: layouts, masks, generations. Else the data folder is left alone. */
  readonly store: boolean;
  /** A model to load at once; null for the default one. */
  readonly model?: string | null;
}

/** A server to talk to; disposing of it ends an own one. */
export interface Connection extends AsyncDisposable {
  readonly client: GraphqlClient;
  /** Whether the server is the command's own. */
  readonly own: boolean;
  /** Waits until an own server has loaded the model that it was to load, and so can give estimates; not for ever. */
  loaded(signal: AbortSignal): Promise<void>;
}

/** The folder that the program was started in: where the server's data folder lies, as for `deno task start`. */
export const HOME = Deno.cwd();

/** Settings of servers that others reach, which say nothing of an own one. */
const OTHERS = [
  "PARTERRE_HOST",
  "PARTERRE_PORT",
  "PARTERRE_AUTH",
  "PARTERRE_ADMIN_KEY",
  "PARTERRE_ADMIN_KEY_FILE",
  "PARTERRE_MAX_WORK_PER_HOUR",
  "PARTERRE_REQUESTS_PER_MINUTE",
];

/** Milliseconds that a model may take to load before there is no estimate. */
const LOAD_PATIENCE_MS = 120_000;

/**
 * Connects to a running server, or starts one.
 * @throws {CommandFailure} USAGE if the address is none, or if another process uses the data folder.
 */
export async function connect(options: ConnectionOptions, needs: Needs): Promise<Connection> {
  if (options.server === undefined) return await startOwn(options, needs);
  return {
    client: new GraphqlClient(serverAddress(options.server), options.key),
    own: false,
    loaded: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The address without `/graphql`, which people copy with it. */
function serverAddress(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw usage(`Cannot use the server "${text}": must be an address such as http://127.0.0.1:8000`);
  }
  return text.replace(/\/+(graphql\/*)?$/, "");
}

async function startOwn({ data }: ConnectionOptions, { store, model }: Needs): Promise<Connection> {
  // Loaded only where it is needed: talking to a running server should not take a second.
  const [
    { readConfig },
    { startParterre },
    { configureLogging },
    { ModelCatalog },
    { refusalOf },
  ] = await Promise.all([
    import("../server/config.ts"),
    import("../server/parterre.ts"),
    import("../server/logging.ts"),
    import("../compute/model/catalog.ts"),
    import("../server/refusal.ts"),
  ]);
  const defaultModel = (folder: string) =>
    [new ModelCatalog(folder).firstUsable()].flatMap((first) => first === undefined ? [] : [first.name]);
  const environment = Deno.env.toObject();
  for (const name of OTHERS) delete environment[name];
  const temporary = store ? undefined : Deno.makeTempDirSync({ prefix: "parterre-cli-" });
  const removeTemporary = () => {
    if (temporary !== undefined) Deno.removeSync(temporary, { recursive: true });
  };
  try {
    const config = readConfig({ PARTERRE_LOG: "error", ...environment });
    await configureLogging(config.log);
    const dataFolder = temporary ?? (data === undefined ? resolve(HOME, config.dataFolder) : resolve(data));
    const preload = model === undefined ? [] : model === null ? defaultModel(config.modelsFolder) : [model];
    const parterre = await startParterre({
      ...config,
      port: 0, // on loopback, and open: for this command, while it runs
      dataFolder,
      preload,
    });
    return {
      client: new GraphqlClient(parterre.url),
      own: true,
      loaded: async (signal) => {
        const { estimator } = parterre.services;
        const patience = AbortSignal.any([signal, AbortSignal.timeout(LOAD_PATIENCE_MS)]);
        while (!preload.every((name) => estimator.knows(name))) {
          if (patience.aborted) return;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
      [Symbol.asyncDispose]: async () => {
        await parterre.close();
        removeTemporary();
      },
    };
  } catch (error) {
    removeTemporary();
    if (error instanceof Error && "code" in error && error.code === "DATA_FOLDER_IN_USE") {
      throw usage(
        `${error.message}. If that is a server, talk to it with --server, for instance --server http://127.0.0.1:8000; ` +
          "or take another folder with --data",
      );
    }
    const { line, exitCode } = refusalOf(error);
    throw new CommandFailure(line, "CANNOT_START", exitCode);
  }
}
