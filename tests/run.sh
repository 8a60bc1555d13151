#!/bin/sh
# Installs what is missing, builds with sanitizers, runs every test, and closes with
# "N passed, N failed". Goes on after failures; exit status 1 if anything failed or nothing ran.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/support/packages.sh

build=build-asan

# What went wrong before a test could run counts as one failure.
give_up() {
  echo "$1"
  echo '0 passed, 1 failed'
  exit 1
}

# A Node.js from elsewhere brings npm along, and Debian's npm does not go with it.
node_packages='nodejs npm'
command -v node >/dev/null && command -v npm >/dev/null && node_packages=

# gcc builds fathom a second time: the same bytes must come from both compilers.
need_packages $build_packages libssl-dev openssl libcmocka-dev gcc \
  clang-14 libclang-rt-14-dev llvm-14 clang-format-14 clang-tidy-14 universal-ctags \
  chromium $node_packages || give_up 'the packages could not be installed'

# Brings the packages a folder's lock file pins, unless the one named is there.
need_npm() {
  [ -d "tests/$1/node_modules/$2" ] && return
  echo "installing with npm, in tests/$1: $3"
  # What needs it then fails and says so; the rest is still told.
  npm ci --prefix "tests/$1" --ignore-scripts --no-audit --no-fund ||
    echo "$3 could not be installed"
}

need_npm browser playwright-core playwright-core
need_npm sdk ollama 'the SDKs of the vendors, a Node for them, typescript'
need_npm oracle tokenizers 'tiktoken, tokenizers, vocabularies'

# Optimized a little, what the sanitizers watch over runs three to six times as fast as not at all.
if [ ! -f $build/build.ninja ]; then
  CC=$(command -v clang-14 || echo clang) meson setup $build -Db_sanitize=address,undefined \
    -Db_lundef=false -Dbuildtype=debug -Doptimization=1 || give_up 'meson setup failed'
fi
meson compile -C $build || give_up 'the build failed'

ASAN_OPTIONS=detect_leaks=1
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14 || command -v llvm-symbolizer)
FATHOM_BROWSER=required
FATHOM_SDK=required
FATHOM_ORACLE=required
export ASAN_OPTIONS UBSAN_OPTIONS ASAN_SYMBOLIZER_PATH FATHOM_BROWSER FATHOM_SDK \
  FATHOM_ORACLE

# The suites there are, cheapest first; those not named here come last.
suites=$(meson introspect --tests $build | python3 -c '
import json, sys
order = "check unit golden fuzz e2e fault sdk oracle campaign browser".split()
found = {s.split(":")[-1] for test in json.load(sys.stdin) for s in test["suite"]}
print(*sorted(found, key=lambda s: (order.index(s) if s in order else len(order), s)))')

for suite in $suites; do
  echo
  echo "== $suite"
  begin=$(date +%s)
  rm -f "$build/meson-logs/$suite.json"
  # Sanitizers slow a test down about threefold, hence its time limit is longer.
  meson test -C $build --no-rebuild --print-errorlogs --timeout-multiplier 3 \
    --suite "$suite" --logbase "$suite"
  echo "== $suite took $(($(date +%s) - begin)) s"
done

echo
python3 - $build $suites <<'END'
import json, sys

build, *suites = sys.argv[1:]
good, neither = {'OK', 'EXPECTEDFAIL'}, {'SKIP', 'IGNORED'}
passed, failed = 0, []
for suite in suites:
    try:
        with open(f'{build}/meson-logs/{suite}.json', encoding='utf-8') as log:
            rows = [json.loads(line) for line in log]
    except (OSError, ValueError) as fault:
        rows = []
        failed.append(f'{suite}: no results: {fault}')
    passed += sum(row['result'] in good for row in rows)
    failed += [f"{row['name']}: {row['result']}" for row in rows
               if row['result'] not in good | neither]
for line in failed:
    print(line)
print(f'{passed} passed, {len(failed)} failed')
sys.exit(1 if failed or passed == 0 else 0)
END
