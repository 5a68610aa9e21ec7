#!/usr/bin/env bash
# Runs all tests and sums them up: the last line is "N passed, N failed, N skipped". Arguments go to dotnet test.
#
# It sets up what the tests need on Debian and Ubuntu (as root) and says what to install elsewhere. Needed: the .NET SDK of
# global.json. Wanted: LMDB's own tools (mdb_dump, mdb_load, mdb_stat), against which our database reader and writer is checked.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

if ! command -v dotnet >/dev/null; then
    echo "The .NET 10 SDK is missing. Install it from https://dotnet.microsoft.com/download or your package manager (dotnet-sdk-10.0)." >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

if ! command -v mdb_dump >/dev/null || ! command -v mdb_load >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing lmdb-utils ..."
        export DEBIAN_FRONTEND=noninteractive
        { apt-get install -y -q lmdb-utils || { apt-get update -q && apt-get install -y -q lmdb-utils; }; } </dev/null >/dev/null 2>&1 \
            || echo "lmdb-utils could not be installed; the tests that use LMDB's own tools are skipped."
    else
        echo "LMDB's tools are missing, so the tests that use them are skipped. To run them too, install: lmdb-utils (Debian, Ubuntu), lmdb (Fedora, Arch, Homebrew)."
    fi
fi

# An OpenCL loader with no driver is no device either: the driver for CPUs (PoCL) brings one to every machine.
if ! ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing pocl-opencl-icd and ocl-icd-libopencl1 ..."
        export DEBIAN_FRONTEND=noninteractive
        { apt-get install -y -q pocl-opencl-icd ocl-icd-libopencl1 || { apt-get update -q && apt-get install -y -q pocl-opencl-icd ocl-icd-libopencl1; }; } </dev/null >/dev/null 2>&1 \
            || echo "PoCL could not be installed; the tests of the OpenCL backend are skipped."
    elif [ "$(uname)" != Darwin ]; then
        echo "There is no OpenCL driver, so the tests of that backend are skipped. To run them too, install the driver of your graphics card, or for the CPU: pocl-opencl-icd and ocl-icd-libopencl1 (Debian, Ubuntu), pocl (Fedora, Arch)."
    fi
fi

# The package's assemblies are tried on Mono, the runtime family of the engine's editor.
if ! command -v mono >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing mono-complete ..."
        export DEBIAN_FRONTEND=noninteractive
        { apt-get install -y -q mono-complete || { apt-get update -q && apt-get install -y -q mono-complete; }; } </dev/null >/dev/null 2>&1 \
            || echo "Mono could not be installed; the tests that run the package's assemblies on it are skipped."
    else
        echo "Mono is missing, so the tests that run the package's assemblies on it are skipped. To run them too, install mono-complete (Debian, Ubuntu, Fedora) or mono (Arch, Homebrew)."
    fi
fi

# Oclgrind runs the kernels and checks every access; its driver is a C program.
if [ "$(uname)" = Linux ] && { ! command -v oclgrind >/dev/null || ! command -v cc >/dev/null; }; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing oclgrind, gcc and libc6-dev ..."
        export DEBIAN_FRONTEND=noninteractive
        { apt-get install -y -q oclgrind gcc libc6-dev || { apt-get update -q && apt-get install -y -q oclgrind gcc libc6-dev; }; } </dev/null >/dev/null 2>&1 \
            || echo "oclgrind or gcc could not be installed; the tests that check every access of the OpenCL kernels are skipped."
    else
        echo "oclgrind or a C compiler is missing, so the tests that check every access of the OpenCL kernels are skipped. To run them too, install: oclgrind, gcc (Debian, Ubuntu)."
    fi
fi

# A script that must not pass where nothing was tested sets CORTADO_STRICT: what could be installed may then not be skipped.
if [ -n "${CORTADO_STRICT:-}" ]; then
    ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1 && CORTADO_REQUIRE="${CORTADO_REQUIRE:-} opencl"
    command -v oclgrind >/dev/null && command -v cc >/dev/null && CORTADO_REQUIRE="${CORTADO_REQUIRE:-} oclgrind"
    export CORTADO_REQUIRE="${CORTADO_REQUIRE:-}"
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
failed=0
projects=$(dotnet sln Plugin.sln list | tr '\\' '/' | grep -cE '^tests/[^/]+/[^/]+Tests\.csproj')

# Test projects run one after the other: each already uses every processor.
if dotnet build Plugin.sln -v quiet -clp:NoSummary </dev/null; then
    dotnet test Plugin.sln --no-build -m:1 --logger "trx" --results-directory "$results" "$@" </dev/null
    status=$?
else
    status=1
fi

sum() { cat "$results"/*.trx 2>/dev/null | tr '\n' ' ' | grep -o '<Counters [^>]*>' | grep -oE "\\b($1)=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ s += $1 } END { print s + 0 }'; }
passed=$(sum passed)
failed=$(sum 'failed|error|timeout|aborted')
skipped=$(($(sum total) - $(sum executed)))
reported=$(find "$results" -name '*.trx' | wc -l)
if [ "$reported" -lt "$projects" ]; then
    # A project that did not build or whose process died reports nothing.
    echo "$((projects - reported)) of $projects test projects reported no results."
    failed=$((failed + projects - reported))
elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "dotnet test ended with code $status though no test failed."
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
