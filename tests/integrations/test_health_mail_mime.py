"""Raw health mails, as good and as bad as senders write them (S110 to S113, FB-04, FB-13)."""

import os
import random
import time
from email.message import EmailMessage

import pytest

from app.integrations.health_mail_mime import MAX_RAW, MailRefused, Refusal, parse_mail
from app.integrations.health_mail_text import text_of_html
from tests.mails import SENDER, TO, failure_report, mail

# Each comes back byte for byte.
NAUGHTY = (
    "undefined NULL nil \\N None",
    "1/0 0x0 -9223372036854775808 1e1000 NaN",
    "Ω≈ç√∫˜µ≤≥÷ ¡™£¢∞§¶•ªº–≠ œ∑´®†¥¨ˆøπ“‘",
    "田中さんにあげて下さい 社會科學院語學研究所 울란바토르",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️ 🇫🇷",
    "الكل في المجمو عة",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "'; DROP TABLE patient;-- \" OR 1=1",
    "$HOME {{7*7}} ${jndi:ldap://x} %s %n %x ../../../../etc/passwd",
    "\tretrait et  deux espaces",
    "Ligne un\n\n\nligne quatre",
    "ﷺ ﷽ 𝓽𝓮𝔁𝓽 ₀₁₂ ¹²³ ﬁ",
)


def _raw(*lines: str, body: str = "Bonjour") -> bytes:
    return ("\r\n".join(lines) + f"\r\n\r\n{body}\r\n").encode("utf-8", "surrogateescape")


def _refused(raw: bytes) -> Refusal:
    with pytest.raises(MailRefused) as failure:
        parse_mail(raw)
    return failure.value.reason


class TestReadAMail:
    def test_reads_sender_receiver_subject_text_and_files(self):
        found = parse_mail(mail(files=(("bilan.pdf", b"%PDF-1.4"),), In_Reply_To="<0@here>"))
        assert (found.envelope.sender, found.sender_name) == (SENDER, "Dr Jeanne Roux")
        assert found.envelope.recipients == (TO,)
        assert found.subject == "Vos résultats"
        assert found.text == "Bonjour,\nvos résultats sont bons."
        assert [(each.name, each.content) for each in found.attachments] == [
            ("bilan.pdf", b"%PDF-1.4")
        ]
        assert found.references == ("<0@here>",)
        assert not found.is_fin
        assert not found.is_automatic

    @pytest.mark.parametrize("words", NAUGHTY)
    def test_S110_naughty_words_come_back_byte_for_byte(self, words):
        found = parse_mail(mail(words, subject=words.replace("\n", " ").replace("\t", "")))
        assert found.text == words
        assert found.subject == " ".join(words.split())

    def test_S110_what_steers_a_screen_is_taken_out(self):
        found = parse_mail(
            mail(
                "pai\u202egnp.exe\u202c\u0007\x1b[31m \u2066x\u2069", subject="a\u202eb\u2069\x08c"
            )
        )
        assert found.text == "paignp.exe[31m x"
        assert found.subject == "abc"

    @pytest.mark.parametrize(
        ("subject", "header", "expected"),
        [
            ("[FIN]", "", True),
            ("RE: [fin] merci", "", True),
            ("XDM/1.0/DDM+[FIN] bilan", "", True),
            ("La fin [FIN]", "", False),
            ("Suivi", "FIN", True),
            ("Suivi", "fin ", True),
            ("Suivi", "FINANCE", False),
        ],
    )
    def test_FB04_the_end_by_subject_or_by_header(self, subject, header, expected):
        headers = {"X_MSS_MES": header} if header else {}
        assert parse_mail(mail(subject=subject, **headers)).is_fin is expected

    def test_FB13_the_technical_prefix_is_not_shown(self):
        found = parse_mail(mail(subject="XDM/1.0/DDM+Compte rendu ROUX Léa 01/02/1980"))
        assert found.subject == "Compte rendu ROUX Léa 01/02/1980"

    def test_a_text_in_an_older_alphabet_is_read(self):
        raw = _raw(f"From: {SENDER}", f"To: {TO}", "Content-Type: text/plain; charset=iso-8859-15")
        assert parse_mail(raw + b"\xa4 \xe9t\xe9").text == "Bonjour\n€ été"
        raw = raw.replace(b"iso-8859-15", b"no-such-alphabet")
        assert parse_mail(raw + "été".encode()).text == "Bonjour\nété"
        assert parse_mail(raw + b"\xe9t\xe9").text == "Bonjour\nété"

    def test_same_mail_by_another_way_has_the_same_digest(self):
        first, again = mail(), b"Received: from elsewhere\r\n" + mail()
        assert parse_mail(first).digest == parse_mail(again).digest
        assert parse_mail(mail("autre")).digest != parse_mail(first).digest

    def test_every_receiver_counts_once_wherever_it_is_named(self):
        found = parse_mail(
            mail(
                to=f"{TO}, B <b@patient.liane.example>",
                Cc="b@patient.liane.example",
                X_Original_To=TO,
            )
        )
        assert sorted(found.envelope.recipients) == sorted([TO, "b@patient.liane.example"])


