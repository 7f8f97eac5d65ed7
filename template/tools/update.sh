# Takes over improvements of the template, and fails if anything is left for you to do.
# The verb `update` calls it, with what was given to it.

uv=${UV:-uv}
former=$(mktemp -d)
trap 'rm -rf "$former"' EXIT

conflicts() {
    {
        git -c core.quotePath=off diff --name-only --diff-filter=U --relative
        git grep --untracked --name-only '^<<<<<<< before updating'
        git ls-files --others --exclude-standard '*.rej'
    } | sort -u
}

# True if the file is as the former version of the template wrote it.
is_untouched() {
    test "$(git rev-parse "HEAD:./$1")" = "$(git hash-object --path="$1" "$former/$1" 2> /dev/null)"
}

# In braces, so that the shell reads all of it first: the update may write this very file.
{
    if ! git diff --quiet HEAD; then
        echo "Commit or stash your changes first: an update is a change of its own."
        exit 1
    fi
    cp .copier-answers.yml "$former" || exit
    "$uv" tool run "copier>=9.19.1,<10" recopy --defaults --overwrite --quiet --vcs-ref=:current: "$former" || exit
    "$uv" tool run "copier>=9.19.1,<10" update --defaults "$@"
    failed=$?

    git -c core.quotePath=off ls-files --deleted --deduplicate > "$former/deleted"
    sed 's/^/Deleted by the update: /' "$former/deleted"
    while read -r file; do
        is_untouched "$file" && continue
        echo "You had changed $file, and the update deleted it: before you commit, take what you need of it from" \
            "git show HEAD:./$file"
        failed=1
    done < "$former/deleted"

    conflicting=$(conflicts)
    if test -n "$conflicting"; then
        printf 'Mend the conflicts, where both sides changed the same lines:\n%s\n' "$conflicting"
        exit 1
    fi
    "$uv" sync --quiet || failed=1
    exit "$failed"
}
