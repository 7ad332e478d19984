"""Tables of the product. Importing this package registers every table with SQLModel's metadata."""

from app.models import (  # noqa: F401
    account,
    adherence,
    care_link,
    consent,
    draft,
    entry,
    interaction,
    journal,
    medicine,
    one_time_code,
    outbox,
    patient,
    professional,
    session,
    submission,
    throttle,
    tolerance,
    treatment,
)
