# For scripts to source: need_packages NAME… installs what is missing on Debian, and says so first.

# What fathom itself is built with, whatever the compiler.
build_packages='ca-certificates libc6-dev meson ninja-build pkg-config python3
  libcurl4-openssl-dev libcjson-dev libxxhash-dev libzstd-dev zlib1g-dev libyaml-dev
  libpcre2-dev libssl-dev'

need_packages() {
  missing=
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "no apt-get here: these Debian packages, or what stands for them, must be there: $*"
    return 0
  fi
  for package in "$@"; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
      *' installed') ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0

  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "missing, and neither root nor sudo to install it:$missing"
      return 1
    fi
    as_root=sudo
  fi
  echo "installing with apt-get:$missing"
  # Another apt-get may be at work: its lock is waited for.
  apt="env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
  $as_root $apt update && $as_root $apt install --no-install-recommends $missing
}
