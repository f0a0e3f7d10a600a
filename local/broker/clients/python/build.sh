#!/bin/sh
# Makes a Python environment with the SDK in a folder, and a program in it that runs client.py.
set -eu
out=$1
python3 -m venv "$out/env"
"$out/env/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement requirements.txt
cp client.py "$out/client.py"
cat >"$out/broker-client-python" <<'END'
#!/bin/sh
dir=$(dirname "$0")
exec "$dir/env/bin/python" -W ignore "$dir/client.py" "$@"
END
chmod +x "$out/broker-client-python"
