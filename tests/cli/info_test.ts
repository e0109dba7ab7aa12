/** The info command, run as its task runs it. */

import { strict as assert } from "node:assert";

Deno.test("deno task info prints the load time and the peak memory of each model", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["task", "info"] }).output();
  const text = new TextDecoder().decode(stdout);
  assert.equal(code, 0, text);
  assert.match(text, /model beds-256: .* loaded in \d+\.\d s, guided step \d+ ms/);
  if (Deno.build.os === "linux") assert.match(text, /peak memory \d+ MiB\n$/);
});
