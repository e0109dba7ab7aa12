/** Servers that are measured leave the program as it was. */

import assert from "node:assert/strict";
import { ServerProcess } from "../../tools/bench/server_process.ts";

const without = Deno.env.get("PARTERRE_TEST_WITHOUT_NATIVE") === "1";
if (without) console.log("Left out: a native server to measure (PARTERRE_TEST_WITHOUT_NATIVE=1)");

Deno.test(
  "a server that fetches the native provider's package leaves deno.lock unchanged",
  { ignore: without },
  async () => {
    const lock = () => Deno.readTextFileSync(new URL("../../deno.lock", import.meta.url));
    const before = lock();
    {
      await using server = await ServerProcess.start({ PARTERRE_PROVIDER: "native", PARTERRE_PRELOAD: "none" });
      assert.equal(await server.provider(), "native");
    }
    assert.equal(lock(), before);
  },
);
