"""Health mails as senders write them, for the tests."""

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

DOMAIN = "patient.liane.example"
SENDER = "dr.roux@medecins.example"
TO = f"285057900608557@{DOMAIN}"
_TYPE_SCHEME = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"


def mail(
    text: str = "Bonjour,\nvos résultats sont bons.",
    *,
    sender: str = f"Dr Jeanne Roux <{SENDER}>",
    to: str = TO,
    subject: str = "Vos résultats",
    mail_id: str = "<1@medecins.example>",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """One mail as bytes. `headers`: `In_Reply_To` for In-Reply-To."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    if mail_id:
        message["Message-ID"] = mail_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def failure_report(
    mail_id: str,
    told: str = "Action: failed\r\nStatus: 5.1.1",
    *,
    sender: str = "MAILER-DAEMON@medecins.example",
) -> bytes:
    """What a server writes of a mail of ours it could not deliver (RFC 3464). `mail_id`: '' names none."""
    original = f"Message-ID: {mail_id}\r\n" if mail_id else "Subject: x\r\n"
    return (
        f"From: {sender}\r\nTo: {TO}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nperdu\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        f"Final-Recipient: rfc822;{SENDER}\r\n{told}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}--b--\r\n"
    ).encode()


def xdm(
    documents: dict[str, bytes] | None = None,
    *,
    metadata: str = "",
    others: tuple[tuple[zipfile.ZipInfo | str, bytes], ...] = (),
) -> bytes:
    """An archive with these documents, as the national software writes it (FB-13)."""
    documents = {"DOC0001.PDF": b"%PDF-1.4 letter"} if documents is None else documents
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.TXT", b"XDM")
        archive.writestr("INDEX.HTM", b"<html></html>")
        archive.writestr("IHE_XDM/SUBSET01/METADATA.XML", metadata or metadata_of(*documents))
        for name, content in documents.items():
            archive.writestr(f"IHE_XDM/SUBSET01/{name}", content)
        for name, content in others:
            archive.writestr(name, content)
    return packed.getvalue()


def metadata_of(*names: str) -> str:
    """The description of these documents."""
    objects = "".join(
        f'<rim:ExtrinsicObject id="{name}" mimeType="application/pdf">'
        f'<rim:Slot name="URI"><rim:ValueList><rim:Value>{name}</rim:Value></rim:ValueList></rim:Slot>'
        '<rim:Slot name="creationTime"><rim:ValueList><rim:Value>20260301101500</rim:Value>'
        "</rim:ValueList></rim:Slot>"
        f'<rim:Name><rim:LocalizedString value="Compte rendu {name}"/></rim:Name>'
        f'<rim:Classification classificationScheme="{_TYPE_SCHEME}" nodeRepresentation="11488-4"/>'
        "</rim:ExtrinsicObject>"
        for name in names
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
        'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList>'
        f"{objects}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    )
