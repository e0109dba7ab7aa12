/** What a process goes by, made of its settings. */

import type { CallerLimits } from "../access/caller.ts";
import type { ProviderChoice } from "../compute/runtime/runtime.ts";
import { readRetention } from "../jobs/read_retention.ts";
import type { RetentionPolicy } from "../jobs/retention.ts";
import { type Backends, readBackends, type Role } from "./backends.ts";
import type { ListenOptions } from "./listen.ts";
import type { LogOptions } from "./logging.ts";
import { isLoopback } from "./loopback.ts";
import { machineMemory } from "./machine_memory.ts";
import type { MetricsReaders } from "./metrics_endpoint.ts";
import { ruleInWords, settingProblem, unknownSettings } from "./setting_problems.ts";
import { type Settings, settings } from "./settings.ts";
import type { SocketLimits } from "./socket_limits.ts";
import type { SubscriptionMaxima } from "./subscription_limits.ts";

/** Settings that cannot be used. Its message is one line, and names the variable, the rule and the value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG";
}

/** The settings, as the program takes them. */
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
  const result = settings.safeParse(set, { error: ruleInWords });
  const problems = [
    ...unknownSettings(set, Object.keys(settings.shape)),
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

/** Why a server that asks for no keys may not listen here; undefined if it may. */
function exposure({ PARTERRE_AUTH: auth, PARTERRE_HOST: host }: Settings): string | undefined {
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
function adminKey({ PARTERRE_ADMIN_KEY: key, PARTERRE_ADMIN_KEY_FILE: file }: Settings): string | undefined {
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
  if (settings.shape.PARTERRE_ADMIN_KEY.safeParse(text).success) return text;
  throw new ConfigError(
    `PARTERRE_ADMIN_KEY_FILE must name a file of 32 to 200 characters without spaces, got "${file}"`,
  );
}

function preload(value: string): Config["preload"] {
  if (value === "auto") return "auto";
  return value === "none" ? [] : value.split(",").map((name) => name.trim());
}
