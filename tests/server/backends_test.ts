/** Settings of many processes: which go together, what they mean, and which hosts they lead to. */

import assert from "node:assert/strict";
import { calledAddresses } from "../../server/backends.ts";
import { ConfigError, readConfig } from "../../server/config.ts";
import { netAddresses } from "../../server/permissions.ts";

const DATABASE = "postgres://parterre:s3cret@db/parterre";
const KEYS = { AWS_ACCESS_KEY_ID: "me", AWS_SECRET_ACCESS_KEY: "s3cret" };
const BOTH = { PARTERRE_DATABASE: DATABASE, PARTERRE_ASSETS: "s3://pictures/a/b/", ...KEYS };
const REDIS = { PARTERRE_REDIS: "redis://:s3cret@redis:6380/2" };

function refused(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.doesNotMatch(error.message, /s3cret/);
    return error.message;
  }
  return "taken";
}

Deno.test("a process keeps everything in its data folder unless it is told otherwise", () => {
  const { role, database, redis, objects } = readConfig({});
  assert.deepEqual([role, database, redis, objects], ["all", undefined, undefined, undefined]);
});

Deno.test("a database and a bucket are taken as they stand, with the rights and the place that AWS's variables name", () => {
  const { role, database, redis, objects } = readConfig({ ...BOTH, ...REDIS, PARTERRE_ROLE: "worker" });
  assert.deepEqual([role, database, redis], ["worker", DATABASE, REDIS.PARTERRE_REDIS]);
  const rights = { accessKeyId: "me", secretAccessKey: "s3cret" };
  const aws = { endpoint: "https://s3.us-east-1.amazonaws.com", region: "us-east-1", bucket: "pictures/a/b" };
  assert.deepEqual(objects, { ...aws, ...rights });
  const place = { AWS_ENDPOINT_URL: "http://other:1", AWS_ENDPOINT_URL_S3: "http://minio:9000", AWS_REGION: "eu-1" };
  const own = { endpoint: "http://minio:9000", region: "eu-1", bucket: "pictures" };
  assert.deepEqual(readConfig({ ...BOTH, ...place, PARTERRE_ASSETS: "s3://pictures" }).objects, { ...own, ...rights });
});

Deno.test("what does not go together is refused, and no password is repeated", () => {
  const both = "PARTERRE_DATABASE and PARTERRE_ASSETS must be set together, or neither of them";
  assert.equal(refused({ PARTERRE_DATABASE: DATABASE }), both);
  assert.equal(refused({ ...KEYS, PARTERRE_ASSETS: "s3://pictures" }), both);
  assert.equal(refused(REDIS), "PARTERRE_DATABASE and PARTERRE_ASSETS must be set while PARTERRE_REDIS is");
  assert.equal(
    refused({ ...BOTH, PARTERRE_ROLE: "server" }),
    'PARTERRE_REDIS must be set while PARTERRE_ROLE is "server"',
  );
  assert.match(
    refused({ PARTERRE_ROLE: "worker" }),
    /^PARTERRE_DATABASE, PARTERRE_REDIS, PARTERRE_ASSETS must be set while PARTERRE_ROLE is "worker"$/,
  );
  assert.equal(
    refused({ ...BOTH, AWS_SECRET_ACCESS_KEY: "" }),
    "AWS_SECRET_ACCESS_KEY must be set while PARTERRE_ASSETS is",
  );
  assert.match(refused({ ...BOTH, AWS_ENDPOINT_URL: "minio:9000" }), /^AWS_ENDPOINT_URL must be a URL such as /);
  assert.match(refused({ ...BOTH, PARTERRE_ROLE: "painter" }), /^PARTERRE_ROLE must be one of all, server, worker/);
});

Deno.test("URLs are of their kind", () => {
  const url = "must be a URL such as";
  for (const database of ["mysql://u:s3cret@db/x", "s3cret@db", "postgres:///parterre"]) {
    assert.equal(
      refused({ ...BOTH, PARTERRE_DATABASE: database }),
      `PARTERRE_DATABASE ${url} postgres://user:password@host:5432/database, got something else`,
    );
  }
  assert.match(refused({ ...BOTH, PARTERRE_REDIS: "http://:s3cret@redis" }), /^PARTERRE_REDIS must be a URL such as /);
  assert.match(
    refused({ ...BOTH, PARTERRE_ASSETS: "https://pictures" }),
    /^PARTERRE_ASSETS must be a URL such as s3:\/\/bucket\/prefix, got "https:/,
  );
});

Deno.test("parts of URLs that would be overlooked, or stop a process without a word, are refused", () => {
  const refusedAs = (environment: Record<string, string>, rule: RegExp) =>
    assert.match(refused({ ...BOTH, ...REDIS, ...environment }), rule, JSON.stringify(environment));
  for (const parts of ["u:s3cret%@db/x", "u:%s3cret@db/x", "u:p@db/%zz"]) {
    refusedAs({ PARTERRE_DATABASE: `postgres://${parts}` }, /^PARTERRE_DATABASE must have each % written as %25/);
  }
  refusedAs({ PARTERRE_REDIS: "redis://:100%s3cret@redis" }, /^PARTERRE_REDIS must have each % written as %25/);
  refusedAs({ PARTERRE_DATABASE: "postgres://db/x#s3cret" }, /must have nothing behind a #/);
  for (const end of ["/live", "/-1", "/0/1", "/0?db=5"]) {
    refusedAs({ PARTERRE_REDIS: `redis://redis${end}` }, /^PARTERRE_REDIS must end with the number of a database/);
  }
  for (const bucket of ["me:s3cret@pictures", "pictures:9000", "pictures?region=eu"]) {
    refusedAs({ PARTERRE_ASSETS: `s3://${bucket}` }, /^PARTERRE_ASSETS must be a bucket and what keys begin with/);
  }
  refusedAs({ PARTERRE_ASSETS: "https://me:s3cret@pictures" }, /got "https:\/\/\*\*\*@pictures"$/);
  refusedAs({ AWS_ENDPOINT_URL: "http://me:s3cret@minio:9000" }, /^AWS_ENDPOINT_URL must be an address alone/);
  refusedAs({ AWS_ENDPOINT_URL: "ftp://me:s3@cret@minio" }, /got "ftp:\/\/\*\*\*@minio"$/);
  const taken = {
    PARTERRE_DATABASE: "postgres://u:100%25%40%23@[::1]/x?sslmode=verify-full",
    PARTERRE_REDIS: "rediss://:a%2Fb@[::1]/?family=6",
  };
  assert.equal(readConfig({ ...BOTH, ...taken }).database, taken.PARTERRE_DATABASE);
});

Deno.test("the hosts that they name may be called, and no others", () => {
  assert.deepEqual(netAddresses({}), ["127.0.0.1:8000"]);
  const addresses = ["db:5432", "redis:6380", "s3.eu-1.amazonaws.com:443"];
  assert.deepEqual(calledAddresses({ ...BOTH, ...REDIS, AWS_DEFAULT_REGION: "eu-1" }), addresses);
  assert.deepEqual(calledAddresses({ ...BOTH, AWS_ENDPOINT_URL: "http://minio" }), ["db:5432", "minio:80"]);
  assert.deepEqual(calledAddresses({ PARTERRE_DATABASE: "postgres://u:p@[::1]:99/x" }), ["[::1]:99"]);
  assert.deepEqual(calledAddresses({ PARTERRE_DATABASE: "nonsense", AWS_ENDPOINT_URL: "http://unused" }), []);
});
