"""Renders combinations in this process, with Copier's own code and a shared Jinja environment.

The stock command starts git for each file and compiles each string anew; neither changes what it
writes, but for the secret: Jinja draws it when it compiles, so that all copies of one process share
it. A test holds the output equal to that of the command line.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from copier._jinja_ext import SandboxedEnvironment, get_yield_context
from copier._main import Worker
from copier._template import Template
from jinja2 import Template as JinjaTemplate
from plumbum import local

from tests.support import shared_template
from tests.support.questions import ROOT


def render(answers: Mapping[str, Any], target: Path, source: Path = ROOT) -> Path:
    """Copy the template with these answers, and the defaults for the others, to `target`.

    Never trusted: a template that asks for it fails to render.
    """
    _copy(answers, target, source)
    return target


def ask(answers: Mapping[str, Any], target: Path, source: Path = ROOT) -> dict[str, Any]:
    """All answers, if these are given and the others are the defaults; nothing is rendered."""
    return dict(_copy(answers, target, source, exclude=["*"]).answers.combined)


def _copy(answers: Mapping[str, Any], target: Path, source: Path, **options: Any) -> Worker:
    worker = _Worker(
        src_path=str(source),
        dst_path=target,
        data=dict(answers),
        defaults=True,
        quiet=True,
        unsafe=False,
        **options,
    )
    with local.env(PATH=""), redirect_stderr(io.StringIO()), worker:
        worker.run_copy()
    return worker


class QuickWorker(Worker):
    """A worker that works out once what Copier works out anew for each part of a path."""

    @cached_property
    def answers_relpath(self) -> Path:
        """Where the answers are kept; it does not change while a project is written."""
        found: Path = super().answers_relpath
        return found

    def _render_template(self) -> None:
        # Once it renders, the answers stand fast: Copier would gather them anew for each path part.
        _ = self.answers_relpath
        self._context = super()._render_context()
        super()._render_template()
        del self._context

    def _render_file(self, *arguments: Any, **options: Any) -> None:
        # A file of a path with `yield`, compiled for another resource, is not compiled again.
        _forget_yield(self.jinja_env)
        super()._render_file(*arguments, **options)

    def _render_context(self) -> dict[str, Any]:
        return dict(getattr(self, "_context", None) or super()._render_context())

    def _sync_git_index_executable_bit(self, *_: Any) -> None:
        """Spare a `git config` for each file: it matters only where git does not see its mode."""


class _Worker(QuickWorker):
    @cached_property
    def template(self) -> Template:
        return _template(self.src_path or "")

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        return _environment(self.src_path or "")


@cache
def _template(source: str) -> Template:
    return Template(url=source)


@cache
def _environment(source: str) -> SandboxedEnvironment:
    environment: SandboxedEnvironment = Worker(src_path=source).jinja_env
    find_file, compile_string = environment.get_template, cache(environment.from_string)

    def get_template(*arguments: Any, **options: Any) -> JinjaTemplate:
        _forget_yield(environment)
        return find_file(*arguments, **options)

    def from_string(*arguments: Any, **options: Any) -> JinjaTemplate:
        _forget_yield(environment)
        return compile_string(*arguments, **options)

    environment.get_template = get_template  # type: ignore[method-assign]
    environment.from_string = from_string  # type: ignore[method-assign]
    return environment


@contextmanager
def quick_copier() -> Iterator[None]:
    """Let Copier do once what it does for each part of a path, each copy and each rendering."""
    import pytest  # which the command that renders with this module does not need

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("copier._main.Worker", QuickWorker)
        patch.setattr(SandboxedEnvironment, "compile", quick_compile())
        patch.setattr("copier._main.Template", shared_template.share)
        patch.setattr("copier._subproject.Template", shared_template.share)
        try:
            yield
        finally:
            shared_template.drop()


@cache
def quick_compile() -> Callable[..., Any]:
    """`Environment.compile`, which compiles the same text once for all environments.

    Where the file is, which differs for each clone of a template, is only told in tracebacks.
    What is random is drawn when it is compiled, so that its text is compiled each time.
    """
    known: dict[tuple[Any, ...], Any] = {}
    slow = SandboxedEnvironment.compile

    def compile_once(
        environment: SandboxedEnvironment,
        source: Any,
        name: str | None = None,
        filename: str | None = None,
        **options: Any,
    ) -> Any:
        if "ans_random" in source:
            return slow(environment, source, name, filename, **options)
        key = (source, name, *sorted(options.items()))
        if key not in known:
            known[key] = slow(environment, source, name, filename, **options)
        _forget_yield(environment)
        return known[key]

    return compile_once


def _forget_yield(environment: SandboxedEnvironment) -> None:
    # Compiling resets this; what was compiled before has to do it too.
    found = get_yield_context(environment)
    found.yield_name = found.yield_iterable = None


def exclusions(answers: Mapping[str, Any], operation: str = "copy") -> list[str]:
    """The lines that the template's `_exclude` renders to, for these answers."""
    worker = _Worker(
        src_path=str(ROOT), data=dict(answers), defaults=True, quiet=True, pretend=True
    )
    with local.env(PATH=""), redirect_stderr(io.StringIO()), worker:
        worker._ask()
        context = {"_copier_operation": operation}
        entries = [worker._render_string(one, context) for one in worker.template.exclude]
    return [line.strip() for entry in entries for line in entry.splitlines() if line.strip()]
