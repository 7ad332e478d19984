"""Parameters of the instance on the screen, with what the last post of the form left to say (DM-23)."""

from app.i18n import instance as words
from app.i18n.messages import sentence
from app.services.form_reply import read_reply
from app.services.instance import read_instance
from app.state.base import AppState, Audience, event
from app.state.clock import utc_now
from app.state.form import new_key

FORM = "instance"
PAGE = "/admin/parametres"


class InstanceState(AppState):
    """Name, place, contact, logo."""

    name: str = ""
    place: str = ""
    contact: str = ""
    logo: str = ""
    version: str = ""
    origin: str = ""
    form_key: str = ""
    saved: str = ""

    @event(Audience.ADMINISTRATOR)
    async def load(self) -> None:
        """Show what is in force, or what was typed when it could not be kept."""
        self.page_status = "loading"
        found = await self._look_up(read_instance)
        if found is None:
            return
        self.name, self.place, self.contact = found.name, found.place, found.contact_email
        self.logo = f"/instance/logo?v={found.logo_digest}" if found.logo_digest else ""
        self.version = str(found.version)
        self.origin = "" if found.version else words.FROM_SETTINGS
        self.saved, self.form_key = "", new_key()
        reply = await self._look_up(read_reply, FORM, now=utc_now())
        if reply is not None:
            typed = reply.context
            self.saved = words.SAVED if typed.get("saved") else ""
            if reply.faults:
                self.name, self.place = typed.get("name", ""), typed.get("place", "")
                self.contact = typed.get("contact_email", "")
            self.field_errors = {
                name: sentence(code) for name, code in reply.faults.items() if name
            }
            self.error = sentence(reply.faults[""]) if "" in reply.faults else ""
        self.page_status = "ready"
