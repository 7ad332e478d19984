"""The help centre: chapters by role, in the words of the screens (U-26, MM-02)."""

from app.i18n.help.administration import SHELF as ADMINISTRATION
from app.i18n.help.block import Chapter, Shelf
from app.i18n.help.documents import SHELF as DOCUMENTS
from app.i18n.help.everybody import SHELF as EVERYBODY
from app.i18n.help.follow_up import SHELF as FOLLOW_UP
from app.i18n.help.messaging import SHELF as MESSAGING
from app.i18n.help.patient import SHELF as PATIENT
from app.i18n.help.pro_sante_connect import SHELF as PRO_SANTE_CONNECT
from app.i18n.help.registration import SHELF as REGISTRATION
from app.i18n.help.team import SHELF as TEAM

SHELVES: tuple[Shelf, ...] = (
    EVERYBODY,
    REGISTRATION,
    PRO_SANTE_CONNECT,
    FOLLOW_UP,
    TEAM,
    DOCUMENTS,
    MESSAGING,
    PATIENT,
    ADMINISTRATION,
)
CHAPTERS: dict[str, Chapter] = {
    chapter.key: chapter for shelf in SHELVES for chapter in shelf.chapters
}
