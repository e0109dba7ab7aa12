/** Settings that cannot be used end the start: in one line that names the variable, the value and what is allowed. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { spawnChild, startChild } from "./child_server.ts";

/** What a start that is refused writes, and its exit code. */
async function refusal(environment: Record<string, string>): Promise<{ line: string; code: number }> {
  await using child = spawnChild({ environment });
  const code = await child.ended;
  const { stdout, stderr } = child.output();
  assert.equal(stdout, "", stdout);
  // Deno itself may warn of packages' build scripts, in a box.
  const lines = stderr.split("\n").filter((line) => line !== "" && !/^[╭│╰]/.test(line));
  assert.equal(lines.length, 1, stderr);
  return { line: lines[0] ?? "", code };
}

Deno.test("variables that are misspelt or out of their range are refused, all of them in one line", async () => {
  assert.deepEqual(
    await refusal({
      PARTERRE_MODLES: "x",
      PARTERRE_PORT: "http",
      PARTERRE_CORS: "https://app.example/",
      PARTERRE_LOG: "debgu",
    }),
    {
      code: 2,
      line: 'Cannot start: PARTERRE_MODLES is no setting (did you mean "PARTERRE_MODELS"?); ' +
        'PARTERRE_PORT must be a whole number from 0 to 65535, got "http"; ' +
        'PARTERRE_CORS must be origins such as https://app.example, without a path or "/" at the end, separated by ' +
        'commas, or * (did you mean "https://app.example"?), got "https://app.example/"; ' +
        'PARTERRE_LOG must be one of trace, debug, info, warning, error, fatal (did you mean "debug"?), got "debgu"',
    },
  );
});

Deno.test("folders, models, providers and addresses that this machine does not have are refused", async (t) => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-refused-" });
  const file = join(folder, "file");
  Deno.writeTextFileSync(file, "");
  Deno.mkdirSync(join(folder, "models", "broken"), { recursive: true });
  Deno.writeTextFileSync(join(folder, "models", "broken", "model_index.json"), "{");
  const data = { PARTERRE_DATA: join(folder, "data") };
  const cases: readonly [string, Record<string, string>, RegExp, number][] = [
    [
      "a folder of models that is not there",
      { PARTERRE_MODELS: join(folder, "none") },
      /PARTERRE_MODELS must be a folder of model folders, got ".*none": there is no such folder$/,
      2,
    ],
    [
      "a folder of models that is a file",
      { PARTERRE_MODELS: file },
      /PARTERRE_MODELS must be a folder of model folders, got ".*file": it is a file$/,
      2,
    ],
    [
      "a model that is not there",
      { PARTERRE_PRELOAD: "beds-265" },
      /PARTERRE_PRELOAD must name .*, got "beds-265": there are beds-256, beds-256-lcm \(did you mean "beds-256"\?\)$/,
      2,
    ],
    [
      "a model that cannot be used",
      { PARTERRE_MODELS: join(folder, "models"), PARTERRE_PRELOAD: "broken" },
      /PARTERRE_PRELOAD must name models that can be used, got "broken": .*model_index\.json/,
      2,
    ],
    [
      "a data folder that is a file",
      { PARTERRE_DATA: file },
      /PARTERRE_DATA must be a folder that can be written, got ".*file": /,
      2,
    ],
    [
      "a data folder that nobody can write",
      { PARTERRE_DATA: "/proc/parterre" },
      /PARTERRE_DATA must be a folder that can be written, got "\/proc\/parterre": /,
      2,
    ],
    [
      "a provider that cannot work",
      { PARTERRE_PROVIDER: "native" },
      /PARTERRE_PROVIDER must be a provider that works here, got "native": machine code may not be loaded/,
      2,
    ],
    [
      "an address of another machine",
      { PARTERRE_HOST: "192.0.2.1", PARTERRE_AUTH: "keys" },
      /PARTERRE_HOST must be an address of this machine, got "192\.0\.2\.1"$/,
      2,
    ],
    [
      "a host that is not an address",
      { PARTERRE_HOST: "no such host", PARTERRE_AUTH: "keys" },
      /PARTERRE_HOST must be an address of this machine, got "no such host"$/,
      2,
    ],
  ];
  try {
    for (const [name, environment, line, code] of cases) {
      await t.step(name, async () => {
        const args = ["run", "--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-env"];
        await using child = spawnChild({
          environment: { ...data, ...environment },
          args: [...args, "--allow-sys", "main.ts"],
        });
        assert.equal(await child.ended, code, child.output().stderr);
        const lines = child.output().stderr.split("\n").filter((text) => text !== "" && !/^[╭│╰]/.test(text));
        assert.equal(lines.length, 1, child.output().stderr);
        assert.match(lines[0] ?? "", /^Cannot start: /);
        assert.match(lines[0] ?? "", line);
      });
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a data folder or a port that another process uses is refused, and may be free at the next try", async () => {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-refused-" });
  try {
    await using server = await startChild({ environment: { PARTERRE_DATA: dataFolder, PARTERRE_PRELOAD: "none" } });
    const { code, line } = await refusal({ PARTERRE_DATA: dataFolder });
    assert.match(line, /^Cannot start: PARTERRE_DATA is in use, got ".*": each process needs a folder of its own$/);
    assert.equal(code, 1);
    const { port } = new URL(server.url);
    const other = await refusal({ PARTERRE_DATA: join(dataFolder, "other"), PARTERRE_PORT: port });
    assert.equal(other.line, `Cannot start: PARTERRE_PORT is in use, got ${port}: another process listens there`);
    assert.equal(other.code, 1);
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
});
