"""PNG, JPEG and TIFF: limits from the header, a full decode, what is stored, and a small picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PIL import (  # the plugins register themselves: no other format is known here
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from app.sandbox import tiff
from app.sandbox.icc import colours_only
from app.sandbox.jpeg import picture_only
from app.sandbox.protocol import MAX_PICTURE_RATIO
from app.sandbox.refusal import Refused

MAX_PIXELS, MAX_SIDE = 64_000_000, 20_000
# Ours is the limit on pixels; the library's own would only warn.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
Image._initialized = 2  # noqa: SLF001 - never look for plugins of other formats
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_ORIENTATION = 0x0112
_CLEAR_MODES = frozenset({"LA", "PA", "RGBA", "La", "RGBa"})
_BAND = 256
_SIDEWAYS = frozenset({5, 6, 7, 8})
_QUALITY, _PREVIEW_QUALITY = 90, 82
_PACKINGS = {1: "raw", 2: "group4", 3: "group4", 4: "group4", 5: "tiff_lzw", 32773: "packbits"}
_PLUGINS = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin)


@dataclass(frozen=True)
class Small:
    """A JPEG to look at."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Kept:
    """What is stored of a picture, and what to show of its first page."""

    content: bytes
    page_count: int
    first: Small


def preload() -> None:
    """Each coder once: what they load late cannot be loaded once the doors are shut."""
    for name in ("JPEG", "PNG", "TIFF"):
        packed = io.BytesIO()
        Image.new("RGB", (8, 8)).save(packed, name)
        with _opened(packed.getvalue(), name) as picture:
            picture.load()


