"""Constants of the pages in one language, computed when a template is compiled: messages and addresses.

A page uses a hundred of them; computing them each time took a fifth of the time it is rendered in.
"""

from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from django.conf import settings
from django.utils import translation
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from conflict.wording.messages import language, one_language


class TemplateConstants(NodeTransformer):
    """Puts in place of each call of these functions with constants alone what it returns in a language."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], spoken: str) -> None:
        self.functions = functions
        self.spoken = spoken

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # as Jinja2 names it
        self.generic_visit(node)
        function = self.functions.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        given = [one.value for one in node.args if isinstance(one, nodes.Const)]
        if function is None or len(given) < len(node.args) or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        with translation.override(self.spoken), one_language():
            value = function(*given)
        constant = nodes.Const(str(value), lineno=node.lineno)
        return nodes.MarkSafe(constant, lineno=node.lineno) if hasattr(value, "__html__") else constant


class LanguageEnvironment(jinja2.Environment):
    """Environment with one of itself for each language; a template is that of the language in which it is asked for."""

    spoken: str | None = None
    constant: Mapping[str, Callable[..., Any]] = {}

    def get_template(self, name: Any, *arguments: Any, **named: Any) -> jinja2.Template:
        own = self.in_language(language() or settings.LANGUAGE_CODE) if self.spoken is None else self
        found: jinja2.Template = jinja2.Environment.get_template(own, name, *arguments, **named)
        return found

    def in_language(self, spoken: str) -> "LanguageEnvironment":
        made: dict[str, LanguageEnvironment] = self.__dict__.setdefault("by_language", {})
        if spoken not in made:
            made[spoken] = self.overlay(cache_size=-1)  # with the same filters, functions and loader
            made[spoken].spoken = spoken
        return made[spoken]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.spoken is not None:
            TemplateConstants(self.constant, self.spoken).visit(tree)  # changes it in place
        return tree
