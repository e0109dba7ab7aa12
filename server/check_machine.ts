/** Settings that only this machine can refuse: folders, models, provider and address, each named with its variable. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelCatalog } from "../compute/model/catalog.ts";
import { ProviderError } from "../compute/runtime/runtime.ts";
import { quote } from "../errors.ts";
import { StorageError } from "../assets/storage_error.ts";
import { RedisAwayError } from "../fleet/redis_away_error.ts";
import { DataFolderInUseError } from "../store/folder_lock.ts";
import { BackendError } from "../store/store.ts";
import { type Config, ConfigError } from "./config.ts";
import { suggestion } from "./setting_problems.ts";

/**
 * Checks the folder of models, and the models that are to be loaded at the start.
 * @throws {ConfigError}
 */
export function checkModels(
  { modelsFolder, preload }: Pick<Config, "modelsFolder" | "preload">,
  catalog: ModelCatalog,
): void {
  const refuse = (words: string) => {
    throw new ConfigError(`PARTERRE_MODELS must be a folder of model folders, got ${quote(modelsFolder)}: ${words}`);
  };
  try {
    if (!Deno.statSync(modelsFolder).isDirectory) refuse("it is a file");
    [...Deno.readDirSync(modelsFolder)];
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    refuse(error instanceof Deno.errors.NotFound ? "there is no such folder" : words(error));
  }
  if (preload === "auto") return;
  for (const name of preload) {
    const entry = catalog.find(name);
    if (entry === undefined) {
      const known = catalog.list().map((model) => model.name);
      const allowed = known.length === 0 ? "there is none" : `there are ${known.join(", ")}`;
      const guess = suggestion(name, known);
      throw new ConfigError(`PARTERRE_PRELOAD must name models, auto or none, got ${quote(name)}: ${allowed}${guess}`);
    }
    if ("refused" in entry) {
      throw new ConfigError(`PARTERRE_PRELOAD must name models that can be used, got ${quote(name)}: ${entry.refused}`);
    }
  }
}

/**
 * Makes the data folder where there is none, and checks that it can be written.
 * @throws {ConfigError} if it cannot be; a full disk is no fault of the setting and goes unnoticed here.
 */
export async function checkDataFolder({ dataFolder }: Pick<Config, "dataFolder">): Promise<void> {
  const trial = join(dataFolder, `.trial-${crypto.randomUUID()}`);
  try {
    await mkdir(dataFolder, { recursive: true });
    await writeFile(trial, "");
    await rm(trial);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return;
    const rule = "must be a folder that can be written";
    throw new ConfigError(`PARTERRE_DATA ${rule}, got ${quote(dataFolder)}: ${words(error)}`);
  }
}

/** The setting behind an error of opening the store or of starting to compute; any other error as it is. */
export function settingBehind(error: unknown, { dataFolder }: Pick<Config, "dataFolder">): unknown {
  if (error instanceof ProviderError) {
    const rule = "must be a provider that works here";
    return new ConfigError(`PARTERRE_PROVIDER ${rule}, got ${quote(error.provider)}: ${error.reason}`);
  }
  if (error instanceof BackendError) return settingOfBackend(error);
  if (error instanceof RedisAwayError) {
    return new Error("PARTERRE_REDIS cannot be used now: it does not answer", { cause: error.cause });
  }
  if (error instanceof DataFolderInUseError) {
    // Not the setting's fault: the other process may end.
    const words = `PARTERRE_DATA is in use, got ${quote(dataFolder)}: each process needs a folder of its own`;
    return Object.assign(new Error(words), { code: error.code });
  }
  return error;
}

/** The setting that names a database or an object store; never its value, which may hold a password. */
function settingOfBackend({ what, cause }: BackendError): Error {
  const name = what === "database" ? "PARTERRE_DATABASE" : "PARTERRE_ASSETS";
  if (cause instanceof StorageError) {
    // Not the setting's fault: another try may do.
    return new Error(`${name} cannot be used now: ${cause.reason}`, { cause: cause.cause });
  }
  const kind = what === "database" ? "a database" : "a bucket";
  return new ConfigError(`${name} must name ${kind} that may be used`, { cause });
}

/** The setting behind an error of listening; any other error as it is. */
export function settingBehindListening(error: unknown, { host, port }: Pick<Config, "host" | "port">): unknown {
  if (error instanceof Deno.errors.NotCapable) {
    const rule = "must be an address that --allow-net names";
    return new ConfigError(`PARTERRE_HOST and PARTERRE_PORT ${rule}, got ${quote(`${host}:${port}`)}`);
  }
  switch (error instanceof Error && "code" in error ? error.code : undefined) {
    case "EADDRINUSE":
      // Not the setting's fault: the other process may end.
      return new Error(`PARTERRE_PORT is in use, got ${port}: another process listens there`);
    case "EACCES":
      return new ConfigError(`PARTERRE_PORT must be a port that this user may listen on, got ${port}`);
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EINVAL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new ConfigError(`PARTERRE_HOST must be an address of this machine, got ${quote(host)}`);
    default:
      return error;
  }
}

/** What the system says, without the path that it puts behind. */
function words(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\w+: /, "").replace(/ \(os error \d+\).*$|[,:] .*$/s, "");
}