class TestSender:
    """S113: matched by the full address of exactly one From."""

    @pytest.mark.parametrize(
        "lines",
        [
            (),
            (f"From: {SENDER}", "From: evil@evil.example"),
            (f"From: {SENDER}, evil@evil.example",),
            (f"From: {SENDER} <evil@evil.example>",),
            (f"From: <{SENDER}> <evil@evil.example>",),
            (f"From: Groupe: {SENDER};",),
            (f"From: {SENDER}", "Sender: someone@evil.example"),
            ("From: Dr Roux",),
            ("From: dr.rоux@medecins.example",),  # a Cyrillic o
            ("From: @medecins.example",),
            (f"From: {SENDER}\x00",),
        ],
    )
    def test_anything_but_one_plain_address_is_ambiguous(self, lines):
        assert _refused(_raw(*lines, f"To: {TO}")) is Refusal.SENDER_AMBIGUOUS

    def test_the_name_never_says_who_it_is(self):
        found = parse_mail(mail(sender=f'"{SENDER}" <evil@evil.example>'))
        assert (found.envelope.sender, found.sender_name) == ("evil@evil.example", "")

    @pytest.mark.parametrize(
        "headers",
        [
            {"Return_Path": "<bounce@evil.example>"},
            {
                "Authentication_Results": "mx.portail.example; dmarc=fail header.from=medecins.example"
            },
            {"Authentication_Results": "mx.portail.example; spf=softfail"},
        ],
    )
    def test_a_sender_the_server_could_not_prove_is_refused(self, headers):
        assert _refused(mail(**headers)) is Refusal.SENDER_UNPROVEN

    def test_a_proven_sender_is_taken(self):
        found = parse_mail(
            mail(
                Return_Path=f"<{SENDER}>", Authentication_Results="mx.example; dkim=pass; spf=pass"
            )
        )
        assert found.envelope.sender == SENDER


