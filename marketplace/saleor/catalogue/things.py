"""The mapping's rows as the catalogue writes them: written before a thing is asked for, filled in after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When

from marketplace.saleor.models import Installation, SaleorObject

Kind = SaleorObject.Kind
PROBLEM_CHARACTERS_MAX = 500


def expect(
    installation: Installation, kind: Kind, our_id: object, *, photo_of: int | None = None
) -> tuple[SaleorObject, bool]:
    """The row of a thing, and whether it was there before: then it may have been asked for by a run that died."""
    row, is_new = SaleorObject.objects.get_or_create(
        installation=installation, kind=kind, our_id=str(our_id), defaults={"photo_of": photo_of}
    )
    return row, not is_new


def expect_all(installation: Installation, kind: Kind, our_ids: Collection[object]) -> None:
    """Rows for those of these things that have none."""
    SaleorObject.objects.bulk_create(
        [SaleorObject(installation=installation, kind=kind, our_id=str(one)) for one in our_ids],
        ignore_conflicts=True,
    )


def keep(installation: Installation, kind: Kind, our_id: object, saleor_id: str) -> None:
    """Write down which thing there is ours; another of ours that was it before is so no more."""
    with transaction.atomic():
        own = SaleorObject.objects.filter(installation=installation, kind=kind)
        own.filter(saleor_id=saleor_id).exclude(our_id=str(our_id)).update(saleor_id="", said="")
        own.update_or_create(
            our_id=str(our_id),
            defaults={"saleor_id": saleor_id},
            create_defaults={"installation": installation, "kind": kind, "saleor_id": saleor_id},
        )


def keep_all(installation: Installation, kind: Kind, pairs: Iterable[tuple[object, str]]) -> None:
    """`keep` for many that were just made or found, skipping those that are known so."""
    wanted = {str(our_id): saleor_id for our_id, saleor_id in pairs}
    own = SaleorObject.objects.filter(installation=installation, kind=kind, our_id__in=list(wanted))
    known = dict(own.values_list("our_id", "saleor_id"))
    with transaction.atomic():
        for our_id, saleor_id in wanted.items():
            if known.get(our_id) != saleor_id:
                keep(installation, kind, our_id, saleor_id)


def rows_of(installation: Installation, kind: Kind, our_ids: Collection[object]) -> dict[str, SaleorObject]:
    """The rows of these things, by our id."""
    own = SaleorObject.objects.filter(installation=installation, kind=kind, our_id__in=[str(one) for one in our_ids])
    return {row.our_id: row for row in own}


def said(row: SaleorObject, *, digest: str, now: datetime) -> None:
    """Write down that a thing there now says this, whole and without a refusal."""
    SaleorObject.objects.filter(pk=row.pk).update(said=digest, said_at=now, problem="")


def refused(row: SaleorObject, problem: str) -> None:
    """Write down what Saleor refused of a thing; said is what it said before, so that a change is tried anew."""
    row.problem = problem[:PROBLEM_CHARACTERS_MAX]
    SaleorObject.objects.filter(pk=row.pk).update(problem=row.problem)


def want(rows: QuerySet[SaleorObject], *, now: datetime, **more: str) -> int:
    """Make these rows due, and set `more` of them; one statement. Returns how many.

    What is due already keeps its place in the line; what was put off is tried at once, since it is another thing now.
    """
    since = Case(When(due_at__lte=now, then=F("due_at")), default=Value(now), output_field=DateTimeField())
    return rows.update(due_at=since, wanted=F("wanted") + 1, **more)


def settle(rows: Sequence[SaleorObject], *, due_at: datetime | None) -> None:
    """These rows, as they were read, are done (null) or due again from then on; not those that were wanted since."""
    as_read = reduce(or_, (Q(pk=row.pk, wanted=row.wanted) for row in rows))
    SaleorObject.objects.filter(as_read).update(due_at=due_at)
