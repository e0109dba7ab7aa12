/** The server's settings, from environment variables. */

import { z } from "zod";
import { PROVIDER_CHOICES, type ProviderChoice } from "../compute/runtime/runtime.ts";
import type { CallerLimits } from "../access/caller.ts";
import { MAX_PIXELS } from "../image/pixels.ts";
import { readRetention } from "../jobs/read_retention.ts";
import type { RetentionPolicy } from "../jobs/retention.ts";
import { type Backends, readBackends, type Role, ROLES, urlRule } from "./backends.ts";
import { isLoopback } from "./loopback.ts";
import { LOG_FORMATS, LOG_LEVELS, type LogOptions } from "./logging.ts";
import type { MetricsReaders } from "./metrics_endpoint.ts";
import { parseHosts } from "./hosts.ts";
import type { ListenOptions } from "./listen.ts";
import { parseOrigins } from "./origins.ts";
import type { SubscriptionMaxima } from "./subscription_limits.ts";
import type { SocketLimits } from "./socket_limits.ts";
import { machineMemory } from "./machine_memory.ts";
import { ruleInWords, settingProblem, unknownSettings } from "./setting_problems.ts";

/** Settings that cannot be used. Its message is one line, and names the variable, the rule and the value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG";
}

/** A whole number from `min` to `max`. */
function wholeFrom(min: number, max: number): z.ZodType<number, string> {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.string().regex(/^-?\d+$/, rule).transform(Number).refine((n) => min <= n && n <= max, rule);
}

const whole = (fallback: number, min: number, max: number) => wholeFrom(min, max).default(fallback);

const flag = z.stringbool({ error: "must be true or false" });

/** A list that a function reads, or refuses with the rule that it breaks. */
const listed = (read: (text: string) => readonly string[]) =>
  z.string().default("").transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });

/** A URL of the kind that a setting takes. */
const url = (name: Parameters<typeof urlRule>[0]) =>
  z.string().optional().superRefine((value, context) => {
    const rule = value === undefined ? undefined : urlRule(name, value);
    if (rule !== undefined) context.addIssue({ code: "custom", message: rule });
  });

