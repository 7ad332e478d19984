"""Health mail of the demonstration: mails from outside, read and filed as those of a real mailbox (S113).

Whoever writes is invented, and so is their hospital.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor, system
from app.db import keyring_of
from app.integrations.document_store import get_store
from app.integrations.health_mail_mime import parse_mail, read_envelope
from app.models.document import FileFormat
from app.models.health_mail import HealthMailReceipt, MailReason
from app.models.message import Message
from app.seeds.demo_archive import Archived, make_archive
from app.seeds.demo_calendar import PARIS, Calendar, key_of
from app.seeds.demo_paper import Sheet, make
from app.services import (
    health_mail,
    health_mail_delivery,
    health_mail_failure,
    health_mail_file,
    health_mail_filing,
    health_mail_inbox,
    health_mail_receipt,
    stored_file,
)
from app.services.conversation_reading import open_conversation
from app.services.health_mail_delivery import Due
from app.services.health_mail_receipt import Incoming
from app.services.message_input import Typed
from app.services.message_send import send

_HOSPITAL = "hopital-des-saules.mssante.example"
_DOCTOR = f"Dr Paul Guérin <paul.guerin@{_HOSPITAL}>"
_IMAGING = f"Imagerie de l’Hôpital des Saules <imagerie@{_HOSPITAL}>"
_STRANGER = "resultats@laboratoire-de-biologie-des-trois-rivieres.example"
_NOBODY = "264117919100254"
_TOO_LARGE = 31 * 1024**2
_SHORTLY, _LATELY = timedelta(minutes=25), timedelta(minutes=50)


@dataclass(frozen=True)
class _Written:
    """A mail as somebody outside writes it. `to`: before the @, when it is not for Jeanne."""

    sender: str
    subject: str
    text: str
    to: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    answers: str = ""
    wants_receipt: bool = False


_LETTER = _Written(
    _DOCTOR,
    "Votre ostéodensitométrie",
    "Bonjour Madame Besson,\n\nVoici le compte rendu de votre ostéodensitométrie. La densité de vos os est "
    "un peu basse, ce qui est fréquent sous létrozole, et n’a rien d’alarmant. Votre médecin traitant vous "
    "prescrira de la vitamine D ; un contrôle dans deux ans suffit.\n\nVous pouvez me répondre ici.\n\n"
    "Dr Paul Guérin\nRhumatologie, Hôpital des Saules",
    wants_receipt=True,
)
_QUESTION = (
    "Bonjour docteur,\n\nMerci pour ces explications. Je prends déjà du calcium vendu sans ordonnance, 500 "
    "mg le soir. Dois-je l’arrêter ?\n\nJeanne Besson"
)
_ANSWER = (
    "Bonjour Madame,\n\nGardez-le, le soir c’est très bien : il faut seulement quatre heures d’écart avec la "
    "lévothyroxine. Je l’écris à la Dre Martin.\n\nDr Paul Guérin"
)
_ARCHIVE = _Written(
    _IMAGING,
    "XDM/1.0/DDM+Votre radiographie du rachis",
    "Madame,\n\nLes documents de votre radiographie sont dans l’archive jointe. Vous pouvez enregistrer ceux "
    "que vous voulez garder.\n\nSecrétariat d’imagerie, Hôpital des Saules",
)
_LETTER_SHEET = Sheet(
    "Hôpital des Saules",
    "Rhumatologie, 7 rue des Saules, 79200 Parthenay",
    "Mme LEFÈVRE Jeanne, née le 04/06/1958",
    "Compte rendu d’ostéodensitométrie",
    (
        "# Résultat",
        "Rachis lombaire\tT-score –1,6\t> –1,0",
        "Col du fémur\tT-score –1,3\t> –1,0",
        "# Conclusion",
        "Ostéopénie modérée sous létrozole. Vitamine D, marche régulière.",
        "Contrôle dans deux ans.",
    ),
)
_RADIOGRAPHY_SHEET = Sheet(
    "Hôpital des Saules",
    "Imagerie médicale, 7 rue des Saules, 79200 Parthenay",
    "Mme LEFÈVRE Jeanne, née le 04/06/1958",
    "Radiographie du rachis lombaire",
    ("# Résultat", "Pas de tassement vertébral.", "Discrète arthrose des deux derniers étages."),
)
_ADVICE = (
    "Aucune précaution particulière après une radiographie.\nGardez vos images pour comparer.\n"
)
_IMAGES = (
    "Bonjour, faut-il que j’apporte les images à ma consultation de rhumatologie ?\n\nJeanne Besson"
)

# What waits: how many days ago it came, and why, where reading it again would not tell.
_WAITING = (
    (6, _Written(_IMAGING, "Vos images", "Les images de votre examen."), MailReason.TOO_LARGE),
    (
        3,
        _Written(_DOCTOR, "Votre rendez-vous", "Il est avancé à 9 h.", to=_NOBODY),
        MailReason.UNKNOWN_RECIPIENT,
    ),
    (
        2,
        _Written(f"Résultats <{_STRANGER}>", "Vos résultats", "Ils sont disponibles."),
        MailReason.UNKNOWN_SENDER,
    ),
    (
        1,
        _Written(f"{_DOCTOR}, {_IMAGING}", "Suite de l’examen", "Voir la pièce jointe."),
        MailReason.SENDER_AMBIGUOUS,
    ),
    (
        0,
        _Written(
            _DOCTOR,
            "Votre contrôle dans deux ans",
            "Bonjour Madame Besson,\n\nVotre prochaine ostéodensitométrie est notée chez nous. Le "
            "secrétariat vous écrira deux mois avant.\n\nDr Paul Guérin",
        ),
        MailReason.FAULT,
    ),
)


def add_demo_health_mail(session: Session, calendar: Calendar, own: Actor) -> None:
    """Two conversations of the patient with a hospital, and what waits for an administrator.

    Nothing where patients have no secure address, or where this hospital may not write.
    """
    address = health_mail.own_address(session, own)
    if address is None or not health_mail.is_allowed_sender(f"x@{_HOSPITAL}"):
        return
    inbox = _Inbox(session, calendar, own, address)
    inbox.exchange_with_doctor()
    inbox.receive_archive()
    for days, written, reason in _WAITING:
        inbox.keep(days, written, reason)
    inbox.end_look()


class _Inbox:
    """The mailbox of the portal, mail after mail."""

    def __init__(self, session: Session, calendar: Calendar, own: Actor, address: str) -> None:
        self.session, self.calendar, self.own, self.address = session, calendar, own, address
        self.robot = system("health_mail")
        self.keyring, self.store = keyring_of(session), get_store()
        self.count = 0

    def exchange_with_doctor(self) -> None:
        """A letter, a question that left, its answer."""
        letter = make(_LETTER_SHEET, FileFormat.PDF).content
        files = (("Compte rendu d’ostéodensitométrie.pdf", letter),)
        message_id = self._receive(replace(_LETTER, files=files), self.calendar.at(24, minutes=430))
        due = self._reply(message_id, _QUESTION, self.calendar.at(23, minutes=95))
        sent_at = self.calendar.at(23, minutes=96)
        health_mail_delivery.mark_sent(self.session, self.robot, due.id, now=sent_at)
        answer = replace(
            _LETTER,
            subject=f"Re: {_LETTER.subject}",
            text=_ANSWER,
            answers=due.mail_id,
            wants_receipt=False,
        )
        self._receive(answer, self.calendar.at(22, minutes=505))

    def receive_archive(self) -> None:
        """Documents to file by hand, and an answer that did not arrive."""
        at = self.calendar.at(12, minutes=260)
        archive = make_archive(
            (
                Archived(
                    "DOC0001.PDF",
                    "Radiographie du rachis lombaire",
                    "18748-4",
                    "application/pdf",
                    make(_RADIOGRAPHY_SHEET, FileFormat.PDF).content,
                ),
                Archived(
                    "DOC0002.TXT",
                    "Conseils après la radiographie",
                    "11506-3",
                    "text/plain",
                    _ADVICE.encode(),
                ),
                Archived(
                    "DOC0003.XML",
                    "Compte rendu structuré, pour les logiciels",
                    "18748-4",
                    "text/xml",
                    b'<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
                ),
            ),
            at.astimezone(PARIS).date(),
        )
        message_id = self._receive(replace(_ARCHIVE, files=(("IHE_XDM.ZIP", archive),)), at)
        due = self._reply(message_id, _IMAGES, self.calendar.at(11, minutes=40))
        at = self.calendar.at(11, minutes=41)
        health_mail_failure.fail(
            self.session, self.robot, due.id, "health_mail.mailbox_closed", now=at
        )
        self._read(message_id, at + _SHORTLY)

    def keep(self, days: int, written: _Written, reason: MailReason) -> None:
        """A mail in quarantine; of one that is too large, what it weighs and nothing else."""
        now = self.calendar.now
        at = self.calendar.at(days, minutes=75) if days else now - _LATELY
        raw, sealed = self._raw(written, at), None
        is_whole = reason is not MailReason.TOO_LARGE
        incoming = Incoming(
            recipient=f"{written.to}@{self.domain}" if written.to else self.address,
            envelope=read_envelope(raw),
            digest=health_mail_receipt.raw_digest(raw),
            byte_size=len(raw) if is_whole else _TOO_LARGE,
            receipt_id=self._key(),
        )
        if is_whole:
            sealed = health_mail_file.seal_as_it_came(self.keyring, incoming.receipt_id, raw)
            stored_file.write_sealed(self.store, sealed)
        health_mail_receipt.quarantine(self.session, self.robot, incoming, reason, sealed, now=at)

    def end_look(self) -> None:
        """The last look went well, when the last mail came."""
        at = self.calendar.now - _LATELY
        health_mail_inbox.claim_look(self.session, self.robot, now=at)
        health_mail_inbox.end_look(self.session, self.robot, now=at)

    def _receive(self, written: _Written, at: datetime) -> UUID:
        """File a mail, and have it read soon after; returns the message it became."""
        raw = self._raw(written, at)
        mail = parse_mail(raw)
        incoming = Incoming(self.address, mail.envelope, mail.digest, len(raw), self._key())
        files = health_mail_file.seal_files(self.keyring, None, incoming.receipt_id, mail)
        for each in files:
            stored_file.write_sealed(self.store, each.sealed)
        is_filed = health_mail_filing.file_mail(
            self.session, self.robot, mail, incoming, files, now=at
        )
        message_id = self.session.get_one(HealthMailReceipt, incoming.receipt_id).message_id
        assert is_filed
        assert message_id is not None
        self._read(message_id, at + _SHORTLY)
        return message_id

    def _read(self, message_id: UUID, at: datetime) -> None:
        open_conversation(self.session, self.own, self._conversation_of(message_id), now=at)

    def _reply(self, message_id: UUID, text: str, at: datetime) -> Due:
        typed = Typed(
            text=text,
            conversation_id=self._conversation_of(message_id),
            reply_to_id=message_id,
        )
        send(self.session, self.own, self._key(), typed, now=at)
        (due,) = health_mail_delivery.claim_due(self.session, self.robot, now=at)
        return due

    def _conversation_of(self, message_id: UUID) -> UUID:
        return self.session.get_one(Message, message_id).conversation_id

    def _raw(self, written: _Written, at: datetime) -> bytes:
        """The mail as it travels (RFC 5322)."""
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["Subject"] = written.sender, written.subject
        mail["To"] = f"{written.to}@{self.domain}" if written.to else self.address
        mail["Date"] = format_datetime(at.astimezone(PARIS))
        mail["Message-ID"] = f"<{self.count + 1}@{_HOSPITAL}>"
        if written.answers:
            mail["In-Reply-To"] = written.answers
        if written.wants_receipt:
            mail["Disposition-Notification-To"] = written.sender
        mail.set_content(written.text)
        for name, content in written.files:
            mail.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        if written.files:
            mail.set_boundary("demonstration")
        return mail.as_bytes()

    @property
    def domain(self) -> str:
        """Of the secure addresses here."""
        return self.address.rpartition("@")[2]

    def _key(self) -> UUID:
        self.count += 1
        return key_of(self.count, "health mail")
