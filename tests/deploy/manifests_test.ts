/** compose.yaml and the manifests for Kubernetes are valid, and say what the image and the settings mean. */

import { strict as assert } from "node:assert";
import { list, read, toolTest } from "./tools.ts";

const manifests = list("deploy/kubernetes");

/** The settings that the server knows. */
const settings = new Set(read("server/config.ts").matchAll(/^ {2}(PARTERRE_\w+):/gm).map(([, name]) => name));

toolTest("compose.yaml is what the Compose specification allows", "check-jsonschema", (run) => {
  run("--builtin-schema", "vendor.compose-spec", "compose.yaml");
});

toolTest("the manifests are what old and new versions of Kubernetes allow", "kubernetes-validate", (run) => {
  assert.equal(manifests.length, 6);
  for (const version of ["1.30.0", "1.37.0"]) run("--strict", "--kubernetes-version", version, ...manifests);
});

Deno.test("what compose.yaml, the image and the manifests set are settings", () => {
  assert(settings.size > 15);
  const set = [
    ...read("compose.yaml").split(/^ {2}caddy:$/m)[0]?.matchAll(/^ {6}(PARTERRE_\w+):/gm) ?? [],
    ...read("Dockerfile").matchAll(/(PARTERRE_\w+)=/g),
    ...manifests.flatMap((path) => [...read(path).matchAll(/name: (PARTERRE_\w+)/g)]),
  ].map(([, name]) => name ?? "");
  assert(set.length > 8);
  assert.deepEqual(set.filter((name) => !settings.has(name)), []);
});

Deno.test("the manifests name the image's user, port and folder", () => {
  const deployment = read("deploy/kubernetes/deployment.yaml");
  const dockerfile = read("Dockerfile");
  const [, user] = /^USER (\d+):/m.exec(dockerfile) ?? [];
  const [, port] = /^EXPOSE (\d+)$/m.exec(dockerfile) ?? [];
  const [, folder] = /PARTERRE_DATA=(\S+)/.exec(dockerfile) ?? [];
  assert.match(deployment, new RegExp(`runAsUser: ${user}$`, "m"));
  assert.match(deployment, new RegExp(`containerPort: ${port}$`, "m"));
  assert.match(deployment, new RegExp(`mountPath: ${folder}$`, "m"));
  assert.match(read("compose.yaml"), new RegExp(`- data:${folder}$`, "m"));
});

Deno.test("Kubernetes sets no variable that Parterre takes for a setting", () => {
  // For a service named `parterre` it would set PARTERRE_PORT to an address.
  assert.match(read("deploy/kubernetes/deployment.yaml"), /^ {6}enableServiceLinks: false$/m);
});

Deno.test("the manifest's secret is no key that works", () => {
  const [, key] = /admin-key: (.+)$/m.exec(read("deploy/kubernetes/secret.yaml.example")) ?? [];
  assert(key !== undefined && key.length < 32);
});