const schema = z.object({
  /** Address to listen on. */
  PARTERRE_HOST: z.string().default("127.0.0.1"),
  /** Port to listen on; 0 takes a free one. */
  PARTERRE_PORT: whole(8000, 0, 65535),
  /** Folder for everything that is kept. */
  PARTERRE_DATA: z.string().default("data"),
  /** What this process does: `server` answers clients, `worker` paints, `all` does both. See docs/scaling.md. */
  PARTERRE_ROLE: z.enum(ROLES).default("all"),
  /** A PostgreSQL database for the records, which many processes use; default SQLite in the data folder. */
  PARTERRE_DATABASE: url("PARTERRE_DATABASE"),
  /** A Redis or Valkey server that hands out work and carries live events; default none. */
  PARTERRE_REDIS: url("PARTERRE_REDIS"),
  /** Whether workers of a fleet help each other with pictures while they have none of their own; see docs/scaling.md. */
  PARTERRE_PARALLEL: flag.default(true),
  /** A bucket for the files; default a folder in the data folder. Rights and endpoint are in the AWS variables. */
  PARTERRE_ASSETS: url("PARTERRE_ASSETS"),
  /** Folder of model folders. */
  PARTERRE_MODELS: z.string().default(new URL("../models", import.meta.url).pathname),
  /** Folder of LoRA files for all models. */
  PARTERRE_LORAS: z.string().default(new URL("../loras", import.meta.url).pathname),
  /** Threads that one run uses. */
  PARTERRE_THREADS: whole(Math.min(navigator.hardwareConcurrency, 16), 1, 64),
  /** What computes: a provider by name, or `auto`, the best that works here. See docs/providers.md. */
  PARTERRE_PROVIDER: z.enum(PROVIDER_CHOICES).default("wasm"),
  /** Models to load at the start, separated by commas; `auto` is the default model if it is small; `none`. */
  PARTERRE_PRELOAD: z.string().default("auto"),
  /** Memory that loaded models may take together, in MiB; default three quarters of the machine's, or container's. */
  PARTERRE_MEMORY: wholeFrom(64, 2 ** 30).optional(),
  /** Generations that may wait. */
  PARTERRE_MAX_QUEUED: whole(1000, 1, 1_000_000),
  /** Regions that a layout may have. */
  PARTERRE_MAX_REGIONS: whole(32, 1, 256),
  /** Steps that a generation may have. */
  PARTERRE_MAX_STEPS: whole(150, 1, 1000),
  /** Pictures of one generation. */
  PARTERRE_MAX_PICTURES: whole(16, 1, 256),
  /** Longest edge of a picture in pixels. */
  PARTERRE_MAX_EDGE: whole(2048, 64, 16384),
  /** Bytes that an uploaded file may have. */
  PARTERRE_MAX_UPLOAD_BYTES: whole(8 * 2 ** 20, 1024, 2 ** 30),
  /** Pixels that an image may have as a mask; those of a layout may have four times as many together. */
  PARTERRE_MAX_MASK_PIXELS: whole(4096 * 4096, 1, MAX_PIXELS),
  /**
   * Who may call: with `keys`, who has one; with `open`, everybody who reaches the server, which then listens on this
   * machine alone; `open-to-the-network` means it in so many words.
   */
  PARTERRE_AUTH: z.enum(["open", "keys", "open-to-the-network"]).default("open"),
  /** A key of the operator's, with the scope `admin`, that is not kept. */
  PARTERRE_ADMIN_KEY: z.string().regex(/^\S{32,200}$/, "must have 32 to 200 characters, none of them a space")
    .optional(),
  /** A file that holds it instead. */
  PARTERRE_ADMIN_KEY_FILE: z.string().optional(),
  /** Operations that a caller may send within a minute; 0 is unlimited. Default 600 with keys, else unlimited. */
  PARTERRE_REQUESTS_PER_MINUTE: wholeFrom(0, 1_000_000).optional(),
  /** Generations of one caller that may wait and run at once; 0 is unlimited. */
  PARTERRE_MAX_ACTIVE: whole(100, 0, 1_000_000),
  /** Pixels times steps that a caller may ask for within an hour; 0 is unlimited. */
  PARTERRE_MAX_WORK_PER_HOUR: whole(0, 0, Number.MAX_SAFE_INTEGER),
  /** Seconds that signed URLs work at least, and twice that at most. */
  PARTERRE_URL_SECONDS: whole(3600, 1, 30 * 86_400),
  /** Proxies in front of this server that each add to `X-Forwarded-For`. */
  PARTERRE_TRUSTED_PROXIES: whole(0, 0, 16),
  /** How long, or how much, is kept: `30d`, `20GB`, or both with a comma; for ever by default. */
  PARTERRE_KEEP: z.string().optional(),
  /** Other origins whose pages may call, separated by commas; `*` for any. */
  PARTERRE_CORS: listed(parseOrigins),
  /** Names, beside loopback and its own address, that this server answers to, separated by commas; `*` for any. */
  PARTERRE_ALLOWED_HOSTS: listed(parseHosts),
  /** Connections that may be open. */
  PARTERRE_MAX_CONNECTIONS: whole(2048, 1, 1_000_000),
  /** WebSockets that may be open, in all and of one caller, and the operations that each may have at once. */
  PARTERRE_MAX_SOCKETS: whole(1000, 1, 1_000_000),
  PARTERRE_MAX_SOCKETS_PER_CALLER: whole(100, 1, 1_000_000),
  PARTERRE_MAX_SOCKET_OPERATIONS: whole(100, 1, 10_000),
  /** Subscriptions that may be open, in all and of one caller. */
  PARTERRE_MAX_SUBSCRIPTIONS: whole(2000, 1, 1_000_000),
  PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER: whole(200, 1, 1_000_000),
  /** Seconds for a request's headers, for a whole request, and for a client that takes nothing of its answer. */
  PARTERRE_HEADER_TIMEOUT: whole(10, 1, 3600),
  PARTERRE_REQUEST_TIMEOUT: whole(120, 1, 3600),
  PARTERRE_STALL_TIMEOUT: whole(30, 1, 3600),
  /** `production` turns GraphiQL and introspection off unless their own settings say otherwise. */
  PARTERRE_ENV: z.enum(["development", "production"]).default("development"),
  /** Whether `/graphql` shows GraphiQL to browsers. */
  PARTERRE_GRAPHIQL: flag.optional(),
  /** Whether callers may have the files of models, to compute by themselves. Default: where no keys are asked for. */
  PARTERRE_MODEL_FILES: flag.optional(),
  /** Whether `/` is the studio. */
  PARTERRE_STUDIO: flag.default(true),
  /** Lowest level that is logged. */
  PARTERRE_LOG: z.enum(LOG_LEVELS).default("info"),
  /** How it is logged: `auto` is text on a terminal and JSON anywhere else. */
  PARTERRE_LOG_FORMAT: z.enum(LOG_FORMATS).default("auto"),
  /** Who may read `/metrics`. */
  PARTERRE_METRICS: z.enum(["loopback", "all", "none"]).default("loopback"),
  /** Whether the schema can be asked for. */
  PARTERRE_INTROSPECTION: flag.optional(),
});

