/** The server's settings, from environment variables. */

import { z } from "zod";
import type { ProviderChoice } from "../compute/runtime/runtime.ts";
import { MAX_PIXELS } from "../image/pixels.ts";

/** A variable that cannot be used. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG";
}

const whole = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const schema = z.object({
  /** Address to listen on. */
  PARTERRE_HOST: z.string().default("127.0.0.1"),
  /** Port to listen on; 0 takes a free one. */
  PARTERRE_PORT: whole(8000, 0, 65535),
  /** Folder for everything that is kept. */
  PARTERRE_DATA: z.string().default("data"),
  /** Folder of model folders. */
  PARTERRE_MODELS: z.string().default(new URL("../models", import.meta.url).pathname),
  /** Threads that one run uses. */
  PARTERRE_THREADS: whole(Math.min(navigator.hardwareConcurrency, 16), 1, 64),
  /** What computes: a provider by name, or `auto`, the best that works here. See docs/providers.md. */
  PARTERRE_PROVIDER: z.enum(["auto", "webgpu", "wasm", "native"]).default("wasm"),
  /** Models to load at the start, separated by commas; `auto` is the default model if it is small; `none`. */
  PARTERRE_PRELOAD: z.string().default("auto"),
  /** Memory that loaded models may take together, in MiB; default three quarters of the machine's. */
  PARTERRE_MEMORY: z.coerce.number().int().min(64).optional(),
  /** Generations that may wait. */
  PARTERRE_MAX_QUEUED: whole(1000, 1, 1_000_000),
  /** Regions that a layout may have. */
  PARTERRE_MAX_REGIONS: whole(32, 1, 256),
  /** Steps that a generation may have. */
  PARTERRE_MAX_STEPS: whole(150, 1, 1000),
  /** Longest edge of a picture in pixels. */
  PARTERRE_MAX_EDGE: whole(2048, 64, 16384),
  /** Bytes that an uploaded file may have. */
  PARTERRE_MAX_UPLOAD_BYTES: whole(8 * 2 ** 20, 1024, 2 ** 30),
  /** Pixels that an image may have as a mask; those of a layout may have four times as many together. */
  PARTERRE_MAX_MASK_PIXELS: whole(4096 * 4096, 1, MAX_PIXELS),
  /** Origins that browsers may call from, separated by commas; `*` for any. */
  PARTERRE_CORS: z.string().default("*"),
  /** `production` turns GraphiQL off unless PARTERRE_GRAPHIQL says otherwise. */
  PARTERRE_ENV: z.enum(["development", "production"]).default("development"),
  /** Whether `/graphql` shows GraphiQL to browsers. */
  PARTERRE_GRAPHIQL: z.stringbool().optional(),
});

/** The settings. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly modelsFolder: string;
  readonly threads: number;
  readonly provider: ProviderChoice;
  readonly preload: "auto" | readonly string[];
  /** Bytes. */
  readonly memoryBudget: number;
  readonly maxQueued: number;
  readonly maxRegions: number;
  readonly maxSteps: number;
  readonly maxEdge: number;
  readonly maxUploadBytes: number;
  readonly maxMaskPixels: number;
  readonly corsOrigins: readonly string[];
  readonly graphiql: boolean;
}

/**
 * Reads the settings; an unset or empty variable takes its default.
 * @throws {ConfigError} that names every variable that is out of its range.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(set);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) =>
      `${path.join(".")}: ${message}, got "${environment[String(path[0])] ?? ""}"`
    );
    throw new ConfigError(`Cannot start: ${problems.join("; ")}`);
  }
  const v = result.data;
  return {
    host: v.PARTERRE_HOST,
    port: v.PARTERRE_PORT,
    dataFolder: v.PARTERRE_DATA,
    modelsFolder: v.PARTERRE_MODELS,
    threads: v.PARTERRE_THREADS,
    provider: v.PARTERRE_PROVIDER,
    preload: preload(v.PARTERRE_PRELOAD),
    memoryBudget: v.PARTERRE_MEMORY === undefined ? 0.75 * Deno.systemMemoryInfo().total : v.PARTERRE_MEMORY * 2 ** 20,
    maxQueued: v.PARTERRE_MAX_QUEUED,
    maxRegions: v.PARTERRE_MAX_REGIONS,
    maxSteps: v.PARTERRE_MAX_STEPS,
    maxEdge: v.PARTERRE_MAX_EDGE,
    maxUploadBytes: v.PARTERRE_MAX_UPLOAD_BYTES,
    maxMaskPixels: v.PARTERRE_MAX_MASK_PIXELS,
    corsOrigins: v.PARTERRE_CORS.split(",").map((origin) => origin.trim()),
    graphiql: v.PARTERRE_GRAPHIQL ?? v.PARTERRE_ENV !== "production",
  };
}

function preload(value: string): Config["preload"] {
  if (value === "auto") return "auto";
  return value === "none" ? [] : value.split(",").map((name) => name.trim());
}
