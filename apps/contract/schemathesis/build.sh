#!/bin/sh
# Makes a Python environment with schemathesis in a folder, and a program in it that runs it with hooks.py.
set -eu
out=$1
python3 -m venv "$out/env"
"$out/env/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement requirements.txt
cp hooks.py schemathesis.toml "$out/"
cat >"$out/schemathesis" <<'END'
#!/bin/sh
dir=$(dirname "$0")
PYTHONPATH="$dir" SCHEMATHESIS_HOOKS=hooks exec "$dir/env/bin/python" -m schemathesis.cli --config-file "$dir/schemathesis.toml" "$@"
END
chmod +x "$out/schemathesis"
