/** `deno task keys`: creates, lists and revokes keys, also while a server runs on the same data folder. */

import { parseArgs } from "node:util";
import { type CallerLimits, type Scope, SCOPES } from "../access/caller.ts";
import { isValid, type Key, type KeyStore } from "../access/keys.ts";
import { readTime } from "../jobs/read_retention.ts";
import { readConfig } from "../server/config.ts";
import { openKeys } from "../store/open_keys.ts";

/** The arguments make no sense. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `usage: deno task keys create --name NAME [--scopes SCOPE,...] [--expires TIME] [LIMITS] [--json]
       deno task keys list [--json]
       deno task keys revoke ID [--json]

--scopes               of read, generate, layouts and admin; read,generate,layouts by default
--expires              after which time it works no longer: 12h, 30d, 8w; never by default
--requests-per-minute  operations within a minute
--max-active           generations that wait and run at once
--max-work-per-hour    pixels times steps within an hour
--max-subscriptions    subscriptions that are open at once
                       (limits are the server's by default)
--json                 answer as JSON

Keys are kept in the data folder, PARTERRE_DATA, or in PARTERRE_DATABASE. The key itself is shown once, when it is made.`;

const DEFAULT_SCOPES = "read,generate,layouts";

/** Longest name of a key, in characters. */
const MAX_NAME = 200;

/**
 * Runs one of the commands.
 * @param write Takes lines of output.
 * @throws {UsageError} if the arguments make no sense.
 */
export async function runKeys(
  args: readonly string[],
  keys: KeyStore,
  write: (line: string) => void,
): Promise<void> {
  const [command, ...rest] = args;
  switch (command) {
    case "create": {
      const { spec, json } = readCreate(rest);
      const { key, secret } = await keys.create(spec);
      if (json) return write(JSON.stringify({ ...toJson(key), key: secret }));
      write(
        `Key ${key.id} (${key.name}): ${key.scopes.join(", ")}${
          key.expiresAt === null ? "" : `, until ${time(key.expiresAt)}`
        }`,
      );
      write("Keep it well; it cannot be shown again:");
      return write(secret);
    }
    case "list": {
      const { json } = readOptions(rest, {}, 0);
      const all = await keys.list();
      if (json) return write(JSON.stringify(all.map(toJson)));
      if (all.length === 0) return write("There are no keys; make one with: deno task keys create --name NAME");
      for (const key of all) {
        write(`${key.id}  ${stateOf(key).padEnd(7)}  ${key.scopes.join(",").padEnd(21)}  ${key.name}`);
      }
      return;
    }
    case "revoke": {
      const { json, positionals: [id = ""] } = readOptions(rest, {}, 1);
      const key = await keys.revoke(id);
      if (key === null) throw new UsageError(`No key has the id "${id}"`);
      return write(json ? JSON.stringify(toJson(key)) : `Key ${key.id} (${key.name}) works no longer`);
    }
    default:
      throw new UsageError(command === undefined ? "A command is expected" : `There is no command "${command}"`);
  }
}

function readCreate(args: readonly string[]): { spec: Parameters<KeyStore["create"]>[0]; json: boolean } {
  const { values, json } = readOptions(args, {
    name: { type: "string" },
    scopes: { type: "string", default: DEFAULT_SCOPES },
    expires: { type: "string" },
    "requests-per-minute": { type: "string" },
    "max-active": { type: "string" },
    "max-work-per-hour": { type: "string" },
    "max-subscriptions": { type: "string" },
  }, 0);
  const { name = "", scopes = "", expires } = values;
  if (name.trim() === "" || [...name].length > MAX_NAME) {
    throw new UsageError(`--name must have 1 to ${MAX_NAME} characters, got "${name}"`);
  }
  const limits: CallerLimits = {
    requestsPerMinute: whole("requests-per-minute", values),
    maxActive: whole("max-active", values),
    maxWorkPerHour: whole("max-work-per-hour", values),
    maxSubscriptions: whole("max-subscriptions", values),
  };
  const lifetime = expires === undefined ? null : readTime(expires);
  if (lifetime === undefined) throw new UsageError(`--expires must be a time such as 12h, 30d or 8w, got "${expires}"`);
  const expiresAt = lifetime === null ? null : Math.ceil(Date.now() + lifetime);
  return { spec: { name, scopes: readScopes(scopes), limits, expiresAt }, json };
}

function readScopes(text: string): readonly Scope[] {
  const named = text.split(",").map((name) => name.trim());
  const unknown = named.find((name) => !SCOPES.some((scope) => scope === name));
  if (unknown === undefined) return SCOPES.filter((scope) => named.includes(scope));
  throw new UsageError(`--scopes must be of ${SCOPES.join(", ")}, got "${unknown}"`);
}

function whole(name: string, values: Readonly<Record<string, string | undefined>>): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} must be a whole number of at least 1, got "${text}"`);
}

type Options = Readonly<Record<string, { readonly type: "string"; readonly default?: string }>>;

function readOptions(
  args: readonly string[],
  options: Options,
  positionals: number,
): { values: Record<string, string | undefined>; positionals: string[]; json: boolean } {
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    const all = { ...options, json: { type: "boolean", default: false } } as const;
    parsed = parseArgs({ args: [...args], options: all, allowPositionals: true }) as typeof parsed;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (parsed.positionals.length !== positionals) {
    throw new UsageError(
      positionals === 0 ? `There is no use for "${parsed.positionals.join(" ")}"` : "One id is expected",
    );
  }
  const { json, ...values } = parsed.values;
  return { values: values as Record<string, string | undefined>, positionals: parsed.positionals, json: json === true };
}

function toJson(key: Key): Record<string, unknown> {
  const date = (at: number | null) => at === null ? null : time(at);
  const { id, name, scopes, limits, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    name,
    scopes,
    limits,
    createdAt: date(createdAt),
    expiresAt: date(expiresAt),
    revokedAt: date(revokedAt),
    valid: isValid(key, Date.now()),
  };
}

function stateOf(key: Key): string {
  return isValid(key, Date.now()) ? "valid" : key.revokedAt === null ? "expired" : "revoked";
}

function time(at: number): string {
  return new Date(at).toISOString();
}

if (import.meta.main) {
  try {
    const { dataFolder, database } = readConfig(Deno.env.toObject());
    await using open = await openKeys(dataFolder, { database });
    await runKeys(Deno.args, open.keys, (line) => console.log(line));
  } catch (error) {
    const usage = error instanceof UsageError;
    console.error(`${error instanceof Error ? error.message : error}${usage ? `\n\n${USAGE}` : ""}`);
    Deno.exitCode = usage ? 2 : 1;
  }
}