class TestAutomatic:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"Return_Path": "<>"},
            {"List_Id": "<liste.example>"},
        ],
    )
    def test_S113_is_known_as_such(self, headers):
        assert parse_mail(mail(**headers)).is_automatic

    def test_a_human_says_no(self):
        assert not parse_mail(mail(Auto_Submitted="no")).is_automatic

    @pytest.mark.parametrize(
        ("headers", "asker"),
        [
            ({}, SENDER),
            ({"Auto_Submitted": "auto-generated"}, ""),
            ({"Return_Path": "<>"}, ""),
            ({"Disposition_Notification_Options": "x-what=required,y"}, ""),
        ],
    )
    def test_FB08_who_asks_for_a_read_receipt(self, headers, asker):
        asked = f"Dr Roux <{SENDER}>"
        found = parse_mail(mail(Disposition_Notification_To=asked, **headers))
        assert found.notify_to == asker
        two = f"{SENDER}, x@medecins.example"
        assert parse_mail(mail(Disposition_Notification_To=two)).notify_to == ""

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ("Action: failed\r\nStatus: 5.1.1", "health_mail.mailbox_unknown"),
            ("Action: Failed\r\nStatus: 5.2.1 (disabled)", "health_mail.mailbox_closed"),
            ("Action: failed\r\nStatus: 5.1.3", "health_mail.address_refused"),
            ("Action: failed\r\nStatus: 5.3.4", "health_mail.too_large"),
            (
                "Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 552 5.2.2 full",
                "health_mail.mailbox_full",
            ),
            ("Action: failed\r\nStatus: 5.7.1", "health_mail.rejected"),
            ("Action: delayed\r\nStatus: 4.4.1", ""),
            ("Action: delivered\r\nStatus: 2.0.0", ""),
        ],
    )
    def test_FB07_a_report_says_why_or_that_nothing_failed(self, told, code):
        assert parse_mail(failure_report("<sent@here>", told)).failure == code

    def test_FB07_a_server_that_reports_without_an_address_is_heard(self):
        raw = failure_report("<sent@here>", sender="Mail Delivery System <MAILER-DAEMON>")
        found = parse_mail(b"Return-Path: <>\r\n" + raw)
        assert (found.envelope.sender, found.reported_ids) == ("", ("<sent@here>",))

    def test_a_report_names_the_mail_it_is_about(self):
        raw = _raw(
            "From: MAILER-DAEMON@medecins.example",
            f"To: {TO}",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            body="--b\r\n\r\nperdu\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822;a@b.example\r\nAction: failed\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <sent@here>\r\n--b--",
        )
        found = parse_mail(raw)
        assert found.is_report
        assert found.is_automatic
        assert found.reported_ids == ("<sent@here>",)

    def test_FB07_a_report_counts_the_mail_it_returns_and_nothing_it_quotes(self):
        quoting = "Subject: x\r\n\r\nMessage-ID: <quoted@here>\r\n"
        returned = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <sent@here>\r\n{quoting}"
        raw = failure_report("").replace(
            b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n", returned.encode()
        )
        raw = b"In-Reply-To: <sent@here>\r\nReferences: <arrived@here> <sent@here>\r\n" + raw
        assert parse_mail(raw).reported_ids == ("<sent@here>",)
        answering = b"In-Reply-To: <sent@here>\r\nReferences: <arrived@here>\r\n"
        assert parse_mail(answering + failure_report("")).reported_ids == ("<sent@here>",)

    def test_FB07_a_report_around_many_others_is_not_written_anew_for_each(self, monkeypatch):
        def written(*_: object, **__: object) -> str:
            raise AssertionError

        monkeypatch.setattr(EmailMessage, "as_string", written)
        inner = "Content-Type: message/rfc822\r\n\r\n" * 100 + "Message-ID: <deep@here>\r\n\r\nx"
        raw = failure_report("").replace(
            b"Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n", f"{inner}\r\n".encode()
        )
        assert parse_mail(raw).reported_ids == ()


class TestHeaders:
    def test_S111_an_end_of_line_in_an_encoded_subject_stays_text(self):
        raw = _raw(
            f"From: {SENDER}",
            f"To: {TO}",
            "Subject: =?utf-8?q?Bonjour=0D=0ABcc=3A_x=40evil.example?=",
        )
        found = parse_mail(raw)
        assert found.subject == "Bonjour Bcc: x@evil.example"
        assert found.envelope.recipients == (TO,)

    def test_S111_a_file_name_leads_nowhere(self):
        names = ("../../etc/passwd", "a\\b\\c.pdf", "gnp\u202eexe.pdf", "....", "x" * 400)
        found = parse_mail(mail(files=tuple((name, b"x") for name in names)))
        assert [each.name for each in found.attachments] == [
            "passwd",
            "c.pdf",
            "gnpexe.pdf",
            "document-4.bin",
            "document-5.bin",
        ]


