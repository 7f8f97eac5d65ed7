# The verbs of this repository: `uv run just <verb>`.

set positional-arguments

# List the verbs.
default:
    @just --list --unsorted

# Test everything: what is ours, then every combination, on real servers.
test *arguments:
    pytest "$@"

# Check our own code: format, lint, types.
check:
    ruff format --check .
    ruff check .
    mypy
    uv lock --check

# Format our own code and mend what the linter can mend.
format:
    ruff format .
    ruff check --fix .

# Check and test combinations only; `-k postgresql` chooses some, `--whole` runs all of all.
matrix *arguments:
    pytest tests/combinations tests/suites "$@"

# Run the suites on another Python, in an environment of its own: just on 3.12
on python *arguments:
    uv run --isolated --locked --python {{ python }} pytest tests/suites "${@:2}"

# Run proofs on a project: just prove --data auth=session -- proofs/accounts -k login
prove *arguments:
    python -m tests.prove "$@"

# Make each defect of a list in a project, and say which of the tests that it ships finds it.
defects *what:
    python -m tests.defects "$@"

# Install some projects for real and use them as their owner would.
installed *arguments:
    pytest tests/installed "$@"

# Copy a project with the working tree's template, for a look.
try folder *arguments:
    copier copy --vcs-ref HEAD "${@:2}" . "$1"

# Measure the rendered API against a bare one; or one of lists, accounts, limits, logins, refusals, floods, copying.
bench *arguments:
    python -m benchmarks "$@"

# Take the pictures of the README anew; needs Debian's chromium.
screenshots:
    python -m docs.screenshots.make
