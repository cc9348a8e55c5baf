# What the project needs on Debian 12, and a function that installs what is missing. To be sourced.

build_packages=(
  build-essential meson ninja-build pkg-config python3
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libsoup-3.0-dev libjson-glib-dev
  libgnutls28-dev libspeexdsp-dev gobject-introspection libgirepository1.0-dev
)
run_packages=(
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-alsa
  glib-networking espeak-ng alsa-utils
)
test_packages=(clang clang-format git gir1.2-gstreamer-1.0 gstreamer1.0-x libclang-rt-14-dev microsocks python3-gi
  tinyproxy-bin)
# Other packages of Node.js bring an npm that keeps Debian's out.
command -v npm >/dev/null || test_packages+=(npm)

# Asks apt only if something is missing, as root or with sudo.
install_packages()
{
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q ' installed$' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing ${missing[*]}"
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends \
    "${missing[@]}" >/dev/null
}
