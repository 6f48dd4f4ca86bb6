"""Whether what is named as wrong stands in the body that was sent: judged by the type of the body alone."""

from __future__ import annotations

from typing import Any

from msgspec import inspect


def untrue(problem: dict[str, Any], kept: type | None) -> list[str]:
    """The JSON pointers of a refusal that lead nowhere in a body of this type."""
    if kept is None:
        return []
    pointers = [fault["pointer"] for fault in problem.get("errors", ())]
    return [
        one
        for one in pointers
        if one and not _leads(one.removeprefix("/").split("/"), inspect.type_info(kept))
    ]


def _leads(parts: list[str], kind: Any) -> bool:
    if not parts or isinstance(kind, inspect.AnyType):
        return True
    if isinstance(kind, inspect.StructType):
        found = {field.encode_name: field.type for field in kind.fields}
        return parts[0] in found and _leads(parts[1:], found[parts[0]])
    if isinstance(kind, inspect.UnionType):
        return any(_leads(parts, one) for one in kind.types)
    if isinstance(kind, inspect.DictType):
        return _leads(parts[1:], kind.value_type)
    if isinstance(kind, inspect.TupleType):
        return parts[0].isdigit() and _leads(parts[1:], kind.item_types[int(parts[0])])
    return isinstance(kind, inspect.ListType) and parts[0].isdigit() and _leads(parts[1:], kind.item_type)
