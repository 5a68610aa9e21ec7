#!/usr/bin/env bash
# Runs kernels in oclgrind, which reports every access outside a buffer, every race and every use of what nobody wrote.
#
#   run.sh [--replace OLD NEW] RECORDING...   recordings of the OpenCL backend (OpenClOptions.RecordTo); NEW replaces OLD in the kernels, to break one
#   run.sh                                    every kernel, by the tests that record and call this script
#
# Needs oclgrind and a C compiler (Debian, Ubuntu: oclgrind, gcc). Exit code: 0 nothing to report, 1 reports, 3 a tool is missing.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=$(command -v cc || command -v gcc || command -v clang)
if ! command -v oclgrind >/dev/null || [ -z "$compiler" ]; then
    echo "oclgrind or a C compiler is missing. Install: oclgrind, gcc (Debian, Ubuntu)."
    exit 3
fi
if [ $# -eq 0 ]; then exec dotnet test "$here/../Cortado.OpenCL.Tests" --filter "FullyQualifiedName~OclgrindTests"; fi

replacement=()
if [ "$1" = --replace ]; then
    replacement=("$2" "$3")
    shift 3
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$compiler" -O1 -o "$work/replay" "$here/replay.c" -lm -ldl || exit 1

# Kernels as they are written: the optimiser makes instructions that oclgrind 21.10 does not know (freeze). One work-group runs
# after the other, so tasks are dealt out by turns.
options="-cl-opt-disable -D NO_FETCH -D TASKS_IN_TURN"
replay() {
    oclgrind --data-races --uninitialized --max-errors 50 "$work/replay" "$1" "$options" "${replacement[@]}" >"$2" 2>&1
    code=$?
    # What is neither a note nor a launch is a report.
    awk -v code="$code" '
        /^note / { note = substr($0, 6); next }
        /^kernel / { launches[$2]++; next }
        /^[0-9]+ warnings? generated/ { next }
        /launches replayed/ { summary = $0; next }
        NF { if (note != "") print "In " note ":"; note = ""; print; reports++ }
        END {
            line = ""
            for (name in launches) line = line " " name
            print (summary == "" ? "ended with code " code : summary) "; kernels:" line
            exit reports > 0 || code != 0
        }' "$2" >"$2.report"
}

# Side by side: each takes one processor.
number=0 running=() status=0
for recording in "$@"; do
    number=$((number + 1))
    replay "$recording" "$work/output$number" &
    running+=($!)
done
for ((i = 1; i <= number; i++)); do
    wait "${running[i - 1]}" || status=1
    cat "$work/output$i.report"
done
exit $status
