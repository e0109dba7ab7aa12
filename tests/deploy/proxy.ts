/** The reverse proxies of `deploy/`, started as they stand there, but on free ports and with a certificate of the test's. */

import { isInstalled } from "../../deploy/container/tools.ts";

/** A proxy in front of a server; `await using` ends it. */
export interface Proxy extends AsyncDisposable {
  /** For instance `https://localhost:49152`. */
  readonly url: string;
  /** Trusts the proxy's certificate. */
  readonly client: Deno.HttpClient;
}

/** A proxy that Debian has a package of. */
export interface ProxyKind {
  readonly name: string;
  readonly package: string;
  /** Why it is left out; undefined where its tests run. In continuous integration they always run. */
  readonly leftOut: string | undefined;
  /** Starts it in front of a server, for instance `127.0.0.1:8000`. */
  readonly start: (upstream: string) => Promise<Proxy>;
}

const deploy = new URL("../../deploy/", import.meta.url);

export const PROXIES: readonly ProxyKind[] = [
  kind("caddy", "caddy", "caddy", (upstream) => startCaddy("Caddyfile", { PARTERRE_UPSTREAM: upstream })),
  kind("caddy of a fleet", "caddy", "caddy", async (upstream) => {
    // Nobody listens at the first: no client is to notice.
    return await startCaddy("Caddyfile.cluster", { PARTERRE_UPSTREAMS: `127.0.0.1:${freePort()} ${upstream}` });
  }),
  kind("nginx", "nginx", "nginx-light", startNginx),
];

function kind(name: string, program: string, debian: string, start: ProxyKind["start"]): ProxyKind {
  const needed = isInstalled(program) || Deno.env.get("CI") === "true";
  return { name, package: debian, leftOut: needed ? undefined : `no ${program}: apt-get install ${debian}`, start };
}

/** @param settings Where the servers are, as the file has them. */
async function startCaddy(file: string, settings: Readonly<Record<string, string>>): Promise<Proxy> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-caddy-" });
  const port = freePort();
  // The options of the whole program must come first; without them it would listen on 80, serve an interface for
  // administration, and have the machine trust its certificates.
  const options = `{
    admin off
    skip_install_trust
    auto_https disable_redirects
    storage file_system ${folder}
  }
  import ${deploy.pathname}${file}
  `;
  Deno.writeTextFileSync(`${folder}/Caddyfile`, options);
  const child = new Deno.Command("caddy", {
    args: ["run", "--adapter", "caddyfile", "--config", `${folder}/Caddyfile`],
    env: { HOME: folder, PARTERRE_DOMAIN: `localhost:${port}`, ...settings },
    stdout: "null",
    stderr: "null",
  }).spawn();
  return await started(child, folder, port, `${folder}/pki/authorities/local/root.crt`);
}

async function startNginx(upstream: string): Promise<Proxy> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-nginx-" });
  const port = freePort();
  await selfSigned(folder);
  const site = replaced(Deno.readTextFileSync(new URL("nginx.conf", deploy)), {
    "server 127.0.0.1:8000;": `server ${upstream};`,
    "listen 80;": `listen 127.0.0.1:${freePort()};`,
    "listen 443 ssl http2;": `listen 127.0.0.1:${port} ssl http2;`,
    "/etc/ssl/parterre/fullchain.pem": `${folder}/certificate.pem`,
    "/etc/ssl/parterre/privkey.pem": `${folder}/key.pem`,
  });
  Deno.writeTextFileSync(`${folder}/parterre.conf`, site);
  // Else root's nginx works as nobody, who may not look into the folder.
  const user = Deno.uid() === 0 ? "user root;" : "";
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${folder}/${name};`
  );
  Deno.writeTextFileSync(
    `${folder}/nginx.conf`,
    `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {} http { access_log off; ${places.join(" ")} include ${folder}/parterre.conf; }`,
  );
  const child = new Deno.Command("nginx", {
    args: ["-p", folder, "-c", `${folder}/nginx.conf`, "-e", `${folder}/error.log`],
    stdout: "null",
    stderr: "null",
  }).spawn();
  return await started(child, folder, port, `${folder}/certificate.pem`);
}

/** Waits until a proxy listens and has made its certificate. */
async function started(child: Deno.ChildProcess, folder: string, port: number, certificate: string): Promise<Proxy> {
  const end = Date.now() + 20_000;
  while (!await ready(port, certificate)) {
    if (Date.now() > end) throw new Error("The proxy does not listen");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const client = Deno.createHttpClient({ caCerts: [Deno.readTextFileSync(certificate)] });
  return {
    url: `https://localhost:${port}`,
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      child.kill("SIGTERM");
      await child.status;
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

/** A proxy may listen before it has the certificate that it makes. */
async function ready(port: number, certificate: string): Promise<boolean> {
  try {
    const connection = await Deno.connectTls({
      hostname: "localhost",
      port,
      caCerts: [Deno.readTextFileSync(certificate)],
    });
    try {
      await connection.handshake();
      return true;
    } finally {
      connection.close();
    }
  } catch {
    return false;
  }
}

/** Makes `certificate.pem` and `key.pem` for localhost. */
async function selfSigned(folder: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", `${folder}/key.pem`, "-out", `${folder}/certificate.pem`],
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Replaces texts each of which must be there. */
function replaced(text: string, changes: Readonly<Record<string, string>>): string {
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`Cannot find "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
