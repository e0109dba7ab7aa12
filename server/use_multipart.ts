/**
 * Files in GraphQL requests: `operations` with null in place of each file, `map` from files to places, then the files.
 * Source: https://github.com/jaydenseric/graphql-multipart-request-spec
 */

import { Buffer } from "node:buffer";
import { GraphQLError } from "graphql";
import type { GraphQLParams, Plugin } from "graphql-yoga";
import { MAX_OPERATION_BYTES } from "./use_body_limits.ts";

/** Files in a request; the body's size is limited as a whole. */
const MAX_FILES = 8;
/** Variables that one file may stand in. */
const MAX_PLACES = 8;

/** Takes multipart requests; one that is not exactly as the specification has it is refused with status 400. */
export function useMultipart(): Plugin {
  return {
    onRequestParse({ request, setRequestParser }) {
      const type = request.headers.get("content-type") ?? "";
      if (request.method === "POST" && /^multipart\/form-data\s*(;|$)/i.test(type)) setRequestParser(parse);
    },
  };
}

async function parse(request: Request): Promise<GraphQLParams> {
  const form = await readForm(request);
  const operations = readObject(form, "operations");
  const map = readObject(form, "map");
  const files = [...form.entries()].filter(([name]) => name !== "operations" && name !== "map");
  if (files.length > MAX_FILES) throw refused(`must have at most ${MAX_FILES} files`);

  const places = new Map(Object.entries(map));
  for (const [name, file] of files) {
    const paths = places.get(name);
    places.delete(name);
    if (!(file instanceof File)) throw refused(`must have a file at ${JSON.stringify(name)}`);
    if (!Array.isArray(paths) || paths.length < 1 || paths.length > MAX_PLACES) {
      throw refused(`must map each file to 1 to ${MAX_PLACES} variables`);
    }
    for (const path of paths) put(file, path, operations);
  }
  const [missing] = places.keys();
  if (missing !== undefined) throw refused(`must have the file ${JSON.stringify(missing)}, which its map names`);
  return operations;
}

async function readForm(request: Request): Promise<FormData> {
  try {
    const body = Buffer.from(await request.arrayBuffer());
    const type = request.headers.get("content-type") ?? "";
    const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(type) ?? [];
    checkParts(body, quoted ?? plain);
    return await new Response(body, { headers: { "content-type": type } }).formData();
  } catch (error) {
    if (error instanceof GraphQLError) throw error; // the body is too large
    throw refused(`must be well formed (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Counts before parsing: a body of a hundred thousand tiny parts would hold up the thread for a second. */
function checkParts(body: Buffer, boundary: string | undefined): void {
  if (boundary === undefined) throw refused("must name its boundary");
  const delimiter = `\r\n--${boundary}`;
  // One ends each part; one more begins the first, if anything stands before it.
  let delimiters = 0;
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (++delimiters > MAX_FILES + 3) throw refused(`must have at most ${MAX_FILES} files`);
  }
}

function readObject(form: FormData, name: string): Record<string, unknown> {
  const [text, ...more] = form.getAll(name);
  if (typeof text === "string" && text.length > MAX_OPERATION_BYTES) {
    throw refused(`may have at most ${MAX_OPERATION_BYTES} characters in "${name}"`, 413);
  }
  const value = typeof text === "string" && more.length === 0 ? parsed(text) : undefined;
  if (isObject(value)) return value;
  throw refused(`must have one field "${name}", a JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts a file where the map says: at a variable, which is null so far. */
function put(file: File, path: unknown, operations: Record<string, unknown>): void {
  const rule = `must map files to variables that are null, got ${JSON.stringify(path)}`;
  const keys = typeof path === "string" ? path.split(".") : [];
  const last = keys.pop();
  if (keys[0] !== "variables" || last === undefined) throw refused(rule);
  let parent: unknown = operations;
  for (const key of keys) parent = hasField(parent, key) ? parent[key] : undefined;
  if (!hasField(parent, last) || parent[last] !== null) throw refused(rule);
  parent[last] = file;
}

/** Whether this is an object, or a list, with a field of its own of this name. */
function hasField(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(rule: string, status = 400): GraphQLError {
  return new GraphQLError(`Cannot read the multipart request: it ${rule}`, {
    extensions: { code: status === 413 ? "REQUEST_TOO_LARGE" : "BAD_REQUEST", http: { status } },
  });
}
