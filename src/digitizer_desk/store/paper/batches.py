# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of paper: opened before the first sheet moves, closed once with exactly one named outcome.

Apart from the pages because a batch without any page is a fact too, and because the count must be provable long after
the paper has gone back to the citizen (R13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from digitizer_desk.dossier.batch import FAULT, Batch, Half, Stack, StackState, Turned, named
from digitizer_desk.errors import error
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.sql.codec import canonical
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import batches, components, page_versions, pages, recounts, stacks
from digitizer_desk.store.sql.values import By, batch_of, who

INTERRUPTED = "scanner.interrupted"


class Batches:
    """The batches of one cabinet. Any thread."""

    def __init__(self, database: Database, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    def open(
        self,
        component_id: str,
        by: By,
        *,
        work_type: str,
        once: bool,
        source: str,
        dpi: int,
        half: Half = Half.NONE,
        stack: str = "",
    ) -> Batch:
        """Note that a batch begins; what was declared and kept by then is noted with it.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(components.c.declared).where(components.c.id == component_id)).first()
            if row is None:
                raise error("dossier.unknown", "no such component", code="")
            had = select(func.count()).where(pages.c.component_id == component_id, pages.c.position.is_not(None))
            batch = Batch(
                id=uuid4().hex,
                number=(connection.scalar(select(func.max(batches.c.number))) or 0) + 1,
                opened_at=self._clock(),
                work_type=work_type,
                once=once,
                source=source,
                declared=row.declared,
                had=connection.scalar(had) or 0,
                half=half,
                stack=stack,
            )
            values = {
                "id": batch.id,
                "number": batch.number,
                "component_id": component_id,
                "opened_at": batch.opened_at,
                "work_type": work_type,
                "once": once,
                "source": source,
                "declared": batch.declared,
                "had": batch.had,
                "half": half.value,
                "stack": stack,
                "outcome": "",
                "kept": 0,
                "evidence": "[]",
            }
            connection.execute(insert(batches).values(**values))
            self._journal.append(
                "batch_opened",
                f"component:{component_id}",
                by,
                batch=batch.id,
                work_type=work_type,
                once=once,
                source=source,
                dpi=dpi,
                declared=batch.declared,
                half=half.value,
            )
            return batch

    def close(self, batch_id: str, outcome: str, kept: int, evidence: Sequence[tuple[str, int]], by: By) -> Batch:
        """Close a batch by its one outcome.

        Raises:
            ValueError: no outcome of ``dossier.batch``.
            DeskError: ``store.conflict`` when it is closed already, ``dossier.unknown``.
        """
        if not named(outcome):
            raise ValueError(f"no outcome: {outcome!r}")
        with self._database.writing() as connection:
            row = connection.execute(select(batches).where(batches.c.id == batch_id)).first()
            if row is None:
                raise error("dossier.unknown", "no such batch", code="")
            if row.outcome:
                raise error("store.conflict", "the batch is closed already")
            values = {
                "outcome": outcome,
                "kept": kept,
                "evidence": canonical([list(pair) for pair in evidence]),
                "closed_at": self._clock(),
            }
            connection.execute(update(batches).where(batches.c.id == batch_id).values(**values))
            said = [f"{kind}:{number}" for kind, number in evidence]
            self._journal.append(
                "batch_closed",
                f"component:{row.component_id}",
                by,
                batch=batch_id,
                outcome=outcome,
                pages=kept,
                declared=row.declared,
                evidence=said,
            )
            return batch_of(connection.execute(select(batches).where(batches.c.id == batch_id)).one())

    def close_interrupted(self) -> int:
        """Name the outcome of batches a cut ended: nobody else is running one when a cabinet is opened."""
        with self._database.reading() as connection:
            left = connection.scalars(select(batches.c.id).where(batches.c.outcome == "")).all()
        for batch_id in left:
            with self._database.reading() as connection:
                of = page_versions.c.batch == batch_id
                kept = connection.scalar(select(func.count()).select_from(page_versions).where(of)) or 0
            self.close(batch_id, FAULT + INTERRUPTED, kept, (), "desk")
        return len(left)

    def count_again(self, component_id: str, sides: int, by: By) -> None:
        """Keep the number of sides the clerk has typed after counting once more. It is what is declared from now on.

        Raises:
            DeskError: ``dossier.unknown``.
        """
        with self._database.writing() as connection:
            of = components.c.id == component_id
            if connection.execute(update(components).where(of).values(declared=sides)).rowcount == 0:
                raise error("dossier.unknown", "no such component", code="")
            after = connection.scalar(select(func.max(batches.c.number)).where(batches.c.component_id == component_id))
            row = {"component_id": component_id, "sides": sides, "after": after or 0, "by": who(by)}
            connection.execute(insert(recounts).values(at=self._clock(), **row))
            self._journal.append("counted_again", f"component:{component_id}", by, sides=sides)

    # stacks turned by hand

    def open_stack(self, component_id: str, turned: Turned, by: By) -> Stack:
        """A new stack of which only the fronts come first. An older one that was left open is given up by it."""
        with self._database.writing() as connection:
            older = (stacks.c.component_id == component_id) & (stacks.c.state == StackState.OPEN.value)
            connection.execute(update(stacks).where(older).values(state=StackState.GIVEN_UP.value))
            stack = Stack(uuid4().hex, turned, StackState.OPEN)
            values = {"id": stack.id, "component_id": component_id, "turned": turned.value, "state": stack.state.value}
            connection.execute(insert(stacks).values(**values))
            self._journal.append("stack_opened", f"component:{component_id}", by, stack=stack.id, turned=turned.value)
            return stack

    def settle_stack(self, component_id: str, state: StackState, by: By) -> None:
        """Say what became of the newest stack of a component.

        Raises:
            DeskError: ``dossier.unknown`` when there is none.
        """
        with self._database.writing() as connection:
            stack_id = _newest_stack(connection, component_id)
            if stack_id is None:
                raise error("dossier.unknown", "no stack", code="")
            connection.execute(update(stacks).where(stacks.c.id == stack_id).values(state=state.value))
            self._journal.append("stack_settled", f"component:{component_id}", by, stack=stack_id, state=state.value)


def _newest_stack(connection: Connection, component_id: str) -> str | None:
    query = select(stacks.c.id).where(stacks.c.component_id == component_id).order_by(stacks.c.number.desc()).limit(1)
    return connection.scalar(query)
