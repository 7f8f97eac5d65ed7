"""Creates, reads and lists rows by a generated client, without losing a value."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from client import Client
from client.api.examinations import create_examination, get_examination, list_examinations
from client.api.loans import create_loan, get_loan, list_loans
from client.api.sites import create_site, get_site, list_sites
from client.api.specimens import create_specimen, get_specimen, list_specimens
from client.api.visits import create_visit, get_visit, list_visits
from client.models import (
    ExaminationCreate,
    ExaminationCreateProperties,
    ExaminationPage,
    ExaminationRead,
    LoanCreate,
    LoanPage,
    LoanPurpose,
    LoanRead,
    Problem,
    SiteCreate,
    SitePage,
    SiteRead,
    SpecimenCreate,
    SpecimenPage,
    SpecimenRead,
    SpecimenState,
    VisitCreate,
    VisitPage,
    VisitRead,
    VisitStatus,
)
from client.types import Unset

T = TypeVar("T")
CLIENT = Client(sys.argv[1])
NOON = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)
BATCH = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")


def given(answer: T | Problem | None) -> T:
    """Return what was asked for."""
    assert answer is not None
    assert not isinstance(answer, Problem), answer
    return answer


def kept(
    sent: SiteCreate | SpecimenCreate | ExaminationCreate | LoanCreate | VisitCreate,
    read: SiteRead | SpecimenRead | ExaminationRead | LoanRead | VisitRead,
) -> None:
    """Compare what was sent with what is there."""
    values = sent.to_dict()
    assert values == {name: read.to_dict()[name] for name in values}


def examine(specimen: SpecimenRead) -> None:
    """Send a value of nearly every type."""
    body = ExaminationCreate(
        specimen_id=specimen.id,
        remark="Two\nlines, and an emoji: 🦀",
        summary="a + b = c & d",
        ordinal=2147483647,
        density=0.1 + 0.6,
        hardness=-1.5e-300,
        weight="99999.99",
        value="123456789.125",
        fragile=False,
        fragments=0,
        scanned_at=NOON,
        begun_at=datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
        usual_time="00:00:00",
        exposure="P1DT2H3M4.000005S",
        batch=BATCH,
        properties=ExaminationCreateProperties.from_dict(
            {"": None, "deep": [1, [True, {"a": "b"}]], "text": "x"}
        ),
    )
    made = given(create_examination.sync(client=CLIENT, body=body))
    read = given(get_examination.sync(made.id, client=CLIENT))
    assert (read.scanned_at, read.batch) == (NOON, BATCH)
    assert read.properties.to_dict() == body.properties.to_dict()
    page: ExaminationPage = given(
        list_examinations.sync(
            client=CLIENT,
            ordinal_in=[2147483647, 1],
            density_gte=0.7,
            value="123456789.125",
            fragile=False,
            scanned_at_gte=NOON,
            usual_time="00:00:00",
            exposure_gte="P1DT2H",
            batch_in=[BATCH],
            sort="-value,ordinal",
            limit=1,
        )
    )
    assert page.items == [read]


site = SiteCreate(name="Böhmische Höhle", opens_at="09:30:00", way_there="P14D")
made_site = given(create_site.sync(client=CLIENT, body=site))
kept(site, given(get_site.sync(made_site.id, client=CLIENT)))
sites: SitePage = given(list_sites.sync(client=CLIENT, name=site.name))
assert sites.items == [made_site]

specimen = SpecimenCreate(
    number="A-1",
    series="Ammonites",
    nickname="Ærø",
    position=9999,
    inventory_number=-2147483648,
    contact="ada@example.com",
    curator="grace@example.com",
    website="https://example.com/lamp?a=1&b=%20#c",
    barcode=BATCH,
    state=SpecimenState.VALUE_4,
    found_on=date(2024, 2, 29),
    found_at="23:59:59",
    site_id=made_site.id,
)
made_specimen = given(create_specimen.sync(client=CLIENT, body=specimen))
kept(specimen, given(get_specimen.sync(made_specimen.id, client=CLIENT)))
specimens: SpecimenPage = given(
    list_specimens.sync(
        client=CLIENT,
        state_in=[SpecimenState.VALUE_4, SpecimenState.A],
        nickname_contains="ÆR",
        found_on_gte=date(2024, 2, 29),
        contact="ada@example.com",
    )
)
assert specimens.items == [made_specimen]

examine(made_specimen)

loan = LoanCreate(
    code=None,
    purpose=LoanPurpose.V1_2,
    insured_for="1000000.00",
    specimen_ids=[made_specimen.id],
    venue_ids=[made_site.id],
)
made_loan = given(create_loan.sync(client=CLIENT, body=loan))
kept(loan, given(get_loan.sync(made_loan.id, client=CLIENT)))
loans: LoanPage = given(
    list_loans.sync(
        client=CLIENT,
        specimen_id=made_specimen.id,
        code_isnull=True,
        purpose_ne=LoanPurpose.AT_HOME,
    )
)
assert loans.items == [made_loan]

visit = VisitCreate(contact="linus@example.com", begins_at=NOON, site_id=made_site.id)
made_visit = given(create_visit.sync(client=CLIENT, body=visit))
read_visit = given(get_visit.sync(made_visit.id, client=CLIENT))
kept(visit, read_visit)
assert not isinstance(read_visit.status, Unset)
assert (read_visit.title, read_visit.remark) == ("A visit to the museum", "")
assert (read_visit.persons, read_visit.price) == (2, "12.50")
assert read_visit.status is VisitStatus.BOOKED_PAID
visits: VisitPage = given(list_visits.sync(client=CLIENT, begins_at_gte=NOON))
assert visits.items == [made_visit]
