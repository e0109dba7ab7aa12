/** What nobody catches does not end the process. */

import { strict as assert } from "node:assert";

Deno.test("a rejection that nobody handles, and an error that nobody catches, are survived", async () => {
  const script = `
    import { keepServing } from ${JSON.stringify(new URL("../../server/last_resort.ts", import.meta.url).href)};
    import { EventEmitter } from "node:events";
    keepServing();
    Promise.reject(new Error("nobody looks"));
    setTimeout(() => { throw new Error("nobody catches"); }, 1);
    setTimeout(() => { new EventEmitter().emit("error", new Error("nobody listens")); }, 2);
    setTimeout(() => console.log("alive"), 200);
  `;
  const file = Deno.makeTempFileSync({ suffix: ".ts" });
  try {
    Deno.writeTextFileSync(file, script);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", "--config", config, file],
    }).output();
    assert.deepEqual([success, new TextDecoder().decode(stdout).trim()], [true, "alive"]);
  } finally {
    Deno.removeSync(file);
  }
});
