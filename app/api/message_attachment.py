"""Files of the device, added to what is being written (ME-153, ME-155, ME-159, S090 to S101).

The draft is named in a header, and begins with its first file when nothing was typed yet.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from app.api.request import post_route
from app.api.upload import Destination, Told, take_file
from app.authz.actor import Actor
from app.errors import NotFound
from app.i18n.message_attachment import joined_sentence
from app.services.document_upload import Prepared
from app.services.fields import parse_key
from app.services.message_attaching import attach_file, require_room
from app.services.message_input import Typed

DRAFT, CONVERSATION, REPLY_TO, ABOUT = "x-draft", "x-conversation", "x-reply-to", "x-about"


async def attach(request: Request) -> Response:
    """One file, attached to a draft of the sender's."""

    def keep(
        session: Session, actor: Actor, to: Destination, prepared: Prepared, now: datetime
    ) -> Told:
        typed = _typed(request)
        added = attach_file(session, actor, to.owner_id, typed, prepared, now=now)
        return {
            "id": str(added.id),
            "name": added.name,
            "sentence": joined_sentence(added, prepared),
        }

    return await take_file(request, _admit, keep)


def _admit(request: Request, session: Session, actor: Actor, _now: datetime) -> Destination:
    draft_id = parse_key(request.headers.get(DRAFT, ""))
    if draft_id is None:
        raise NotFound("message.draft_not_found")
    room = require_room(session, actor, draft_id, _typed(request))
    return Destination(draft_id, is_of_record=False, room=room, too_heavy="message.too_heavy")


def _typed(request: Request) -> Typed:
    """Where a draft that is not there yet begins."""

    def key(name: str) -> UUID | None:
        return parse_key(request.headers.get(name, ""))

    return Typed(
        conversation_id=key(CONVERSATION), reply_to_id=key(REPLY_TO), about_patient_id=key(ABOUT)
    )


routes = [post_route("/api/messages/attachments", attach)]