/** The settings. */
export interface Config extends Backends {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  /** Whether workers help each other. */
  readonly parallel: boolean;
  readonly modelsFolder: string;
  readonly lorasFolder: string;
  readonly threads: number;
  readonly provider: ProviderChoice;
  readonly preload: "auto" | readonly string[];
  /** Bytes. */
  readonly memoryBudget: number;
  readonly maxQueued: number;
  readonly maxRegions: number;
  readonly maxSteps: number;
  readonly maxPictures: number;
  readonly maxEdge: number;
  readonly maxUploadBytes: number;
  readonly maxMaskPixels: number;
  readonly corsOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly connections: Omit<ListenOptions, "host" | "port">;
  readonly sockets: Omit<SocketLimits, "stallTimeout">;
  readonly subscriptions: SubscriptionMaxima;
  readonly graphiql: boolean;
  readonly studio: boolean;
  /** Whether callers may have the files of models. */
  readonly sharesModels: boolean;
  /** Whether callers need keys. */
  readonly auth: "open" | "keys";
  /** The operator's own key; undefined if there is none. */
  readonly adminKey: string | undefined;
  /** Of callers without limits of their own. */
  readonly callerLimits: CallerLimits;
  /** Seconds that signed URLs work at least. */
  readonly urlSeconds: number;
  /** Proxies in front of this server. */
  readonly trustedProxies: number;
  readonly keep: RetentionPolicy;
  readonly log: LogOptions;
  readonly metricsReaders: MetricsReaders;
  readonly introspection: boolean;
}

