"""Small secrets at rest (S120): a changed bit, or another owner, opens nothing."""

import pytest

from app.crypto import Keyring, SealBroken

KEYRING = Keyring(bytes(range(32)))


class TestSeal:
    def test_opens_for_its_owner(self):
        sealed = KEYRING.seal(b"graine", owner="a")
        assert b"graine" not in sealed
        assert KEYRING.unseal(sealed, owner="a") == b"graine"

    def test_S120_refuses_another_owner(self):
        with pytest.raises(SealBroken):
            KEYRING.unseal(KEYRING.seal(b"graine", owner="a"), owner="b")

    @pytest.mark.parametrize("position", [0, 1, 13, -1])
    def test_S120_refuses_a_flipped_bit(self, position):
        sealed = bytearray(KEYRING.seal(b"graine", owner="a"))
        sealed[position] ^= 1
        with pytest.raises(SealBroken):
            KEYRING.unseal(bytes(sealed), owner="a")

    def test_never_seals_twice_alike(self):
        assert KEYRING.seal(b"graine", owner="a") != KEYRING.seal(b"graine", owner="a")
