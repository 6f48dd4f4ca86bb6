"""Statements that are written once: reading and writing rows on the paths that every act takes.

Django makes the text of a statement anew each time it runs. For the few statements of an act this takes several times
as long as the store takes to answer them. Here Django makes a text once, from an ordinary query, and from then on
only values are put in. What comes back are ordinary rows; what goes in is stored as `save` stores it.

    RUNNING = Prepared(lambda: Clock.objects.filter(case=Slot("case", ID), stopped_at=None))
    for clock in RUNNING(case=case.pk): ...

Everything else stays with the manager: it reads better, and one query more or less is nowhere else the cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import query as rows_of

Found = TypeVar("Found")

TEXT, ID, DAY, MOMENT = models.CharField(), models.UUIDField(), models.DateField(), models.DateTimeField()


class Slot(models.Value):
    """Where a value is put in later, as a field of this kind stores it."""

    def __init__(self, name: str, kind: models.Field[Any, Any]) -> None:
        super().__init__(None, output_field=kind)
        self.name, self.kind = name, kind

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


class Written(str):
    """The text of a statement that is written once, by Django or by hand; PostgreSQL keeps its plan."""

    __slots__ = ()


@dataclass(frozen=True)
class _Plan:
    """A written statement, where its values go, and how its rows are read."""

    text: Written
    values: tuple[Any, ...]
    slots: tuple[tuple[int, str, _Writer], ...]
    converters: tuple[tuple[int, Callable[..., Any], Any], ...]
    read: Callable[[list[Any]], Any]

    def run(self, store: Any, given: Mapping[str, Any]) -> Iterator[Any]:
        values = list(self.values)
        for place, name, stored in self.slots:
            values[place] = stored(given[name], store)
        with store.cursor() as cursor:
            cursor.execute(self.text, values)
            rows = cursor.fetchall()
        for row in map(list, rows):
            for place, converter, expression in self.converters:
                row[place] = converter(row[place], expression, store)
            yield self.read(row)


class Prepared(Generic[Found]):
    """A query with slots; calling it with a value for each gives the rows it finds.

    `build` is called when the query is first needed, once for each kind of store. Whatever a query says may stand in
    it, but no list of a length that changes, and nothing is fetched ahead (`prefetch_related`).
    """

    def __init__(self, build: Callable[[], models.QuerySet[Any, Found]]) -> None:
        self._build = build
        self._plans: dict[str, _Plan] = {}

    def __call__(self, **given: Any) -> list[Found]:
        return list(self._run(given))

    def first(self, **given: Any) -> Found | None:
        """The first row, or none."""
        return next(self._run(given), None)

    def _run(self, given: Mapping[str, Any]) -> Iterator[Found]:
        store = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(store.vendor)
        if plan is None:  # two threads may write it twice: both write the same
            plan = self._plans[store.vendor] = _planned(self._build())
        return plan.run(store, given)


def _planned(rows: models.QuerySet[Any, Any]) -> _Plan:
    of_rows: Any = rows
    compiler = rows.query.get_compiler(connection=connection)
    text, values = compiler.as_sql()
    plain = of_rows._fields is not None
    if of_rows._prefetch_related_lookups or (compiler.annotation_col_map and not plain):
        raise ImproperlyConfigured("A prepared query gives plain rows or plain values.")
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    return _Plan(
        Written(text),
        tuple(values),
        tuple(
            (place, one.name, _Writer(one.kind)) for place, one in enumerate(values) if isinstance(one, Slot)
        ),
        tuple((place, one, expression) for place, (some, expression) in converters.items() for one in some),
        _values(compiler) if plain else _model(compiler),
    )


def _values(compiler: Any) -> Callable[[list[Any]], Any]:
    return tuple if len(compiler.select) > 1 else lambda row: row[0]


def _model(compiler: Any) -> Callable[[list[Any]], Any]:
    """What `QuerySet` does with a row: the model, and those joined to it."""
    klass = compiler.klass_info
    model, places = klass["model"], klass["select_fields"]
    first, end = places[0], places[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:end]]
    populators: Any = rows_of.get_related_populators
    joined = populators(klass, compiler.select, DEFAULT_DB_ALIAS)

    def read(row: list[Any]) -> Any:
        found = model.from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for one in joined:
            one.populate(row, found)
        return found

    return read


def insert(*rows: models.Model) -> None:
    """New rows of one model, in one statement. Their fields hold all they shall: none fills itself in here."""
    if not rows:
        return
    store = connections[DEFAULT_DB_ALIAS]
    text, columns = _insertion(type(rows[0]), len(rows), store.vendor)
    values = [column.stored(vars(row)[column.attname], store) for row in rows for column in columns]
    with store.cursor() as cursor:
        cursor.execute(text, values)
    for row in rows:
        row._state.adding, row._state.db = False, store.alias


def save(row: models.Model) -> None:
    """A row with all it holds: inserted when it is new, else changed where it stands."""
    if row._state.adding:
        return insert(row)
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return update(row, *names)


def update(row: models.Model, *names: str) -> None:
    """These columns of a row that is there."""
    model: Any = type(row)
    if not change(model, {name: getattr(row, name) for name in names}, {"id": row.pk}):
        raise model.DoesNotExist(f"{model.__name__} {row.pk} is gone.")


def change(model: type[models.Model], values: Mapping[str, Any], where: Mapping[str, Any]) -> int:
    """Set these columns in the rows that have these values; in how many it was done."""
    store = connections[DEFAULT_DB_ALIAS]
    text, columns = _changing(model, tuple(values), tuple(where), store.vendor)
    given = zip(columns, (*values.values(), *where.values()), strict=True)
    with store.cursor() as cursor:
        cursor.execute(text, [column.stored(value, store) for column, value in given])
        return int(cursor.rowcount)


# Fields, and the type of value that both drivers take from them as it is: most of what is written.
_AS_IT_IS: dict[type[Any], type] = {
    models.CharField: str,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.BigIntegerField: int,
    models.FloatField: float,
    models.BinaryField: bytes,
}


class _Writer:
    """How the values of a field are stored: nearly all of them the short way."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.field = field
        while isinstance(field, models.ForeignKey):
            field = field.target_field
        self._kind = _AS_IT_IS.get(type(field))
        if type(field) is models.UUIDField and connection.features.has_native_uuid_field:
            self._kind = UUID
        self._is_id, self._is_moment = (
            type(field) is one for one in (models.UUIDField, models.DateTimeField)
        )

    def __call__(self, value: Any, store: Any) -> Any:
        kind = type(value)
        if value is None or kind is self._kind:
            return value
        if self._is_id and kind is UUID:
            return value.hex
        if self._is_moment and kind is datetime and value.tzinfo is not None:
            return store.ops.adapt_datetimefield_value(value)
        return self.field.get_db_prep_save(value, store)


class _Column:
    """One column of a statement."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.name, self.attname = connection.ops.quote_name(str(field.column)), field.attname
        self.stored = _Writer(field)


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model], rows: int, _vendor: str) -> tuple[Written, list[_Column]]:
    columns = [_Column(field) for field in model._meta.concrete_fields]
    names = ", ".join(column.name for column in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * rows)
    text = f"INSERT INTO {_table(model)} ({names}) VALUES {places}"  # noqa: S608 - a model of ours
    return Written(text), columns


@lru_cache(maxsize=1024)
def _changing(
    model: type[models.Model], values: tuple[str, ...], where: tuple[str, ...], _vendor: str
) -> tuple[Written, list[_Column]]:
    known = {field.attname: field for field in model._meta.concrete_fields}
    columns = [_Column(known[name]) for name in (*values, *where)]
    words = [f"{column.name} = %s" for column in columns]
    setting, condition = ", ".join(words[: len(values)]), " AND ".join(words[len(values) :])
    text = f"UPDATE {_table(model)} SET {setting} WHERE {condition}"  # noqa: S608 - a model of ours
    return Written(text), columns


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
