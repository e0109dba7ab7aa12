/**
 * What a server may touch, as values of Deno's `--allow-*` flags: tasks of deno.json ask for them before they start it,
 * because folders and addresses are settings. docs/operating.md gives the reason for each.
 *
 * Settings that make no sense yield the least: the server itself then refuses them, in words.
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { calledAddresses } from "./backends.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const PROGRAM = fileURLToPath(new URL("../", import.meta.url));

/** Files that are read: Workers' modules, the engine's WebAssembly, models, what is kept, the operator's key. */
export function readPaths(environment: Environment): readonly string[] {
  const engine = dirname(fileURLToPath(import.meta.resolve("onnxruntime-web")));
  return [
    PROGRAM,
    engine,
    ...writePaths(environment),
    ...set(environment, "PARTERRE_MODELS"), // unless they are the program's own
    ...set(environment, "PARTERRE_LORAS"),
    ...set(environment, "PARTERRE_ADMIN_KEY_FILE"),
  ];
}

/** Files that are written: what is kept. */
export function writePaths(environment: Environment): readonly string[] {
  const [data = "data"] = set(environment, "PARTERRE_DATA");
  return [data];
}

/** The addresses that are used: the one that is listened on, and those of the database and its like. No other is. */
export function netAddresses(environment: Environment): readonly string[] {
  return [listenAddress(environment), ...calledAddresses(environment)];
}

/** The address that is listened on. */
export function listenAddress(environment: Environment): string {
  const [host = ""] = set(environment, "PARTERRE_HOST").filter((name) => /^[\w.:-]+$/.test(name));
  const [port = "8000"] = set(environment, "PARTERRE_PORT").filter((name) => /^\d{1,5}$/.test(name));
  const name = host === "" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `${name}:${Number(port) > 65535 ? 8000 : port}`;
}

/** A variable's value, if it has one that a flag can hold: flags have no way to write a comma within a path. */
function set(environment: Environment, name: string): readonly string[] {
  const value = environment[name];
  return value === undefined || value === "" || value.includes(",") ? [] : [value];
}

if (import.meta.main) {
  const environment = Deno.env.toObject();
  switch (Deno.args[0]) {
    case "read":
      console.log(readPaths(environment).join(","));
      break;
    case "write":
      console.log(writePaths(environment).join(","));
      break;
    case "net":
      console.log(netAddresses(environment).join(","));
      break;
    default:
      console.error("usage: permissions.ts read|write|net");
      Deno.exit(2);
  }
}
