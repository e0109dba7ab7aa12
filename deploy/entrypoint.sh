#!/bin/sh
# Starts Parterre in its image. Deno keeps what it has analysed and compiled in three SQLite files, which it uses only
# where it can write to them; on a root that is read-only they would be lost, and with them half of the start's time. So
# /app/.deno has links for them into /tmp, and what the build left is copied there. Without room there, starts are slower
# and nothing else changes.
cache=/tmp/deno-cache
if [ ! -d "$cache" ] && mkdir "$cache" 2>/dev/null; then
  cp /app/.deno/warm/* "$cache"/ 2>/dev/null || rm -rf "$cache"
fi
exec "$@"
