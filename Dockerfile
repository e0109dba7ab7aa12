# Parterre in one image: it starts without a network, as a user without rights, on a root that cannot be written.
# docs/deploy.md says how to run it; `deno task container:test` builds it, runs it and looks.

FROM denoland/deno:2.9.6 AS build

# Not the base image's /deno-dir, which does not work on Google Cloud Run.
ENV DENO_DIR=/app/.deno
WORKDIR /app

# The packages, which change seldom. Of them all that runs is kept, and of onnxruntime-web, whose package holds every
# build for every browser, the two that compute here: WebAssembly with threads, and WebGPU.
COPY deno.json deno.lock ./
RUN deno install --frozen \
  && find /app/.deno/npm -type f \( -name "*.map" -o -name "*.d.ts" -o -name "*.d.mts" -o -name "*.d.cts" \) -delete \
  && find /app/.deno/npm -type f -path "*/onnxruntime-web/*/dist/*" \
    ! -name "ort.node.min.mjs" ! -name "ort.wasm.min.mjs" ! -name "ort.jspi*.min.mjs" ! -name "package.json" \
    ! -name "ort-wasm-simd-threaded.mjs" ! -name "ort-wasm-simd-threaded.wasm" \
    ! -name "ort-wasm-simd-threaded.jspi.mjs" ! -name "ort-wasm-simd-threaded.jspi.wasm" -delete

# The program, and one start of it: a build whose server does not come up fails here, and what Deno compiles while it
# starts stays in its cache.
COPY . .
RUN deno run --cached-only --allow-all deploy/warm.ts \
  && mv .deno/npm /packages && rm -r .deno models deploy/warm.ts

FROM denoland/deno:2.9.6

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Parterre" \
  org.opencontainers.image.description="A GraphQL service that paints one picture from many prompts, each in its own region" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.base.name="docker.io/denoland/deno:2.9.6"

# Everything belongs to root and is only read, but the one folder for what is kept.
RUN mkdir /data && chown 1993:1993 /data
COPY models /app/models
COPY --from=build /packages /app/.deno/npm
COPY --from=build /warm /app/.deno
COPY --from=build /app /app

ENV DENO_DIR=/app/.deno \
  PARTERRE_AUTH=keys \
  PARTERRE_HOST=0.0.0.0 \
  PARTERRE_PORT=8000 \
  PARTERRE_DATA=/data \
  PARTERRE_ENV=production

WORKDIR /app
# The base image's user `deno`, by number, so that Kubernetes sees that it is not root.
USER 1993:1993
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["deno", "run", "--cached-only", "--frozen", "--no-prompt", "--allow-env=PARTERRE_PORT", "--allow-net=127.0.0.1", "deploy/healthcheck.ts"]

# tini is process 1: it hands signals on and takes away what is orphaned.
ENTRYPOINT ["/tini", "--", "/app/deploy/entrypoint.sh"]
CMD ["serve"]
