# The Debian packages that building and running Heed takes, and how they get there. Sourced by app/run and tests/run.

build_packages="gcc libc6-dev meson ninja-build pkgconf
  libgtk-4-dev libgtk-4-bin libadwaita-1-dev libjson-glib-dev libpng-dev zlib1g-dev libsndfile1-dev libsamplerate0-dev
  libopenblas-dev libxml2-utils desktop-file-utils librsvg2-common webp-pixbuf-loader adwaita-icon-theme
  fonts-dejavu-core dconf-gsettings-backend
  libgstreamer-plugins-base1.0-dev gstreamer1.0-plugins-base gstreamer1.0-plugins-good espeak-ng"

# Says what this script does; standard output belongs to the program that it starts.
say() {
  printf '%s: %s\n' "$0" "$*" >&2
}

# missing_packages PACKAGE... prints those that are not installed, on one line.
missing_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | {
    installed=" $(sed -n 's/^installed //p' | tr '\n' ' ')"
    for package in "$@"; do
      case "$installed" in
        *" $package "*) ;;
        *) printf '%s ' "$package" ;;
      esac
    done
  }
}

# install_missing PACKAGE... installs what is not there, with root's rights or sudo; on other systems it only checks.
install_missing() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    if command -v meson >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 &&
      pkg-config --exists 'gtk4 >= 4.8' 'libadwaita-1 >= 1.2' 'json-glib-1.0 >= 1.6' libpng zlib \
        'sndfile >= 1.1' samplerate openblas gstreamer-app-1.0 gstreamer-audio-1.0; then
      return 0
    fi
    say "this is no Debian; install what these Debian packages are called here, then try again:"
    printf '  %s\n' "$*" >&2
    return 1
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0

  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      say "some packages are missing; as root, run:"
      printf '  apt-get install --no-install-recommends %s\n' "$missing" >&2
      return 1
    fi
    as_root="sudo env"
  fi
  say "installing $missing"
  $as_root apt-get update >&2 </dev/null || say "the package lists could not be updated; trying with those there are"
  # shellcheck disable=SC2086
  $as_root ${as_root:+DEBIAN_FRONTEND=noninteractive} apt-get install -y --no-install-recommends $missing >&2 </dev/null
}