/**
 * Reads the settings; an unset or empty variable takes its default.
 * @throws {ConfigError} that names every variable which breaks its rule, and every `PARTERRE_` variable which is none.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(set, { error: ruleInWords });
  const problems = [
    ...unknownSettings(set, Object.keys(schema.shape)),
    ...(result.error?.issues ?? []).map((issue) => settingProblem(issue, environment)),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join("; "));
  const v = result.data;
  const problem = exposure(v) ?? retentionProblem(v.PARTERRE_KEEP);
  if (problem !== undefined) throw new ConfigError(problem);
  const limit = (value: number) => value === 0 ? undefined : value;
  const auth = v.PARTERRE_AUTH === "keys" ? "keys" : "open";
  return {
    host: v.PARTERRE_HOST,
    port: v.PARTERRE_PORT,
    dataFolder: v.PARTERRE_DATA,
    ...backends(v.PARTERRE_ROLE, set),
    parallel: v.PARTERRE_PARALLEL,
    modelsFolder: v.PARTERRE_MODELS,
    lorasFolder: v.PARTERRE_LORAS,
    threads: v.PARTERRE_THREADS,
    provider: v.PARTERRE_PROVIDER,
    preload: preload(v.PARTERRE_PRELOAD),
    memoryBudget: v.PARTERRE_MEMORY === undefined ? 0.75 * machineMemory() : v.PARTERRE_MEMORY * 2 ** 20,
    maxQueued: v.PARTERRE_MAX_QUEUED,
    maxRegions: v.PARTERRE_MAX_REGIONS,
    maxSteps: v.PARTERRE_MAX_STEPS,
    maxPictures: v.PARTERRE_MAX_PICTURES,
    maxEdge: v.PARTERRE_MAX_EDGE,
    maxUploadBytes: v.PARTERRE_MAX_UPLOAD_BYTES,
    maxMaskPixels: v.PARTERRE_MAX_MASK_PIXELS,
    corsOrigins: v.PARTERRE_CORS,
    allowedHosts: v.PARTERRE_ALLOWED_HOSTS,
    connections: {
      maxConnections: v.PARTERRE_MAX_CONNECTIONS,
      headerTimeout: v.PARTERRE_HEADER_TIMEOUT * 1000,
      requestTimeout: v.PARTERRE_REQUEST_TIMEOUT * 1000,
      stallTimeout: v.PARTERRE_STALL_TIMEOUT * 1000,
    },
    sockets: {
      inAll: v.PARTERRE_MAX_SOCKETS,
      perCaller: v.PARTERRE_MAX_SOCKETS_PER_CALLER,
      operations: v.PARTERRE_MAX_SOCKET_OPERATIONS,
    },
    subscriptions: { inAll: v.PARTERRE_MAX_SUBSCRIPTIONS, perCaller: v.PARTERRE_MAX_SUBSCRIPTIONS_PER_CALLER },
    graphiql: v.PARTERRE_GRAPHIQL ?? v.PARTERRE_ENV !== "production",
    studio: v.PARTERRE_STUDIO,
    sharesModels: v.PARTERRE_MODEL_FILES ?? auth === "open",
    auth,
    adminKey: adminKey(v),
    callerLimits: {
      requestsPerMinute: limit(v.PARTERRE_REQUESTS_PER_MINUTE ?? (auth === "keys" ? 600 : 0)),
      maxActive: limit(v.PARTERRE_MAX_ACTIVE),
      maxWorkPerHour: limit(v.PARTERRE_MAX_WORK_PER_HOUR),
    },
    urlSeconds: v.PARTERRE_URL_SECONDS,
    trustedProxies: v.PARTERRE_TRUSTED_PROXIES,
    keep: readRetention(v.PARTERRE_KEEP ?? "") ?? {},
    log: { level: v.PARTERRE_LOG, format: v.PARTERRE_LOG_FORMAT },
    metricsReaders: v.PARTERRE_METRICS,
    introspection: v.PARTERRE_INTROSPECTION ?? v.PARTERRE_ENV !== "production",
  };
}

type Variables = z.infer<typeof schema>;

/** Why a server that asks for no keys may not listen here; undefined if it may. */
function exposure({ PARTERRE_AUTH: auth, PARTERRE_HOST: host }: Variables): string | undefined {
  if (auth !== "open" || isLoopback(host)) return undefined;
  return `PARTERRE_HOST must be a loopback address while PARTERRE_AUTH is "open", got "${host}"; set PARTERRE_AUTH to ` +
    `"keys", or to "open-to-the-network" to let everybody who reaches it in`;
}

/** @throws {ConfigError} */
function backends(role: Role, environment: Readonly<Record<string, string | undefined>>): Backends {
  try {
    return readBackends(role, environment);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function retentionProblem(keep: string | undefined): string | undefined {
  if (keep === undefined || readRetention(keep) !== undefined) return undefined;
  return `PARTERRE_KEEP must be a time such as "30d", a size such as "20GB", or both with a comma, got "${keep}"`;
}

/** @throws {ConfigError} that names what is wrong, never the key. */
function adminKey({ PARTERRE_ADMIN_KEY: key, PARTERRE_ADMIN_KEY_FILE: file }: Variables): string | undefined {
  if (file === undefined) return key;
  if (key !== undefined) {
    throw new ConfigError("PARTERRE_ADMIN_KEY must not be set beside PARTERRE_ADMIN_KEY_FILE");
  }
  let text: string;
  try {
    text = Deno.readTextFileSync(file).trim();
  } catch {
    throw new ConfigError(`PARTERRE_ADMIN_KEY_FILE must be a file that can be read, got "${file}"`);
  }
  if (schema.shape.PARTERRE_ADMIN_KEY.safeParse(text).success) return text;
  throw new ConfigError(
    `PARTERRE_ADMIN_KEY_FILE must name a file of 32 to 200 characters without spaces, got "${file}"`,
  );
}

function preload(value: string): Config["preload"] {
  if (value === "auto") return "auto";
  return value === "none" ? [] : value.split(",").map((name) => name.trim());
}
