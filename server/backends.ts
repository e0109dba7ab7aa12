/** Where records, live events and files are kept, where that is not the data folder: settings of many processes. */

import type { ObjectStoreOptions } from "../assets/s3_driver.ts";
import { quote } from "../errors.ts";

/** What a process does: `server` answers clients, `worker` paints, `all` does both. */
export const ROLES = ["all", "server", "worker"] as const;
export type Role = typeof ROLES[number];

/** Where things are kept. */
export interface Backends {
  readonly role: Role;
  /** The URL of a PostgreSQL database; undefined for SQLite in the data folder. */
  readonly database: string | undefined;
  /** The URL of a Redis or Valkey server; undefined for none. */
  readonly redis: string | undefined;
  /** A bucket; undefined for a folder in the data folder. */
  readonly objects: ObjectStoreOptions | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The schemes of a setting's URL, and what such a URL looks like. */
const URLS = {
  PARTERRE_DATABASE: { schemes: ["postgres:", "postgresql:"], like: "postgres://user:password@host:5432/database" },
  PARTERRE_REDIS: { schemes: ["redis:", "rediss:"], like: "redis://user:password@host:6379/0" },
  PARTERRE_ASSETS: { schemes: ["s3:"], like: "s3://bucket/prefix" },
} as const;

/** The rule that the value of a setting breaks; undefined if it is such a URL. */
export function urlRule(name: keyof typeof URLS, value: string): string | undefined {
  const { schemes, like } = URLS[name];
  const url = URL.parse(value);
  const fits = url !== null && schemes.some((scheme) => scheme === url.protocol) && url.hostname !== "";
  return fits ? partsRule(name, url) : `must be a URL such as ${like}`;
}

/** What is wrong with parts of such a URL, which would be overlooked or stop a process without a word of where. */
function partsRule(name: keyof typeof URLS, url: URL): string | undefined {
  const { username, password, port, pathname, search, searchParams, hash } = url;
  if ([username, password, pathname].some((part) => !isEncoded(part))) {
    return "must have each % written as %25, unless it begins the code of a character";
  }
  if (hash !== "") return "must have nothing behind a #, which in a password is written as %23";
  switch (name) {
    case "PARTERRE_ASSETS":
      if (username + password + port + search === "") return undefined;
      return "must be a bucket and what keys begin with, and nothing else: AWS's variables have the rest";
    case "PARTERRE_REDIS":
      if (/^(\/\d*)?$/.test(pathname) && !searchParams.has("db")) return undefined;
      return "must end with the number of a database, such as /0";
    case "PARTERRE_DATABASE":
      return undefined;
  }
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads these settings from variables whose URLs were looked at.
 * @throws {Error} whose message names the variable that is missing or broken.
 */
export function readBackends(role: Role, environment: Environment): Backends {
  const set = (name: string) => environment[name] === "" ? undefined : environment[name];
  const [database, redis, assets] = [set("PARTERRE_DATABASE"), set("PARTERRE_REDIS"), set("PARTERRE_ASSETS")];
  const all = { PARTERRE_DATABASE: database, PARTERRE_REDIS: redis, PARTERRE_ASSETS: assets };
  const missing = Object.entries(all).filter(([, value]) => value === undefined).map(([name]) => name);
  if (role !== "all" && missing.length > 0) {
    throw new Error(`${missing.join(", ")} must be set while PARTERRE_ROLE is "${role}"`);
  }
  // Files in one process's folder are no use to the others; a database that one process has to itself is SQLite.
  if ((database === undefined) !== (assets === undefined)) {
    throw new Error(`PARTERRE_DATABASE and PARTERRE_ASSETS must be set together, or neither of them`);
  }
  if (redis !== undefined && database === undefined) {
    throw new Error(`PARTERRE_DATABASE and PARTERRE_ASSETS must be set while PARTERRE_REDIS is`);
  }
  return { role, database, redis, objects: assets === undefined ? undefined : readObjects(assets, environment) };
}

/** The bucket, with the rights and the place that the AWS variables name. */
function readObjects(url: string, environment: Environment): ObjectStoreOptions {
  const { hostname, pathname } = new URL(url);
  const need = (name: string) => {
    const value = environment[name];
    if (value === undefined || value === "") throw new Error(`${name} must be set while PARTERRE_ASSETS is`);
    return value;
  };
  const endpoint = objectsEndpoint(environment);
  const parsed = URL.parse(endpoint);
  if (!/^https?:$/.test(parsed?.protocol ?? "")) {
    throw new Error(
      `AWS_ENDPOINT_URL must be a URL such as https://host:9000, got ${quote(withoutPassword(endpoint))}`,
    );
  }
  if (parsed !== null && parsed.username + parsed.password + parsed.search + parsed.hash !== "") {
    throw new Error("AWS_ENDPOINT_URL must be an address alone: rights are in AWS_ACCESS_KEY_ID and its like");
  }
  return {
    endpoint,
    region: regionOf(environment),
    bucket: `${hostname}${pathname.replace(/\/+$/, "")}`,
    accessKeyId: need("AWS_ACCESS_KEY_ID"),
    secretAccessKey: need("AWS_SECRET_ACCESS_KEY"),
  };
}

/**
 * Addresses, `host:port`, that a process with these settings calls; none for what cannot be read.
 */
export function calledAddresses(environment: Environment): readonly string[] {
  const set = (name: string) => (environment[name] ?? "") === "" ? [] : [environment[name] ?? ""];
  const assets = set("PARTERRE_ASSETS").map(() => objectsEndpoint(environment));
  return [
    ...set("PARTERRE_DATABASE").flatMap((url) => addressOf(url, 5432)),
    ...set("PARTERRE_REDIS").flatMap((url) => addressOf(url, 6379)),
    ...assets.flatMap((url) => addressOf(url, url.startsWith("http:") ? 80 : 443)),
  ];
}

/** A URL, or what was to be one, that may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/, "//***@");
}

function objectsEndpoint(environment: Environment): string {
  return environment["AWS_ENDPOINT_URL_S3"] || environment["AWS_ENDPOINT_URL"] ||
    `https://s3.${regionOf(environment)}.amazonaws.com`;
}

function regionOf(environment: Environment): string {
  return environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "us-east-1";
}

function addressOf(text: string, defaultPort: number): readonly string[] {
  const url = URL.parse(text);
  if (url === null || !/^[\w.:[\]-]+$/.test(url.hostname)) return [];
  return [`${url.hostname}:${url.port || defaultPort}`];
}
