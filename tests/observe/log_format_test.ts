/** How log records are written, for programs and for people. */

import { strict as assert } from "node:assert";
import { stripVTControlCharacters } from "node:util";
import type { LogRecord } from "@logtape/logtape";
import { logFormatter } from "../../server/logging.ts";
import { startProcess } from "./server_process.ts";

const ESCAPE = "\x1b[";
const PIPE = { isTerminal: false, noColor: false };
const TERMINAL = { isTerminal: true, noColor: false };

function record(message: readonly unknown[], properties: Record<string, unknown>): LogRecord {
  const rawMessage = message.map((part, i) => i % 2 === 0 ? part : "{}").join("");
  return { category: ["parterre", "jobs"], level: "warning", message, rawMessage, timestamp: 0, properties };
}

const SAID = record(["Lost ", "a b", " after ", 3, ""], { generationId: "a b", tries: 3, requestId: "r-1" });

Deno.test("a pipe gets JSON, a terminal gets coloured text, and NO_COLOR plain text", () => {
  assert.deepEqual(JSON.parse(logFormatter("auto", PIPE)(SAID)), {
    "@timestamp": "1970-01-01T00:00:00.000Z",
    level: "WARN",
    logger: "parterre.jobs",
    message: "Lost a b after 3",
    generationId: "a b",
    tries: 3,
    requestId: "r-1",
  });
  const plain = "1970-01-01T00:00:00.000Z [WRN] parterre·jobs: Lost a b after 3 (r-1)\n";
  const coloured = logFormatter("auto", TERMINAL)(SAID);
  assert.ok(coloured.includes(ESCAPE));
  assert.equal(stripVTControlCharacters(coloured), plain);
  assert.equal(logFormatter("auto", { isTerminal: true, noColor: true })(SAID), plain);
});

Deno.test("PARTERRE_LOG_FORMAT decides; colours are for terminals alone", () => {
  const piped = logFormatter("text", PIPE)(SAID);
  assert.ok(!piped.includes(ESCAPE) && !piped.startsWith("{"));
  assert.ok(logFormatter("text", TERMINAL)(SAID).includes(ESCAPE));
  assert.equal(JSON.parse(logFormatter("json", TERMINAL)(SAID)).tries, 3);
});

Deno.test("no value begins a line or moves the cursor", () => {
  const sly = record(["Got ", "x\n2026 [ERR] parterre: all is lost\x1b[2J", ""], {});
  for (const format of ["json", "text"] as const) {
    for (const target of [PIPE, TERMINAL]) {
      const written = logFormatter(format, target)(sly);
      assert.equal(written.split("\n").length, 2, written);
      assert.ok(!written.includes("\x1b[2J"));
    }
  }
});

Deno.test("an error of Redis is told without what was sent", () => {
  for (const format of ["json", "text"] as const) {
    const cause = Object.assign(new Error("WRONGPASS"), { command: { name: "auth", args: ["s3cret"] } });
    const error = Object.assign(new Error("away", { cause }), { command: cause.command });
    const line = logFormatter(format, PIPE)(record(["Goes on after: ", error, ""], { error }));
    assert.match(line, /WRONGPASS/);
    assert.doesNotMatch(line, /s3cret/);
  }
});

Deno.test("an error is told with its stack and its cause, the message in words", () => {
  const error = new Error("disk full", { cause: new TypeError("no space") });
  const line = JSON.parse(logFormatter("json", PIPE)(record(["Goes on after: ", error, ""], { error })));
  assert.equal(line.message, "Goes on after: Error: disk full");
  assert.match(line.error.stack, /log_format_test/);
  assert.equal(line.error.cause.message, "no space");
  assert.match(
    logFormatter("text", PIPE)(record(["Goes on after: ", error, ""], { error })),
    /log_format_test[^]*no space/,
  );
});

Deno.test("a field cannot hide the message, the level, the time or the logger", () => {
  const fields = { message: "mine", level: "mine", logger: "mine", "@timestamp": "mine" };
  const line = JSON.parse(logFormatter("json", PIPE)(record(["All is well"], fields)));
  assert.equal(line.message, "All is well");
  assert.equal(line.level, "WARN");
  assert.equal(line.message_, "mine");
});

Deno.test("a server whose log is piped writes lines of JSON, or plain text if it is told to", async () => {
  const logged = async (environment: Record<string, string>) => {
    await using server = await startProcess({ PARTERRE_LOG: "debug", ...environment });
    await (await fetch(`${server.url}/nope`)).body?.cancel();
    await server.stop();
    return server.lines();
  };
  const json = await logged({});
  assert.ok(json.length >= 2);
  for (const line of json) assert.equal(JSON.parse(line).logger.split(".")[0], "parterre");
  const text = await logged({ PARTERRE_LOG_FORMAT: "text" });
  assert.ok(text.some((line) => line.includes("GET /nope 404 in")));
  assert.ok(!text.join("\n").includes(ESCAPE));
});
