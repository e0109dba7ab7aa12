/** The compose files and the manifests for Kubernetes are valid, and say what the image and the settings mean. */

import { strict as assert } from "node:assert";
import { settings } from "../../server/settings.ts";
import { list, read, toolTest } from "./tools.ts";

const manifests = list("deploy/kubernetes");

/** Those of many processes, without what is told to other projects' programs. */
const fleet = list("deploy/kubernetes/fleet").filter((path) => !path.endsWith("/adapter.yaml.example"));

const composeCluster = read("deploy/compose.cluster.yaml");

/** The names of the settings that the program knows. */
const known = Object.keys(settings.shape);

toolTest("the compose files are what the Compose specification allows", "check-jsonschema", (run) => {
  run("--builtin-schema", "vendor.compose-spec", "compose.yaml", "deploy/compose.cluster.yaml");
});

toolTest("the manifests are what old and new versions of Kubernetes allow", "kubernetes-validate", (run) => {
  assert.equal(manifests.length, 6);
  assert.equal(fleet.length, 7);
  for (const version of ["1.30.0", "1.37.0"]) {
    run("--strict", "--kubernetes-version", version, ...manifests, ...fleet);
  }
});

Deno.test("what the compose files, the image and the manifests set are settings", () => {
  const set = [
    ...read("compose.yaml").split(/^ {2}caddy:$/m)[0]?.matchAll(/^ {6}(PARTERRE_\w+):/gm) ?? [],
    ...read("Dockerfile").matchAll(/(PARTERRE_\w+)=/g),
    ...composeCluster.split(/^ {2}caddy:$/m)[0]?.matchAll(/^ +(PARTERRE_\w+):/gm) ?? [],
    ...[...manifests, ...fleet].flatMap((path) => [...read(path).matchAll(/^ +(?:- name: )?(PARTERRE_\w+)/gm)]),
  ].map(([, name]) => name ?? "");
  assert(set.length > 25);
  assert.deepEqual(set.filter((name) => !known.includes(name)), []);
});

Deno.test("docs/operating.md has every setting in its table, and nothing else", () => {
  const [, table = ""] = /^## Settings\n([^]*?)^### /m.exec(read("docs/operating.md")) ?? [];
  const told = table.matchAll(/^\| (`PARTERRE_.*?`) +\|/gm).flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  assert.deepEqual([...told].sort(), known.toSorted());
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
  const deployments = [...manifests, ...fleet].map(read).filter((text) => /^kind: Deployment$/m.test(text));
  assert.equal(deployments.length, 3);
  for (const deployment of deployments) assert.match(deployment, /^ {6}enableServiceLinks: false$/m);
});

Deno.test("what scales workers is among the metrics, and every budget and service names pods that there are", () => {
  const metrics = read("docs/observability.md");
  const adapter = read("deploy/kubernetes/fleet/adapter.yaml.example");
  const asked = read("deploy/kubernetes/fleet/autoscaler.yaml").matchAll(/metric:\n +name: (\S+)/g).map(([, name]) =>
    name
  );
  const made = adapter.matchAll(/as: (\S+)/g).map(([, name]) => name);
  assert.deepEqual([...asked], [...made]);
  for (const [, name] of adapter.matchAll(/seriesQuery: (\S+?)(?:_count)?$/gm)) {
    assert.match(metrics, new RegExp(`^\\| \`${name}\``, "m"));
  }
  const components = fleet.flatMap((path) => [...read(path).matchAll(/component: (\S+)/g)].map(([, name]) => name));
  assert.deepEqual([...new Set(components)].sort(), ["server", "worker"]);
});

Deno.test("compose.cluster.yaml has the topology of `deno task cluster`: two servers and three workers behind Caddy", () => {
  const servers = composeCluster.matchAll(/^ {2}(server-\d):$/gm).map(([, name]) => name).toArray();
  assert.equal(servers.length, 2);
  const [, upstreams] = /PARTERRE_UPSTREAMS: (.+)$/m.exec(composeCluster) ?? [];
  assert.deepEqual(upstreams?.split(" "), servers.map((name) => `${name}:8000`));
  assert.match(composeCluster, /^ {2}worker:$[^]*?replicas: 3$/m);
  const told = read("deno.json");
  assert.match(told, /deno task cluster \[--servers 2\] \[--workers 3\]/);
});

Deno.test("the manifest's secret is no key that works", () => {
  const [, key] = /admin-key: (.+)$/m.exec(read("deploy/kubernetes/secret.yaml.example")) ?? [];
  assert(key !== undefined && key.length < 32);
});
