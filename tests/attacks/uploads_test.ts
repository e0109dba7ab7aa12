/** Uploads that are too large, malformed, or larger inside than outside. */

import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { png } from "../image/files.ts";
import { Victim } from "./victim.ts";

const UPLOAD = `mutation ($file: File!) {
  uploadMask(file: $file) { __typename ... on Error { message } }
}`;

function form(file: Blob): FormData {
  const body = new FormData();
  body.set("operations", JSON.stringify({ query: UPLOAD, variables: { file: null } }));
  body.set("map", `{ "0": ["variables.file"] }`);
  body.set("0", file, "a.png");
  return body;
}

async function upload(
  victim: Victim,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<readonly unknown[]> {
  const answer = await fetch(`${victim.url}/graphql`, {
    method: "POST",
    headers: { "graphql-preflight": "1", ...headers },
    body,
  });
  const text = await answer.text();
  return [answer.status, text.match(/"__typename":"(\w+)"/)?.[1] ?? text.match(/"code":"(\w+)"/)?.[1]];
}

Deno.test("files that are larger inside than outside are refused", async () => {
  await using victim = await Victim.start();
  const bombs: Record<string, Uint8Array<ArrayBuffer>> = {
    "a picture of 60,000 x 60,000": png({ width: 60_000, height: 60_000 }, new Uint8Array(1 << 20)),
    "more data than its size needs": png({ width: 16, height: 16 }, new Uint8Array(200 << 20)),
    "less data than its size needs": png({ width: 4000, height: 4000 }, new Uint8Array(100)),
    "sides of zero": png({ width: 0, height: 0 }, new Uint8Array(100)),
    "sides beyond 31 bits": png({ width: 0xffffffff, height: 1 }, new Uint8Array(100)),
  };
  for (const [name, bomb] of Object.entries(bombs)) {
    assert.deepEqual(await upload(victim, form(new Blob([bomb]))), [200, "InvalidInputError"], name);
  }
  const flood = Array.from(
    { length: 20 },
    () => upload(victim, form(new Blob([bombs["more data than its size needs"] ?? new Uint8Array()]))),
  );
  for (const answer of await Promise.all(flood)) assert.deepEqual(answer, [200, "InvalidInputError"]);
  await victim.survived();
});

Deno.test("a body that is packed is not unpacked", async () => {
  await using victim = await Victim.start();
  const bomb = new Blob([new Uint8Array(gzipSync(new Uint8Array(200 << 20)))]);
  for (const encoding of ["gzip", "deflate", "br"]) {
    const headers = { "content-type": "application/json", "content-encoding": encoding };
    const [status] = await upload(victim, bomb, headers);
    assert.ok(status === 400 || status === 415 || status === 413, `${encoding}: ${status}`);
  }
  await victim.survived();
});

Deno.test("files that are too large, and forms that never end or never begin, are refused", async () => {
  await using victim = await Victim.start();
  assert.deepEqual(await upload(victim, form(new Blob([new Uint8Array(20 << 20)]))), [413, "REQUEST_TOO_LARGE"]);
  const parts = Array.from({ length: 100_000 }, () => `--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n`)
    .join("");
  const multipart = { "content-type": "multipart/form-data; boundary=x" };
  for (const body of [parts, "", "--x", "--x--", "--x\r\n\r\n", "\r\n".repeat(1000), "x".repeat(1 << 20)]) {
    const [status] = await upload(victim, body, multipart);
    assert.equal(status, 400, body.slice(0, 20));
  }
  // One that never ends.
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(1 << 20));
    },
  });
  // It goes on sending, so that it may lose the connection before it reads why.
  const [status] = await upload(victim, endless, multipart).catch(() => [413]);
  assert.equal(status, 413);
  await victim.survived();
});
