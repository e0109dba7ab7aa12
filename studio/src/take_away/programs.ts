/** The draft as programs that paint it on this server. */

import type { GenerateInput } from "../api/generated.ts";
import { PAINT, WATCH } from "./operations.ts";

/** What a program is written for. */
export interface Errand {
  /** The server's address, without a slash at its end. */
  readonly server: string;
  /** Whether the server asks for keys; programs then have a place for one. */
  readonly keyed: boolean;
  readonly input: GenerateInput;
}

/** What stands where a key belongs. */
export const KEY = "YOUR-KEY";

/** The operation, and its variables as GraphiQL's lower pane takes them. */
export function asGraphql({ input }: Errand): string {
  const variables = json({ input }).split("\n").map((line) => `# ${line}`).join("\n");
  return `${PAINT}\n\n# Variables:\n${variables}\n`;
}

export function asVariables({ input }: Errand): string {
  return `${json({ input })}\n`;
}

/** A script for sh, with curl and sed. */
export function asCurl({ server, keyed, input }: Errand): string {
  return `#!/bin/sh
set -eu
server=${shellQuoted(server)}
${keyed ? `key=${shellQuoted(KEY)}\n` : ""}ask() {
  curl -fsSN "$server/graphql" -H 'Content-Type: application/json' ${
    keyed ? `-H "Authorization: Bearer $key" ` : ""
  }"$@"
}

answer=$(ask --data-binary @- <<'JSON'
${json({ query: oneLine(PAINT), variables: { input } })}
JSON
)
id=$(printf '%s' "$answer" | sed -n 's/.*"id":"\\([^"]*\\)".*/\\1/p')
[ -n "$id" ] || { printf '%s\\n' "$answer" >&2; exit 1; }

events=$(ask -H 'Accept: text/event-stream' --data-binary @- <<JSON
{ "query": ${JSON.stringify(oneLine(WATCH)).replaceAll("$", "\\$")}, "variables": { "id": "$id" } }
JSON
)
url=$(printf '%s' "$events" | sed -n 's/.*"url":"\\([^"]*\\)".*/\\1/p')
[ -n "$url" ] || { printf '%s\\n' "$events" >&2; exit 1; }
curl -fsS "$server$url" -o ${fileName(input)}
`;
}

/** A module for Node, Deno and Bun, with nothing to install. */
export function asTypescript({ server, keyed, input }: Errand): string {
  return `import { writeFile } from "node:fs/promises";

const server = ${JSON.stringify(server)};
const headers = { "content-type": "application/json"${keyed ? `, authorization: "Bearer ${KEY}"` : ""} };

function ask(query: string, variables: unknown, accept: string): Promise<Response> {
  const body = JSON.stringify({ query, variables });
  return fetch(\`\${server}/graphql\`, { method: "POST", headers: { ...headers, accept }, body });
}

const paint = \`${PAINT}\`;
const watch = \`${WATCH}\`;

const input = ${json(input)};

const { data, errors } = await (await ask(paint, { input }, "application/json")).json();
if (errors || data.generate.__typename !== "Generation") throw new Error(errors?.[0].message ?? data.generate.message);

// The stream ends with the picture.
const events = await (await ask(watch, { id: data.generate.id }, "text/event-stream")).text();
const last = events.split("\\n").findLast((line) => line.startsWith("data: {") && line.includes('"generation"'));
const { status, error, image } = JSON.parse(last?.slice(6) ?? "{}").data.generationEvents.generation;
if (!image) throw new Error(\`\${status}: \${error?.message}\`);
const picture = await fetch(new URL(image.url, server));
await writeFile("${fileName(input)}", new Uint8Array(await picture.arrayBuffer()));
`;
}

/** A script for Python 3, with its standard library. */
export function asPython({ server, keyed, input }: Errand): string {
  return `import json
import urllib.request

SERVER = ${JSON.stringify(server)}
HEADERS = {"Content-Type": "application/json"${keyed ? `, "Authorization": "Bearer ${KEY}"` : ""}}

PAINT = """
${PAINT}
"""
WATCH = """
${WATCH}
"""

INPUT = ${pythonLiteral(input)}


def ask(query, variables, accept):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(SERVER + "/graphql", body, {**HEADERS, "Accept": accept})
    return urllib.request.urlopen(request)


answer = json.load(ask(PAINT, {"input": INPUT}, "application/json"))
if "errors" in answer:
    raise SystemExit(answer["errors"][0]["message"])
generate = answer["data"]["generate"]
if generate["__typename"] != "Generation":
    raise SystemExit(generate["message"])

# The stream ends with the picture.
for line in ask(WATCH, {"id": generate["id"]}, "text/event-stream"):
    if line.startswith(b"data: {") and b'"generation"' in line:
        generation = json.loads(line[6:])["data"]["generationEvents"]["generation"]
        if generation["image"] is None:
            raise SystemExit(generation["status"])
        urllib.request.urlretrieve(SERVER + generation["image"]["url"], "${fileName(input)}")
`;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fileName({ format }: GenerateInput): string {
  return `picture.${{ JPEG: "jpg", PNG: "png", WEBP: "webp" }[format ?? "PNG"]}`;
}

/** A value of JSON as Python writes it. Its strings are JSON's. */
export function pythonLiteral(value: unknown, indent = ""): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}    `;
  const [open, close, items] = Array.isArray(value) ? ["[", "]", value.map((item) => pythonLiteral(item, inner))] : [
    "{",
    "}",
    Object.entries(value).filter(([, field]) => field !== undefined).map(([name, field]) =>
      `${JSON.stringify(name)}: ${pythonLiteral(field, inner)}`
    ),
  ];
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}
