#!/bin/sh
# The image's start: `serve` runs the server, anything else is run as it is.

# Deno keeps what it has analysed and compiled in three SQLite files, which it uses only where it can write to them. On a
# root that is read-only they would be lost, and with them a quarter of the start's time. So /app/.deno has links for them
# into /tmp, and what the build left is copied there. Without room there, starts are slower and nothing else changes.
cache=/tmp/deno-cache
if [ ! -d "$cache" ] && mkdir "$cache" 2>/dev/null; then
  cp /app/.deno/warm/* "$cache"/ 2>/dev/null || rm -rf "$cache"
fi

# The flags of `deno task start`, without asking server/permissions.ts: that would start Deno three times more.
if [ "$1" = serve ]; then
  host=$PARTERRE_HOST
  case $host in *:*) host="[$host]" ;; esac
  read=/app,$PARTERRE_DATA${PARTERRE_MODELS:+,$PARTERRE_MODELS}${PARTERRE_LORAS:+,$PARTERRE_LORAS}${PARTERRE_ADMIN_KEY_FILE:+,$PARTERRE_ADMIN_KEY_FILE}
  set -- deno run --v8-flags=--wasm-tiering-budget=500000000 --cached-only --frozen --no-prompt \
    "--allow-net=$host:$PARTERRE_PORT" "--allow-read=$read" "--allow-write=$PARTERRE_DATA" \
    --allow-env --allow-sys=systemMemoryInfo,statfs main.ts
fi
exec "$@"
