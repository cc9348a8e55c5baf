#!/usr/bin/env bash
# Formats every C and C++ file; with --check only says which are not.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run --Werror)
find gst plugins tests examples -name '*.[ch]' -o -name '*.cpp' -o -name '*.hpp' | sort |
  xargs clang-format "${mode[@]}"
