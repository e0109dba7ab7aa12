/**
 * A stand-in for the official base image, for machines that reach no registry of images: Debian from its packages, Deno
 * from the binary that runs this, and what the official image adds, under the official image's name.
 */

import type { Engine } from "./engine.ts";
import { must } from "./engine.ts";

/** Like the official image's, as far as images that are built on it can tell. */
const DOCKERFILE = `FROM scratch
ADD rootfs.tar /
RUN useradd --uid 1993 --user-group deno && mkdir /deno-dir && chown deno:deno /deno-dir && mv /usr/bin/tini /tini
COPY deno /usr/bin/deno
COPY docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DENO_USE_CGROUPS=1 DENO_DIR=/deno-dir/ \\
  DENO_INSTALL_ROOT=/usr/local DENO_VERSION=${Deno.version.deno} DENO_TLS_CA_STORE=system
ENTRYPOINT ["/tini", "--", "docker-entrypoint.sh"]
CMD ["eval", "console.log('Welcome to Deno!')"]
`;

const ENTRYPOINT = `#!/bin/sh
case "$1" in
  -* | cache | eval | install | run | task) exec deno "$@" ;;
esac
exec "$@"
`;

/** Documents, translations and packages' archives, which Debian's slim images leave out too. */
const LEFT_OUT = [
  "./usr/share/doc/*",
  "./usr/share/info/*",
  "./usr/share/locale/*",
  "./usr/share/man/*",
  "./var/cache/apt/*",
  "./var/lib/apt/lists/*",
];

/** Packages are fetched as this machine fetches them, whichever authorities it trusts. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Makes the image `name`, or keeps the one that is there.
 * @returns Whether it was made.
 */
export async function makeBaseImage(engine: Engine, name: string): Promise<boolean> {
  if ((await engine.try("image", "exists", name)).code === 0) return false;
  const context = Deno.makeTempDirSync({ dir: engine.folder });
  try {
    const root = `${context}/rootfs`;
    await must("debootstrap", ["--variant=minbase", "--include=ca-certificates,tini", "bookworm", root]);
    await must("tar", [
      "-C",
      root,
      ...LEFT_OUT.map((path) => `--exclude=${path}`),
      "-cf",
      `${context}/rootfs.tar`,
      ".",
    ]);
    Deno.removeSync(root, { recursive: true });
    Deno.copyFileSync(Deno.execPath(), `${context}/deno`);
    Deno.copyFileSync(CERTIFICATES, `${context}/ca-certificates.crt`);
    Deno.writeTextFileSync(`${context}/docker-entrypoint.sh`, ENTRYPOINT, { mode: 0o755 });
    Deno.writeTextFileSync(`${context}/Dockerfile`, DOCKERFILE);
    await engine.build(context, name);
    return true;
  } finally {
    Deno.removeSync(context, { recursive: true });
  }
}
