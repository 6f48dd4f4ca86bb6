#!/bin/sh
# What the tests need from the system: a browser, Chinese type, PostgreSQL 15 or later. Missing packages are installed
# where that is allowed without asking (root, or sudo without a password, on Debian and its kin); else they are named.
set -u

has_chromium() {
    [ -n "${GEWU_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 \
        || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

has_type() {
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" -iname '*CJK*' 2>/dev/null | grep -q .
}

has_postgresql() {
    for program in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
        [ -x "$program" ] || continue
        version=$("$program" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
        [ "${version:-0}" -ge 15 ] && return 0
    done
    return 1
}

missing() {
    has_chromium || printf ' chromium'
    has_type || printf ' fonts-noto-cjk'
    has_postgresql || printf ' postgresql'
}

packages=$(missing)
[ -n "$packages" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
    echo "installing what the tests need from the system:$packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # words are meant to be split
    { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $packages; } >/dev/null
fi

packages=$(missing)
[ -z "$packages" ] && exit 0
echo "The tests need these packages of the system, and this user may not install them:$packages" >&2
echo "(Debian and Ubuntu: apt-get install$packages)" >&2
exit 1
