"""Files as they arrive for a record, kept for their form (S090 to S101)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.api.acting import actor_of
from app.api.request import post_route
from app.api.upload import Destination, Told, take_file, told
from app.authz.actor import Actor
from app.db import unit_of_work
from app.errors import AppError, NotFound
from app.i18n.document_upload import FORMAT_LABELS, notices, ready_sentence
from app.i18n.format import file_size
from app.services import document_upload
from app.services.document_upload import Prepared
from app.services.fields import parse_key
from app.state.clock import utc_now
from app.state.worker import to_writer

PATIENT = "x-patient"


async def upload(request: Request) -> Response:
    """One file, which waits for its form."""
    return await take_file(request, _admit, _keep)


async def discard(request: Request) -> Response:
    """Forget a file that was sent and not used."""

    def work() -> None:
        upload_id = parse_key(request.path_params["upload_id"])
        if upload_id is None:
            raise NotFound("document.upload_gone")
        now = utc_now()
        with unit_of_work() as session:
            actor = actor_of(request, session, now=now)
            document_upload.discard_upload(session, actor, upload_id, now=now)

    try:
        await to_writer(work)
    except AppError as failure:
        return told(failure)
    return Response(status_code=204)


def _admit(request: Request, session: Session, actor: Actor, now: datetime) -> Destination:
    patient_id = _patient_of(request, actor)
    document_upload.require_room(session, actor, patient_id, now=now)
    return Destination(patient_id)


def _patient_of(request: Request, actor: Actor) -> UUID:
    """Whose record: the one named, or one's own."""
    if actor.is_patient and actor.patient_id is not None:
        return actor.patient_id
    patient_id = parse_key(request.headers.get(PATIENT, ""))
    if patient_id is None:
        raise NotFound("patient.not_found")
    return patient_id


def _keep(
    session: Session, actor: Actor, to: Destination, prepared: Prepared, now: datetime
) -> Told:
    kept = document_upload.keep_upload(session, actor, to.owner_id, prepared, now=now)
    return {
        "id": str(kept.id),
        "name": kept.name,
        "format": FORMAT_LABELS[kept.format],
        "size": file_size(kept.byte_size),
        "sentence": ready_sentence(kept),
        "notices": notices(kept),
        "is_duplicate": kept.is_duplicate,
    }


routes = [
    post_route("/api/documents/uploads", upload),
    post_route("/api/documents/uploads/{upload_id}/discard", discard),
]
