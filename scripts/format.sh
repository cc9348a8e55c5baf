#!/usr/bin/env bash
# Formats every C and C++ file; with --check only says which are not.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=(-i)
[ "${1:-}" = --check ] && mode=(--dry-run --Werror)
find gst plugins tests examples -name node_modules -prune -o \
  -type f \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.hpp' \) -print | sort |
  xargs clang-format "${mode[@]}"
