"""The medical profile as a file: drawn in a thread of its own, after the transaction that read it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.i18n.medical_profile import profile_name, profile_paper
from app.integrations.paper import draw
from app.services.medical_profile import MedicalProfile

_drawing = ThreadPoolExecutor(1, thread_name_prefix="paper")


@dataclass(frozen=True)
class ProfileFile:
    """A profile ready to be attached or saved, as a PDF."""

    name: str
    content: bytes


def make_profile_pdf(profile: MedicalProfile) -> bytes:
    """The PDF of a profile. Takes tens of milliseconds: not for the event loop, nor for a transaction."""
    return draw(profile_paper(profile))


async def make_profile_file(profile: MedicalProfile) -> ProfileFile:
    """The same beside its name, without holding up the pages."""
    content = await asyncio.get_running_loop().run_in_executor(_drawing, make_profile_pdf, profile)
    return ProfileFile(profile_name(profile), content)
