# Takes over improvements of the template, and fails if anything is left for you to do.
# The verb `update` calls it, with what was given to it. `--delete-edited` is its own: go on although
# files go that you have edited.

uv=${UV:-uv}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run_copier() {
    "$uv" tool run "copier>=9.19.1,<10" "$@"
}

# Writes the project into a folder as the template has it, without your edits.
render() {
    folder=$1
    shift
    mkdir "$folder" && cp .copier-answers.yml "$folder" || return
    run_copier recopy --defaults --overwrite --quiet "$@" "$folder"
}

# True if the file is as the former version of the template wrote it.
is_untouched() {
    test "$(git rev-parse "HEAD:./$1")" = "$(git hash-object --path="$1" "$work/former/$1" 2> /dev/null)"
}

# The files that the new version has no more, although you have edited them.
losses() {
    git -c core.quotePath=off ls-files | while read -r file; do
        test -e "$work/former/$file" && ! test -e "$work/future/$file" || continue
        is_untouched "$file" || echo "$file"
    done
}

conflicts() {
    {
        git -c core.quotePath=off diff --name-only --diff-filter=U --relative
        git grep --untracked --name-only '^<<<<<<< before updating'
        git ls-files --others --exclude-standard '*.rej'
    } | sort -u
}

# In braces, so that the shell reads all of it first: the update may write this very file.
{
    if test -n "$(git status --porcelain -- .)"; then
        echo "Commit or stash your changes first: an update is a change of its own."
        exit 1
    fi
    go_on=
    for word; do
        shift
        if test "$word" = --delete-edited; then go_on=yes; else set -- "$@" "$word"; fi
    done

    render "$work/former" --vcs-ref=:current: &
    former=$!
    render "$work/future" "$@"
    failed=$?
    wait "$former" && test "$failed" = 0 || exit 1
    lost=$(losses)
    if test -n "$lost" && test -z "$go_on"; then
        printf 'Nothing is changed: the update would delete what you have edited. To go on, add --delete-edited:\n%s\n' "$lost"
        exit 1
    fi
    run_copier update --defaults "$@"
    failed=$?

    git -c core.quotePath=off ls-files --deleted --deduplicate > "$work/deleted"
    sed 's/^/Deleted by the update: /' "$work/deleted"
    while read -r file; do
        is_untouched "$file" && continue
        echo "You had changed $file, and the update deleted it: before you commit, take what you need of it from" \
            "git show HEAD:./$file"
        test -n "$go_on" || failed=1
    done < "$work/deleted"

    conflicting=$(conflicts)
    if test -n "$conflicting"; then
        printf 'Mend the conflicts, where both sides changed the same lines:\n%s\n' "$conflicting"
        exit 1
    fi
    "$uv" sync --quiet || failed=1
    exit "$failed"
}