class TestHtml:
    """S110: reduced to text, the target of links shown."""

    @pytest.mark.parametrize(
        ("html", "expected"),
        [
            ("<p>Un</p><p>Deux<br>Trois</p>", "Un\n\nDeux\nTrois"),
            ("<script>alert(1)</script><style>p{}</style>Texte", "Texte"),
            ('<img src="http://suivi.example/pixel" alt="x"><b>Gras</b>', "Gras"),
            ('<form action="http://evil.example"><input value="code">Code</form>', "Code"),
            ('<a href="https://evil.example/x">ameli.fr</a>', "ameli.fr (https://evil.example/x)"),
            ('<a href="https://ameli.fr">https://ameli.fr</a>', "https://ameli.fr"),
            ('<a href="javascript:alert(1)">clic</a>', "clic"),
            ('<a href="data:text/html,x">clic</a>', "clic"),
            ('<iframe src="//evil.example"></iframe><object data="x"></object>fin', "fin"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("&lt;script&gt; 1 &lt; 2", "<script> 1 < 2"),
            ("<svg><script>x</script></svg><math><mi>y</mi></math>z", "z"),
            ("<p onclick=x style='background:url(http://e)'>a</p>", "a"),
            ("<!-- caché -->vu<![if x]>", "vu"),
            ("<b>jamais <i>fermé", "jamais fermé"),
        ],
    )
    def test_says_what_it_shows(self, html, expected):
        assert text_of_html(html) == expected

    def test_the_plain_way_is_preferred_and_html_read_without_it(self):
        assert parse_mail(mail("clair", html="<p>riche</p>")).text == "clair"
        assert parse_mail(mail(" ", html="<p>riche</p>")).text == "riche"

    @pytest.mark.parametrize(
        "html",
        [
            "<b>" * 10_000,
            "<table>" * 10_000,
            "".join(f"<b a={n}>" for n in range(9_900)),
            '<a href="' + "x" * 500_000,
        ],
    )
    def test_a_monstrous_page_costs_little(self, html):
        started = time.process_time()
        assert not parse_mail(mail(" ", html=html)).attachments
        assert time.process_time() - started < 10

    @pytest.mark.parametrize("html", ["<b>" * 20_000, "x" * 600_000])
    def test_a_larger_one_is_kept_as_a_file(self, html):
        found = parse_mail(mail("clair", html=html))
        assert [each.name for each in found.attachments] == ["document-1.html"]
        assert found.text == "clair"


class TestLimits:
    def test_FB05_a_mail_over_25_Mo_is_refused_with_its_envelope(self):
        raw = mail() + b"x" * MAX_RAW
        with pytest.raises(MailRefused) as failure:
            parse_mail(raw)
        assert failure.value.reason is Refusal.TOO_LARGE
        assert failure.value.envelope.sender == SENDER

    def test_files_over_25_Mo_in_all_are_refused(self):
        part = os.urandom(9 * 1024 * 1024)
        raw = mail(files=(("a", part), ("b", part), ("c", part[:-4096])))
        assert _refused(raw) is Refusal.TOO_LARGE

    def test_too_many_parts_or_too_deep(self):
        nested = "".join(
            f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(60)
        )
        raw = (f"From: {SENDER}\r\nTo: {TO}\r\n" + nested + "\r\nfin").encode()
        assert _refused(raw) is Refusal.TOO_MANY_PARTS
        many = tuple((f"{n}.txt", b"x") for n in range(60))
        assert _refused(mail(files=many)) is Refusal.TOO_MANY_PARTS
        bomb = nested * 300
        assert _refused(f"From: {SENDER}\r\nTo: {TO}\r\n{bomb}".encode()) is Refusal.TOO_MANY_PARTS

    def test_too_many_receivers(self):
        to = ", ".join(f"p{n}@patient.liane.example" for n in range(80))
        assert _refused(mail(to=to)) is Refusal.TOO_MANY_RECIPIENTS

    def test_nothing_but_a_mail_or_a_refusal_comes_of_damaged_bytes(self):
        chance = random.Random(5)
        whole = mail(html="<p>x</p>", files=(("a.pdf", b"%PDF" * 40),), References="<a@b> <c@d>")
        for _ in range(400):
            raw = bytearray(whole)
            for _ in range(chance.randint(1, 30)):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            try:
                parse_mail(bytes(raw[: chance.randint(1, len(raw))]))
            except MailRefused:
                continue

    @pytest.mark.parametrize(
        "line",
        [
            "Content-Type: multipart/mixed",
            "Content-Type: text/plain; charset*=utf-8''%",
            "Content-Transfer-Encoding: base64\r\nContent-Type: text/plain",
            "Content-Type: message/rfc822",
            "Content-Disposition: attachment; filename*0*=utf-8''%ff; filename=\"",
            "Subject: =?utf-8?b?%%%?= =?x-none?q?a?=",
            "To: =?utf-8?q?=?=",
            "Date: never",
            "References: <" + "<" * 9000,
        ],
    )
    def test_fields_that_are_wrong_raise_nothing_else(self, line):
        try:
            found = parse_mail(_raw(f"From: {SENDER}", line))
        except MailRefused:
            return
        assert found.envelope.sender == SENDER
