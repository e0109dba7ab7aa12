/** `deno task keys`, as operators run it. */

import { strict as assert } from "node:assert";
import { runKeys, UsageError } from "../../cli/keys.ts";
import { openKeys } from "../../store/open_keys.ts";
import { startServer } from "../e2e/server.ts";

const ROOT = new URL("../../", import.meta.url);

async function task(dataFolder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "keys", ...args],
    cwd: ROOT,
    env: { PARTERRE_DATA: dataFolder },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("a key that is made beside a running server works at once, and no longer once it is revoked", async () => {
  await using server = await startServer({ environment: { PARTERRE_AUTH: "keys" } });
  const made = await task(
    server.dataFolder,
    "create",
    "--name",
    "app",
    "--expires",
    "30d",
    "--max-active",
    "5",
    "--json",
  );
  assert.equal(made.code, 0, made.err);
  const { id, key, scopes, limits, expiresAt } = JSON.parse(made.out);
  assert.deepEqual([scopes, limits], [["read", "generate", "layouts"], { maxActive: 5 }]);
  assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 30 * 86_400_000) < 60_000);
  const status = async () => {
    const body = JSON.stringify({ query: "{ models { name } }" });
    const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
    const response = await fetch(`${server.url}/graphql`, { method: "POST", headers, body });
    await response.body?.cancel();
    return response.status;
  };
  assert.equal(await status(), 200);
  const listed = await task(server.dataFolder, "list");
  assert.match(listed.out, new RegExp(`^${id}  valid    read,generate,layouts  app\n$`));
  assert.ok(!listed.out.includes(key));
  assert.equal((await task(server.dataFolder, "revoke", id)).code, 0);
  assert.equal(await status(), 401);
  assert.match((await task(server.dataFolder, "list")).out, /revoked/);
});

Deno.test("arguments that make no sense are refused with the rule", async () => {
  const folder = Deno.makeTempDirSync();
  {
    await using open = await openKeys(folder);
    const refusals: [string[], RegExp][] = [
      [[], /A command is expected/],
      [["make"], /no command "make"/],
      [["create"], /--name must have 1 to 200 characters, got ""/],
      [["create", "--name", "a", "--scopes", "read,paint"], /of read, generate, layouts, admin, got "paint"/],
      [["create", "--name", "a", "--expires", "5GB"], /a time such as 12h, 30d or 8w, got "5GB"/],
      [["create", "--name", "a", "--max-active", "0"], /whole number of at least 1, got "0"/],
      [["create", "--name", "a", "--colour", "red"], /--colour/],
      [["create", "--name", "a", "b"], /no use for "b"/],
      [["revoke"], /One id is expected/],
      [["revoke", "nobody"], /No key has the id "nobody"/],
    ];
    for (const [args, rule] of refusals) {
      await assert.rejects(runKeys(args, open.keys, () => {}), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, rule);
        return true;
      });
    }
    assert.deepEqual(await open.keys.list(), []);
  }
  const { code, err } = await task(folder, "create");
  assert.deepEqual([code, /usage: deno task keys/.test(err)], [2, true]);
  Deno.removeSync(folder, { recursive: true });
});
