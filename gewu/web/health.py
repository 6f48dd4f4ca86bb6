"""`/healthz`: can this process take a report now? For load balancers, `gewu serve` and people who watch it."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the store answers and knows every migration of this program, else 503 with the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        state = "ok" if _is_migrated() else "migrations_missing"
    except (DatabaseError, InterfaceError):
        state = "database_unreachable"
    return JsonResponse({"state": state}, status=200 if state == "ok" else 503)


_migrated = False


def _is_migrated() -> bool:
    """Looked up until it is so once: a running program cannot lose its tables' shape."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated
