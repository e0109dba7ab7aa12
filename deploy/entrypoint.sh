#!/bin/sh
# The image's start: `serve` runs the server, anything else is run as it is.

# Deno keeps what it has analysed and compiled in three SQLite files, which it uses only where it can write to them. On a
# root that is read-only they would be lost, and with them a quarter of the start's time. So /app/.deno has links for them
# into /tmp, and what the build left is copied there. Without room there, starts are slower and nothing else changes.
cache=/tmp/deno-cache
if [ ! -d "$cache" ] && mkdir "$cache" 2>/dev/null; then
  cp /app/.deno/warm/* "$cache"/ 2>/dev/null || rm -rf "$cache"
fi

# `,host:port` of a URL, or of its scheme's port.
address() {
  place=${1#*://} place=${place%%[/?#]*} place=${place##*@}
  case $place in *:*[0-9]) ;; *) place=$place:$2 ;; esac
  printf ,%s "$place"
}

# The addresses of the database and its like.
called() {
  [ -z "$PARTERRE_DATABASE" ] || address "$PARTERRE_DATABASE" 5432
  [ -z "$PARTERRE_REDIS" ] || address "$PARTERRE_REDIS" 6379
  [ -n "$PARTERRE_ASSETS" ] || return 0
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
  endpoint=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL:-https://s3.$region.amazonaws.com}}
  case $endpoint in http:*) address "$endpoint" 80 ;; *) address "$endpoint" 443 ;; esac
}

# The flags of `deno task start`, without asking server/permissions.ts: that would start Deno three times more.
if [ "$1" = serve ]; then
  host=$PARTERRE_HOST
  case $host in *:*) host="[$host]" ;; esac
  read=/app,$PARTERRE_DATA${PARTERRE_MODELS:+,$PARTERRE_MODELS}${PARTERRE_LORAS:+,$PARTERRE_LORAS}${PARTERRE_ADMIN_KEY_FILE:+,$PARTERRE_ADMIN_KEY_FILE}
  net=$host:$PARTERRE_PORT$(called)
  set -- deno run --v8-flags=--wasm-tiering-budget=500000000 --cached-only --frozen --no-prompt \
    "--allow-net=$net" "--allow-read=$read" "--allow-write=$PARTERRE_DATA" \
    --allow-env --allow-sys=systemMemoryInfo,statfs main.ts
fi
exec "$@"
