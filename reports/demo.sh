#!/bin/sh
# Installs what is missing, builds, runs the offline sweep, leaves reports/demo/index.html.
set -eu
cd "$(dirname "$0")/.."
. tests/support/packages.sh

build=build-release
page=reports/demo/index.html

need_packages gcc $build_packages

[ -f $build/build.ninja ] || meson setup $build -Dbuildtype=release -Db_lto=true
meson compile -C $build fathom
fathom=$PWD/$build/src/fathom

# An old demo would be gone on with, and would say nothing of this build.
rm -rf reports/demo
mkdir -p reports/demo
(cd reports/demo && "$fathom" demo)
cp reports/demo/runs/demo/report.html $page
echo "the report is $page: open it in a browser"
