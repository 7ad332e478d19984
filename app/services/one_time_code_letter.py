"""What a single-use code leaves with: its mail or its SMS, and the mail that says codes are shut."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from app.authz.actor import Actor
from app.models.account import Account
from app.models.one_time_code import CodePurpose
from app.models.outbox import Channel
from app.services import outbox

LIFE = {Channel.EMAIL: timedelta(minutes=10), Channel.SMS: timedelta(minutes=5)}

_FOR = {
    CodePurpose.SIGN_IN: ("Votre code de connexion Liane", "vous connecter"),
    CodePurpose.CONFIRMATION: ("Votre code de confirmation Liane", "confirmer votre identité"),
    CodePurpose.REGISTRATION_EMAIL: (
        "Validez votre adresse e-mail",
        "valider votre adresse e-mail",
    ),
    CodePurpose.REGISTRATION_PHONE: ("Validez votre téléphone", "valider votre téléphone"),
    CodePurpose.CONTRACT: ("Votre code de signature Liane", "signer votre contrat"),
    CodePurpose.EMAIL_ADDRESS: ("Validez votre adresse e-mail", "valider votre adresse e-mail"),
    CodePurpose.PHONE: ("Validez votre téléphone", "valider votre téléphone"),
}
# What a stranger who receives it by mistake should do.
_NOT_ASKED = {
    CodePurpose.SIGN_IN: "Si vous n’avez pas demandé ce code, changez votre mot de passe.",
    CodePurpose.CONFIRMATION: "Si vous n’avez pas demandé ce code, changez votre mot de passe.",
}
_NOTHING_TO_DO = "Si vous n’avez rien demandé, ignorez ce message."


@dataclass(frozen=True)
class Letter:
    """A mail that leaves in the place of a code: whoever asked is told nothing else (S070)."""

    subject: str
    text: str


def warn_closed(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> None:
    """Tell the owner that codes are shut to unknown browsers for a day (S032)."""
    outbox.post_email(
        session,
        to=session.get_one(Account, account_id).email,
        subject="Connexions par code suspendues pendant 24 heures",
        text=(
            "Plusieurs codes faux ont été saisis pour votre compte Liane. Par prudence, la "
            "connexion par code est suspendue pendant 24 heures depuis un appareil inconnu.\n\n"
            "Si ce n’était pas vous, changez votre mot de passe dès votre prochaine connexion."
        ),
        now=now,
    )


def post_code(
    session: Session,
    actor: Actor,
    purpose: CodePurpose,
    channel: Channel,
    to: str,
    digits: str,
    link: str,
    now: datetime,
) -> None:
    """Send a code. `link`: the address that proves as much as it, '' without one (e-mail only)."""
    title, aim = _FOR[purpose]
    minutes = int(LIFE[channel].total_seconds() // 60)
    if channel is Channel.SMS:
        text = (
            f"Liane : {digits} est votre code pour {aim}. Valable {minutes} minutes, ne le donnez à "
            "personne."
        )
        outbox.post_sms(session, to=to, text=text, now=now)
        return
    or_link = f"Ou ouvrez ce lien, valable 24 heures :\n{link}\n\n" if link else ""
    text = (
        f"Votre code à usage unique : {digits}\n\n"
        f"Il sert à {aim}. Il est valable {minutes} minutes et ne sert qu’une fois. Ne le communiquez "
        f"à personne : notre équipe ne vous le demandera jamais.\n\n{or_link}"
        f"{_NOT_ASKED.get(purpose, _NOTHING_TO_DO)}"
    )
    outbox.post_email(session, to=to, subject=title, text=text, now=now)
