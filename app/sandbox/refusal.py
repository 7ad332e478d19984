"""Why a file is refused, in the codes of the calling side."""


class Refused(Exception):
    """This file is not kept; `code` names the sentence."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
