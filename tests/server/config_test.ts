/** Settings: what is taken, and how the rest is refused. */

import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError, readConfig } from "../../server/config.ts";
import { ruleInWords, settingProblem, suggestion } from "../../server/setting_problems.ts";

function refused(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  return "taken";
}

Deno.test("unset and empty variables take their defaults, and those of other programs are none of ours", () => {
  const config = readConfig({ PARTERRE_PORT: "", HOME: "/home/x", PATH: undefined });
  assert.deepEqual([config.port, config.host, config.log.level], [8000, "127.0.0.1", "info"]);
});

Deno.test("workers help each other unless that is turned off", () => {
  assert.deepEqual([readConfig({}).parallel, readConfig({ PARTERRE_PARALLEL: "false" }).parallel], [true, false]);
  assert.match(refused({ PARTERRE_PARALLEL: "sometimes" }), /^PARTERRE_PARALLEL must be true or false/);
});

Deno.test("every variable that looks like a setting and is none is refused, with the closest one", () => {
  assert.equal(refused({ PARTERRE_MODLES: "" }), "taken", "an empty one is unset");
  assert.equal(refused({ PARTERRE_MODLES: "x" }), 'PARTERRE_MODLES is no setting (did you mean "PARTERRE_MODELS"?)');
  assert.equal(refused({ parterre_port: "1" }), 'parterre_port is no setting (did you mean "PARTERRE_PORT"?)');
  assert.match(refused({ PARTERRE_XQZWV: "1" }), /^PARTERRE_XQZWV is no setting: there are PARTERRE_HOST, /);
});

Deno.test("what Kubernetes sets for a Service named parterre is no misspelt setting", () => {
  const links = {
    PARTERRE_SERVICE_HOST: "10.0.0.1",
    PARTERRE_SERVICE_PORT: "8000",
    PARTERRE_SERVICE_PORT_HTTP: "8000",
    PARTERRE_PORT_8000_TCP: "tcp://10.0.0.1:8000",
    PARTERRE_PORT_8000_TCP_ADDR: "10.0.0.1",
  };
  assert.equal(refused(links), "taken");
  assert.match(refused({ ...links, PARTERRE_PORT: "tcp://10.0.0.1:8000" }), /enableServiceLinks/);
});

Deno.test("numbers are whole, and in their range", () => {
  for (
    const [value, taken] of [["0", true], ["65535", true], ["65536", false], ["-1", false], ["1e3", false]] as const
  ) {
    const expected = taken ? "taken" : `PARTERRE_PORT must be a whole number from 0 to 65535, got "${value}"`;
    assert.equal(refused({ PARTERRE_PORT: value }), expected);
  }
  for (const value of ["80 ", "0x50", "80.5", "eighty"]) assert.notEqual(refused({ PARTERRE_PORT: value }), "taken");
});

Deno.test("origins are written as browsers send them, and the refusal says how", () => {
  const taken = ["*", "https://app.example", "http://localhost:3000, https://app.example", "http://[::1]:8080"];
  for (const value of taken) assert.equal(refused({ PARTERRE_CORS: value }), "taken", value);
  for (const value of ["https://app.example/", "https://app.example/path", "app.example", "https://App.example:443"]) {
    const message = refused({ PARTERRE_CORS: value });
    assert.match(message, /^PARTERRE_CORS must be origins such as /);
    assert.match(message, /\(did you mean "https:\/\/app\.example"\?\), got /, value);
  }
});

Deno.test("secrets are not repeated", () => {
  const message = refused({ PARTERRE_ADMIN_KEY: "too short a secret" });
  assert.equal(message, "PARTERRE_ADMIN_KEY must have 32 to 200 characters, none of them a space, got something else");
});

Deno.test("rules of schemas that do not word them themselves read as rules too", () => {
  const schema = z.object({
    A: z.coerce.number().int().min(1).max(9),
    B: z.string().min(2),
    C: z.url(),
    D: z.enum(["open", "keys"]),
  });
  const environment = { A: "x", B: "b", C: "c", D: "key" };
  const { error } = schema.safeParse(environment, { error: ruleInWords });
  assert.deepEqual(error?.issues.map((issue) => settingProblem(issue, environment)), [
    'A must be a number, got "x"',
    'B must have at least 2 characters, got "b"',
    'C must be a valid url, got "c"',
    'D must be one of open, keys (did you mean "keys"?), got "key"',
  ]);
});

Deno.test("only a name that is like another is taken for it", () => {
  assert.equal(suggestion("wamr", ["wasm", "webgpu"]), ' (did you mean "wasm"?)');
  assert.equal(suggestion("cuda", ["wasm", "webgpu"]), "");
  assert.equal(suggestion("x", []), "");
});
