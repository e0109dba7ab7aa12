/** What docs/cli.md and the help show works as it is written there. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { createProgram } from "../../cli/program.ts";
import { startServer } from "../e2e/server.ts";
import { scratchFolder } from "./command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DOCS = Deno.readTextFileSync(join(ROOT, "docs/cli.md"));

Deno.test("the examples of docs/cli.md run, one after another", async (t) => {
  await using server = await startServer();
  using folder = scratchFolder();
  using bin = scratchFolder();
  // `deno task cli` as in the manual, from any folder.
  const flags = config.tasks.cli.command.replace(/^deno /, "").replace(/ "--cwd=\$INIT_CWD"$/, "");
  const shim = `#!/bin/sh\nshift 2\ncwd=$PWD\ncd ${ROOT}\nexec ${Deno.execPath()} ${flags} "--cwd=$cwd" "$@"\n`;
  Deno.writeTextFileSync(join(bin.path, "deno"), shim, { mode: 0o755 });
  const env = { PATH: `${bin.path}:${Deno.env.get("PATH")}`, PARTERRE_URL: server.url };

  const blocks = [...DOCS.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, block = ""]) => block);
  assert.ok(blocks.length >= 5);
  for (const block of blocks) {
    await t.step(block.split("\n", 1)[0] ?? "", async () => {
      const script = block.replaceAll("http://127.0.0.1:8000", server.url);
      const { code, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-euc", script],
        cwd: folder.path,
        env,
      }).output();
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 0, said);
      if (script.includes("echo")) assert.doesNotMatch(said, /exit code (?!2)/);
    });
  }
  const made = ["fox.png", "layout.svg", "picture.png", "previews", "copy.json", "saved.webp", "later.png"];
  const names = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(made.filter((name) => !names.includes(name)), []);
});

Deno.test("docs/cli.md tells of every command, and every command's help has examples that parse", async (t) => {
  const names = createProgram().commands.map((command) => command.name());
  for (const name of names) {
    await t.step(name, async () => {
      assert.match(DOCS, new RegExp(`^\\| \`${name}[ \`]`, "m"));
      const help = await helpOf([name]);
      const lines = [help, ...await subcommands(name)].join("\n").match(/^ {2}deno task cli .+$/gm) ?? [];
      if (name === "keys") return; // its help is that of `deno task keys`
      assert.ok(lines.length > 0, "has no example");
      for (const line of lines) await parses(line.trim());
    });
  }
});

/** A program that says what it would, does nothing, and throws where it would end. */
function dryProgram(write: (text: string) => void) {
  const program = createProgram();
  const quiet = (command: typeof program) => {
    command.configureOutput({ writeOut: write, writeErr: write }).action(() => {});
    for (const child of command.commands) quiet(child as typeof program);
  };
  for (const command of program.commands) quiet(command as typeof program);
  return program;
}

async function helpOf(path: readonly string[]): Promise<string> {
  let help = "";
  await assert.rejects(dryProgram((text) => help += text).parseAsync([...path, "--help"], { from: "user" }));
  return help;
}

async function subcommands(name: string): Promise<string[]> {
  const command = createProgram().commands.find((candidate) => candidate.name() === name);
  return await Promise.all((command?.commands ?? []).map((child) => helpOf([name, child.name()])));
}

/** Fails if any command of a pipeline has an option or argument that there is not. */
async function parses(line: string): Promise<void> {
  for (const part of line.split(" | ").filter((text) => text.startsWith("deno task cli "))) {
    const args = part.slice("deno task cli ".length).match(/"[^"]*"|\S+/g) ?? [];
    let said = "";
    await dryProgram((text) => said += text)
      .parseAsync(args.map((arg) => arg.replaceAll('"', "")), { from: "user" })
      .catch(() => assert.fail(`${part}: ${said}`));
  }
}
