#!/bin/sh
# Installs what the clients use, beside them: npm's packages for Node.js, a virtual environment for Python.
# With a name, `node` or `python`, only that.
set -eu
cd "$(dirname "$0")"
case ${1-} in "" | node)
  npm ci --prefix node --no-audit --no-fund --loglevel error
  npm run --prefix node --silent generate
esac
case ${1-} in "" | python)
  [ -x python/.venv/bin/python ] || python3 -m venv python/.venv
  python/.venv/bin/pip install --quiet --disable-pip-version-check --requirement python/requirements.txt
esac
