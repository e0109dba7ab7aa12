/** The clients in `examples/clients/`, run as their readers run them. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { decodePng } from "../../image/png.ts";
import { startServer } from "../e2e/server.ts";

const FOLDER = fileURLToPath(new URL("../../examples/clients/", import.meta.url));
const TSX = join(FOLDER, "node/node_modules/.bin/tsx");
const PYTHON = join(FOLDER, "python/.venv/bin/python");

/** A client: the file that people read, and the command that runs it. */
interface Client {
  readonly file: string;
  readonly command: readonly [string, ...string[]];
}

const NODE_CLIENTS: readonly Client[] = [
  { file: "node/apollo.ts", command: [TSX, "node/apollo.ts"] },
  { file: "node/urql.ts", command: [TSX, "node/urql.ts"] },
  { file: "node/relay.ts", command: [TSX, "node/relay.build.js"] },
  { file: "node/graphql_request.ts", command: [TSX, "node/graphql_request.ts"] },
  { file: "node/graphql_ws.ts", command: [TSX, "node/graphql_ws.ts"] },
];
const DENO_FLAGS = ["run", "--allow-net", "--allow-env", "--allow-write=."];
const CLIENTS: readonly Client[] = [
  ...NODE_CLIENTS,
  { file: "deno/graphql_ws.ts", command: [Deno.execPath(), ...DENO_FLAGS, "deno/graphql_ws.ts"] },
  { file: "deno/event_source.ts", command: [Deno.execPath(), ...DENO_FLAGS, "deno/event_source.ts"] },
  { file: "python/picture.py", command: [PYTHON, "python/picture.py"] },
  { file: "curl/picture.sh", command: ["sh", "curl/picture.sh"] },
];

/** Runs a command to its end: what it printed. @throws {AssertionError} if it failed, with what it said. */
async function run(command: string, args: readonly string[], options: Deno.CommandOptions = {}): Promise<string> {
  const child = new Deno.Command(command, { ...options, args: [...args], stdin: "null" });
  const { code, stdout, stderr } = await child.output().catch((error: unknown) => {
    if (error instanceof Deno.errors.NotFound) assert.fail(`${command} is needed here, and was not found`);
    throw error;
  });
  const [printed, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 0, `${command} ${args.join(" ")} ended with ${code}:\n${printed}${said}`);
  return printed ?? "";
}

/** Installs the clients in Node.js or Python unless that was done; fails with the name of what is missing. */
async function install(what: "node" | "python"): Promise<void> {
  const installed = await Deno.stat(what === "node" ? TSX : PYTHON).then(() => true, () => false);
  if (installed) return;
  await run(what === "node" ? "npm" : "python3", ["--version"]);
  await run("sh", [join(FOLDER, "install.sh"), what]);
}

Deno.test("no client has 60 lines", () => {
  for (const { file } of CLIENTS) {
    const lines = Deno.readTextFileSync(join(FOLDER, file)).trimEnd().split("\n").length;
    assert.ok(lines < 60, `${file} has ${lines} lines`);
  }
});

Deno.test("every client is in the table of the README", () => {
  const readme = Deno.readTextFileSync(join(FOLDER, "README.md"));
  for (const { file } of CLIENTS) assert.ok(readme.includes(`](${file})`), file);
});

Deno.test("the lockfile of the clients in Node.js names no host", () => {
  assert.doesNotMatch(Deno.readTextFileSync(join(FOLDER, "node/package-lock.json")), /"resolved"/);
});

Deno.test("each client gets a picture with previews, and its documents fit the schema", async (t) => {
  await install("node");
  const out = Deno.makeTempDirSync({ prefix: "parterre-clients-" });
  try {
    await t.step("documents are typed by the schema", async () => {
      const cwd = join(FOLDER, "node");
      await run("npm", ["run", "--silent", "generate"], { cwd });
      await run("npm", ["run", "--silent", "check"], { cwd });
    });
    const environment = { PARTERRE_PRELOAD: "beds-256-lcm", PARTERRE_AUTH: "keys" };
    await using server = await startServer({ environment });
    const { secret } = await server.parterre.services.keys.create({
      name: "clients",
      scopes: ["read", "generate"],
      limits: {},
      expiresAt: null,
    });
    for (const { file, command: [command, ...args] } of CLIENTS) {
      await t.step(file, async () => {
        if (command === PYTHON) await install("python");
        const cwd = join(out, file.replace("/", "-"));
        Deno.mkdirSync(cwd);
        const script = join(FOLDER, args.at(-1) ?? "");
        const env = { PARTERRE_URL: server.url, PARTERRE_KEY: secret };
        const printed = await run(command, [...args.slice(0, -1), script], { cwd, env });

        assert.match(printed, /^[^\n]+: picture\.png after 4 previews\n$/);
        const { pixels: picture, text } = decodePng(Deno.readFileSync(join(cwd, "picture.png")));
        assert.deepEqual([picture.width, picture.height], [384, 128]);
        assert.ok(JSON.stringify(text).includes("a sailboat, ocean"), "the picture tells what it was made from");
        const { pixels: preview } = decodePng(Deno.readFileSync(join(cwd, "preview.png")));
        assert.equal(preview.width / preview.height, 3);
      });
    }
    await t.step("and none without its key", async () => {
      const env = { PARTERRE_URL: server.url, PARTERRE_KEY: "" };
      await assert.rejects(run("sh", [join(FOLDER, "curl/picture.sh")], { cwd: out, env }), /401/);
    });
  } finally {
    Deno.removeSync(out, { recursive: true });
  }
});
