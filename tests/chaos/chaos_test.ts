/** `deno task chaos --quick`, as somebody calls it. It waits for the leases of processes that were killed. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("processes die, Redis forgets, PostgreSQL is away, servers restart: no job and no event is lost", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "chaos", "--quick"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const [table, told] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.equal(code, 0, `${table}\n${told}`);
  assert.match(table ?? "", /^\| faults +\| 0 +\|$/m);
  assert.match(told ?? "", /kills worker|kills server/);
  const [, reconnected] = /40 subscribers, (\d+) of them reconnected/.exec(table ?? "") ?? [];
  assert.ok(Number(reconnected) > 0, "servers restarted under subscribers");
});