@contextmanager
def _opened(content: bytes, name: str) -> Iterator[Image.Image]:
    """The picture, its size already judged. Whatever the decoder stumbles over is a damaged file."""
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            _require_size(*picture.size)
            yield picture
    except (Refused, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - decoders raise whatever they like
        raise Refused("file.damaged") from None


def _require_size(width: int, height: int) -> None:
    if min(width, height) < 1:
        raise Refused("file.damaged")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise Refused("file.too_many_pixels")


def keep_png(content: bytes, width: int) -> Kept:
    """Its first frame as JPG, in sRGB, on white (S094)."""
    with _opened(content, "PNG") as picture:
        picture.verify()
    with _opened(content, "PNG") as picture:
        picture.load()
        profile = picture.info.get("icc_profile")
        is_upright = _orientation(picture) == 1
        stored = _on_white(picture if is_upright else ImageOps.exif_transpose(picture), profile)
    packed = io.BytesIO()
    stored.save(packed, "JPEG", quality=_QUALITY)
    return Kept(packed.getvalue(), 1, shrink(stored, width))


def keep_jpg(content: bytes, width: int) -> Kept:
    """The same coded data without what surrounds it; packed anew only where it must be turned."""
    with _opened(content, "JPEG") as picture:
        orientation = _orientation(picture)
        picture.load()
        if orientation == 1:
            # Made smaller first: its colours are then changed on fewer pixels.
            small = _on_white(_scaled(picture, width), picture.info.get("icc_profile"))
            return Kept(picture_only(content), 1, shrink(small, width))
        kept = _turned(picture, orientation)
    return Kept(kept, 1, show_page(kept, "JPEG", 1, width))


def keep_tif(content: bytes, width: int) -> Kept:
    """Every page decoded once; the coded strips kept where they can be."""
    pages = tiff.read_pages(content)
    for page in pages:
        _require_size(*page.size)
    first: Small | None = None
    with _opened(content, "TIFF") as picture:
        for rank in range(len(pages)):
            picture.seek(rank)
            _require_size(*picture.size)
            picture.load()
            first = first or shrink(_on_white(picture, picture.info.get("icc_profile")), width)
        assert first is not None
        del picture
    if all(page.is_rewritable for page in pages):
        return Kept(tiff.rewrite(content, pages), len(pages), first)
    return Kept(_packed_anew(content, len(pages)), len(pages), first)


def show_page(content: bytes, name: str, page: int, width: int) -> Small:
    """One page of what was stored, counted from 1."""
    with _opened(content, name) as picture:
        try:
            picture.seek(page - 1)
        except EOFError:
            raise Refused("file.no_page") from None
        _require_size(*picture.size)
        return shrink(_on_white(picture, picture.info.get("icc_profile")), width)


def shrink(picture: Image.Image, width: int) -> Small:
    """At most this wide, and at most four times as high."""
    small = _scaled(picture, width)
    packed = io.BytesIO()
    small.save(packed, "JPEG", quality=_PREVIEW_QUALITY)
    return Small(packed.getvalue(), *small.size)


def _scaled(picture: Image.Image, width: int) -> Image.Image:
    scale = min(1.0, width / picture.width, MAX_PICTURE_RATIO * width / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BOX, None, 3)


def _orientation(picture: Image.Image) -> int:
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a note nobody can read turns nothing
        return 1
    return found if isinstance(found, int) and 1 <= found <= max(_SIDEWAYS) else 1


def _turned(picture: Image.Image, orientation: int) -> bytes:
    """Upright, packed with the tables it was packed with: hardly anything is lost."""
    assert isinstance(picture, JpegImagePlugin.JpegImageFile)
    tables: dict[int, list[int]] = picture.quantization
    if orientation in _SIDEWAYS:
        tables = {
            rank: [table[8 * (i % 8) + i // 8] for i in range(64)] for rank, table in tables.items()
        }
    sampling = JpegImagePlugin.get_sampling(picture)
    colours = colours_only(picture.info.get("icc_profile") or b"")
    upright = ImageOps.exif_transpose(picture)
    for note in list(upright.info):
        del upright.info[note]
    packed = io.BytesIO()
    upright.save(
        packed,
        "JPEG",
        qtables=tables,
        subsampling=max(sampling, 0),
        **({"icc_profile": colours} if colours else {}),
    )
    return packed.getvalue()


def _packed_anew(content: bytes, count: int) -> bytes:
    """Pages that must be turned, or whose coding is scattered over the file: without loss all the same."""
    packed = io.BytesIO()
    with _opened(content, "TIFF") as picture, TiffImagePlugin.AppendingTiffWriter(packed) as writer:
        assert isinstance(picture, TiffImagePlugin.TiffImageFile)
        for rank in range(count):
            picture.seek(rank)
            options: dict[str, Any] = {
                "compression": _PACKINGS.get(picture.tag_v2.get(259, 1), "tiff_adobe_deflate")
            }
            colours = colours_only(picture.info.get("icc_profile") or b"")
            if colours:
                options["icc_profile"] = colours
            if "dpi" in picture.info:
                options["dpi"] = picture.info["dpi"]
            _bare(picture).save(writer, "TIFF", **options)
            writer.newFrame()
    return packed.getvalue()


def _on_white(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Grey or sRGB, eight bits, no transparency, and no note of any kind."""
    is_clear = picture.mode in _CLEAR_MODES or "transparency" in picture.info
    if picture.mode.startswith(("I", "F")):
        seen = _eight_bits(picture)
    elif is_clear:
        seen = _to_srgb(_pasted_on_white(picture), profile)
    elif picture.mode in {"1", "L"}:
        seen = picture.convert("L")
    elif picture.mode in {"CMYK", "LAB", "RGB"}:
        seen = _to_srgb(_bare(picture), profile)
    else:
        seen = _to_srgb(picture.convert("RGB"), profile)
    seen.info = {}
    return seen


def _bare(picture: Image.Image) -> Image.Image:
    """The same pixels, not copied, without the notes of the file they came from."""
    picture.load()
    bare = Image.Image()._new(picture.im)  # noqa: SLF001
    if picture.palette is not None:
        bare.putpalette(picture.getpalette() or [])
    return bare


def _pasted_on_white(picture: Image.Image) -> Image.Image:
    """In bands: the whole of it twice is all there is room for."""
    picture.load()
    white = Image.new("RGB", picture.size, "white")
    for top in range(0, picture.height, _BAND):
        band = picture.crop((0, top, picture.width, min(top + _BAND, picture.height)))
        band.info = {key: value for key, value in picture.info.items() if key == "transparency"}
        band = band.convert("RGBA")
        white.paste(band, (0, top), band)
    return white


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    low, high = picture.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    if picture.mode == "I" and low >= 0:
        low, high = 0, 65_535 if high > 255 else 255  # noqa: PLR2004 - eight or sixteen bits
    scale = 255 / (high - low) if high > low else 0
    return picture.point(lambda value: value * scale - low * scale).convert("L")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours of another profile made those of screens; an unreadable profile changes nothing."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            changed = None
        if changed is not None:
            changed.info.pop("icc_profile", None)
            return changed
    return picture if picture.mode == "RGB" else picture.convert("RGB")
