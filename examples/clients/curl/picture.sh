#!/bin/sh
# curl, and no JSON parser: asks with a mutation, watches server-sent events, fetches the picture.
set -eu
server=${PARTERRE_URL:-http://127.0.0.1:8000}
ask() { # a server that asks for no keys needs no PARTERRE_KEY
  curl -fsSN "$server/graphql" -H "Content-Type: application/json" \
    ${PARTERRE_KEY:+-H "Authorization: Bearer $PARTERRE_KEY"} "$@"
}

answer=$(ask --data @- <<'JSON'
{
  "query": "mutation Generate($input: GenerateInput!) { generate(input: $input) { ... on Generation { id } ... on Error { message } } }",
  "variables": {
    "input": {
      "model": "beds-256-lcm",
      "width": 384,
      "height": 128,
      "layout": {
        "grid": { "direction": "COLUMNS", "ratios": "1,1,1" },
        "regions": [{ "prompt": "a sailboat, ocean" }, { "prompt": "a fox, forest" }, { "prompt": "a rocket, space" }]
      }
    }
  }
}
JSON
)
id=$(printf '%s' "$answer" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
[ -n "$id" ] || { echo "$answer" >&2; exit 1; }

ask -H "Accept: text/event-stream" --data @- <<JSON |
{
  "query": "subscription Watch(\$id: ID!) { generationEvents(id: \$id, after: 0, preview: { format: PNG }) { ... on GenerationPreviewEvent { image { dataUrl } } ... on GenerationCompletedEvent { generation { status error { message } image { url } } } } }",
  "variables": { "id": "$id" }
}
JSON
{
  previews=0
  while IFS= read -r line; do
    case $line in
      *'"dataUrl"'*)
        previews=$((previews + 1))
        printf '%s' "$line" | sed 's/.*;base64,\([^"]*\)".*/\1/' | base64 -d >preview.png ;;
      *'"url"'*)
        url=$(printf '%s' "$line" | sed 's/.*"url":"\([^"]*\)".*/\1/')
        curl -fsS "$server$url" -o picture.png
        echo "curl: picture.png after $previews previews" ;;
      *'"message"'*) echo "$line" >&2; exit 1 ;;
    esac
  done
}
