/** The settings of a process: environment variables, each with its rule and its default. */

import { z } from "zod";
import { PROVIDER_CHOICES } from "../compute/runtime/runtime.ts";
import { MAX_PIXELS } from "../image/pixels.ts";
import { urlRule, type UrlSetting } from "./backend_urls.ts";
import { ROLES } from "./backends.ts";
import { parseHosts } from "./hosts.ts";
import { LOG_FORMATS, LOG_LEVELS } from "./logging.ts";
import { parseOrigins } from "./origins.ts";

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
const url = (name: UrlSetting) =>
  z.string().optional().superRefine((value, context) => {
    const rule = value === undefined ? undefined : urlRule(name, value);
    if (rule !== undefined) context.addIssue({ code: "custom", message: rule });
  });

/** The settings: an unset one has its default. */
export const settings = z.object({
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

/** Their values, by variable. */
export type Settings = z.infer<typeof settings>;
