# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Toner, pen and stamp on a sheet of A4, and what a scanner may do to it.

Apart from what stands on the papers. Measures are millimetres from the top left, type sizes points.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from digitizer_desk.paths import resources

Pixels = NDArray[np.uint8]
Face = Literal["regular", "bold", "italic", "hand"]
Colour = tuple[int, int, int]

_FILES: dict[str, str] = {
    "regular": "Tinos-Regular.ttf",
    "bold": "Tinos-Bold.ttf",
    "italic": "Tinos-Italic.ttf",
    "hand": "PatrickHand-Regular.ttf",
}
_TONER: Colour = (32, 32, 36)
_PEN: Colour = (28, 48, 140)
_SEAL: Colour = (206, 38, 48)


@lru_cache(maxsize=64)
def _font(face: str, px: int) -> ImageFont.FreeTypeFont:
    file = resources() / "fonts" / "papers" / _FILES[face]
    return ImageFont.truetype(str(file), px, layout_engine=ImageFont.Layout.BASIC)


class Sheet:
    """One side being drawn. The seed decides tilt of stamps, strokes of pens and the grain of the paper."""

    def __init__(self, dpi: int, seed: int) -> None:
        self._k = dpi / 25.4
        self._dpi = dpi
        self._chance = np.random.default_rng(seed)
        self._size = (round(210 * self._k), round(297 * self._k))
        self._picture = Image.new("RGB", self._size, (250, 249, 246))
        self._draw = ImageDraw.Draw(self._picture)

    def _px(self, mm: float) -> float:
        return mm * self._k

    def _type(self, face: str, points: float) -> ImageFont.FreeTypeFont:
        return _font(face, max(6, round(points * self._dpi / 72)))

    def width_of(self, text: str, face: Face, points: float) -> float:
        """Width of a line in mm."""
        return self._type(face, points).getlength(text) / self._k

    def text(
        self, x: float, y: float, text: str, face: Face, points: float, anchor: str = "left", ink: Colour = _TONER
    ) -> None:
        """A printed line: ``x`` is its left end or middle, ``y`` the top of its letters."""
        place = (self._px(x), self._px(y))
        self._draw.text(
            place, text, font=self._type(face, points), fill=ink, anchor="ma" if anchor == "middle" else "la"
        )

    def hand(self, x: float, y: float, text: str) -> None:
        """A few words by hand, in blue, each a little off the line."""
        font = self._type("hand", 16.5)
        left = self._px(x)
        for word in text.split():
            lift = self._chance.uniform(-0.5, 0.5) * self._k
            self._draw.text((left, self._px(y) + lift), word, font=font, fill=_PEN, anchor="la")
            left += font.getlength(word) + self._k * self._chance.uniform(1.6, 2.6)

    def paragraph(self, x: float, y: float, width: float, text: str, indent: float = 0) -> float:
        """Running text; returns the mm where it ends."""
        font, space = self._type("regular", 13), self._type("regular", 13).getlength(" ")
        left = self._px(indent)
        for word in text.split():
            long = font.getlength(word)
            if left + long > self._px(width):
                left, y = 0.0, y + 6.2
            self._draw.text((self._px(x) + left, self._px(y)), word, font=font, fill=_TONER, anchor="la")
            left += long + space
        return y + 6.2

    def rule(self, x0: float, y0: float, x1: float, y1: float, mm: float = 0.3) -> None:
        ends = [self._px(v) for v in (x0, y0, x1, y1)]
        self._draw.line(ends, fill=_TONER, width=max(1, round(self._px(mm))))

    def dots(self, x0: float, x1: float, y: float) -> None:
        """A dotted line to write on."""
        for x in np.arange(x0, x1, 1.15):
            a, b = self._px(float(x)), self._px(y)
            r = 0.13 * self._k
            self._draw.ellipse([a - r, b - r, a + r, b + r], fill=(90, 90, 95))

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """The double frame of a certificate."""
        for gap, mm in ((0.0, 0.9), (2.2, 0.35)):
            box = [self._px(v) for v in (x0 + gap, y0 + gap, x1 - gap, y1 - gap)]
            self._draw.rectangle(box, outline=(120, 84, 60), width=max(1, round(self._px(mm))))

    def card(self, x: float, y: float) -> None:
        """An identity card of 85.6 x 54 mm, lying on the page."""
        box = [self._px(v) for v in (x, y, x + 85.6, y + 54)]
        self._draw.rounded_rectangle(box, radius=self._px(3.2), fill=(226, 238, 236), outline=(90, 120, 120), width=2)
        for i in range(9):
            self._draw.arc(
                [self._px(v) for v in (x + 18 + i, y + 4 + i, x + 82 - i, y + 50 - i)],
                0,
                360,
                fill=(206, 226, 220),
                width=2,
            )

    def portrait(self, x: float, y: float) -> None:
        """A head and shoulders that are nobody's."""
        box = [self._px(v) for v in (x, y, x + 23, y + 30)]
        self._draw.rectangle(box, fill=(196, 214, 226))
        self._draw.pieslice([self._px(v) for v in (x + 2, y + 19, x + 21, y + 42)], 180, 360, fill=(70, 84, 110))
        self._draw.ellipse([self._px(v) for v in (x + 6.6, y + 6, x + 16.4, y + 19)], fill=(214, 178, 150))
        self._draw.chord([self._px(v) for v in (x + 6, y + 4, x + 17, y + 15)], 180, 360, fill=(50, 42, 40))
        self._draw.rectangle([box[0], self._px(y + 30), box[2], self._px(y + 34)], fill=(226, 238, 236))

    def signature(self, x: float, y: float, wide: float, high: float) -> None:
        """A name signed in one sweep: a tall first letter, a few small ones, a tail drawn back under all."""
        path = _smooth(_signature_points(self._chance)) * (wide, high)
        path[:, 0] += (high - path[:, 1]) * 0.18  # leans to the right
        speed = np.hypot(*np.gradient(path, axis=0).T)
        radii = np.interp(cv2.GaussianBlur(speed[None], (0, 0), 6).ravel(), (0.0, speed.max()), (0.29, 0.15))
        left, top, fine = x - 3, y - 3, 2  # drawn at twice the size: thin ink needs its half tones
        layer = np.zeros([round(self._px(v + 9)) * fine for v in (high, wide + 0.2 * high)], np.uint8)
        path += np.array((x - left, y - top))
        places = np.rint(path * self._k * fine * 16).astype(int)
        for start, end, radius in zip(places[:-1], places[1:], radii[1:], strict=True):
            cv2.line(layer, start, end, 255, max(1, round(radius * 2 * self._k * fine)), cv2.LINE_AA, shift=4)
        ink = cv2.resize(layer, (layer.shape[1] // fine, layer.shape[0] // fine), interpolation=cv2.INTER_AREA)
        self._lay(ink.astype(np.float32) / 255 * 0.93, round(self._px(left)), round(self._px(top)), _PEN)

    def stamp(self, x: float, y: float, text: str) -> None:
        """A framed red stamp of one line."""
        wide = self.width_of(text, "bold", 11) + 6
        layer = Image.new("L", (round(self._px(wide + 4)), round(self._px(24))), 0)
        pen = ImageDraw.Draw(layer)
        frame = [round(self._px(v)) for v in (2, 7.5, wide + 2, 16.5)]
        pen.rectangle(frame, outline=255, width=max(2, round(self._px(0.5))))
        centre = (layer.width / 2, layer.height / 2)
        pen.text(centre, text, font=self._type("bold", 11), fill=255, anchor="mm")
        self._press(np.asarray(layer), x + wide / 2, y)

    def seal(self, x: float, y: float, around: str, below: str) -> None:
        """A round seal of 36 mm with text on its ring and a star, its centre at (x, y)."""
        self._press(_seal_mask(self._dpi, around, below), x, y)

    def _press(self, mask: Pixels, x: float, y: float) -> None:
        """Ink from a rubber: tilted, uneven, transparent over what is printed."""
        tilt = cv2.getRotationMatrix2D((mask.shape[1] / 2, mask.shape[0] / 2), float(self._chance.uniform(-9, 9)), 1.0)
        turned = cv2.warpAffine(mask, tilt, (mask.shape[1], mask.shape[0])).astype(np.float32) / 255
        grain = self._chance.random((mask.shape[0] // 6 + 1, mask.shape[1] // 6 + 1), dtype=np.float32)
        grain = cv2.resize(grain, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_CUBIC)
        strength = turned * np.clip(0.55 + 0.55 * grain, 0.35, 0.97)
        left, top = round(self._px(x) - mask.shape[1] / 2), round(self._px(y) - mask.shape[0] / 2)
        self._lay(strength, left, top, _SEAL)

    def _lay(self, strength: NDArray[np.float32], left: int, top: int, colour: Colour) -> None:
        """Transparent ink: what is printed below stays visible. ``strength``: float32 (h, w), 0-1."""
        box = (left, top, left + strength.shape[1], top + strength.shape[0])
        under = np.asarray(self._picture.crop(box), np.float32)
        inked = under * (1 - strength[:, :, None] * (1 - np.array(colour, np.float32) / 255))
        self._picture.paste(Image.fromarray(inked.astype(np.uint8)), box[:2])

    def finish(self) -> Pixels:
        """The side as a scanner sees it: slightly softened, with the grain of paper and sensor in each channel."""
        page = cv2.GaussianBlur(np.asarray(self._picture), (0, 0), 0.45 * self._dpi / 300)
        grain = _grain(self._dpi)
        shift = self._chance.integers(0, 64, 2)
        tile = grain[shift[0] :, shift[1] :]
        noise = np.tile(tile, (page.shape[0] // tile.shape[0] + 1, page.shape[1] // tile.shape[1] + 1, 1))
        return np.asarray(cv2.add(page, noise[: page.shape[0], : page.shape[1]], dtype=cv2.CV_8U), np.uint8)


def _signature_points(chance: np.random.Generator) -> NDArray[np.float64]:
    """Where the pen goes, (n, 2), in parts of the room for it: x to the right, y down."""
    points = [(0.02, 0.62), (0.13, 0.10), (0.19, 0.0), (0.17, 0.45), (0.09, 0.92), (0.04, 0.74), (0.16, 0.52)]
    count = int(chance.integers(3, 6))
    for i in range(count):
        at = 0.24 + 0.48 * i / count
        points += [(at + 0.045, 0.38 + chance.uniform(-0.08, 0.1)), (at + 0.06, 0.72), (at + 0.095, 0.70)]
    tall = chance.uniform(0.02, 0.2)
    points += [(0.80, tall + 0.1), (0.83, tall), (0.81, 0.6), (0.77, 1.02), (0.70, 0.96), (0.86, 0.66), (1.0, 0.5)]
    if chance.random() < 0.6:
        points += [(0.97, 0.62), (0.55, 0.94), (0.20, 1.04), (0.42, 0.99), (0.92, 0.86)]
    return np.array(points) + chance.normal(0, 0.012, (len(points), 2))


def _smooth(points: NDArray[np.float64], steps: int = 40) -> NDArray[np.float64]:
    """A curve through all points (Catmull-Rom)."""
    ends = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    before, here, there, after = (ends[i : len(ends) - 3 + i, None] for i in range(4))
    curve = 0.5 * (
        2 * here
        + (there - before) * t
        + (2 * before - 5 * here + 4 * there - after) * t**2
        + (3 * here - 3 * there + after - before) * t**3
    )
    return np.asarray(curve.reshape(-1, 2), np.float64)


@lru_cache(maxsize=2)
def _grain(dpi: int) -> NDArray[np.int16]:
    return (np.random.default_rng(dpi).standard_normal((600, 600, 3)) * 1.8).round().astype(np.int16)


@lru_cache(maxsize=8)
def _seal_mask(dpi: int, around: str, below: str) -> Pixels:
    """Two rings, text between them, a star in the middle."""
    side = round(36 / 25.4 * dpi)
    layer = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(layer)
    middle = side / 2
    for radius, width in ((0.49, 0.018), (0.455, 0.008), (0.30, 0.010)):
        reach = side * radius
        box = [middle - reach, middle - reach, middle + reach, middle + reach]
        pen.ellipse(box, outline=255, width=max(2, round(side * width)))
    _around(layer, around, 0.378, -205, 25)
    _around(layer, f"★ {below} ★".replace("★", "*"), 0.378, 150, 30)
    star = [
        (
            middle + side * (0.17 if i % 2 == 0 else 0.068) * math.cos(math.pi * (i / 5 - 0.5)),
            middle + side * (0.17 if i % 2 == 0 else 0.068) * math.sin(math.pi * (i / 5 - 0.5)),
        )
        for i in range(10)
    ]
    pen.polygon(star, fill=255)
    return np.asarray(layer)


def _around(layer: Image.Image, text: str, radius: float, start: float, end: float) -> None:
    """Letters on an arc, clockwise when start < end (feet inwards), else counter-clockwise (feet outwards)."""
    side = layer.width
    font = _font("bold", max(8, round(side * 0.078)))
    clockwise = start < end
    for i, letter in enumerate(text):
        angle = math.radians(start + (end - start) * (i + 0.5) / len(text))
        cell = Image.new("L", (round(side * 0.13),) * 2, 0)
        ImageDraw.Draw(cell).text((cell.width / 2, cell.height / 2), letter, font=font, fill=255, anchor="mm")
        turn = -math.degrees(angle) - 90 if clockwise else -math.degrees(angle) + 90
        cell = cell.rotate(turn, resample=Image.Resampling.BICUBIC)
        x = side / 2 + side * radius * math.cos(angle) - cell.width / 2
        y = side / 2 + side * radius * math.sin(angle) - cell.height / 2
        layer.paste(255, (round(x), round(y)), cell)


def _plain(picture: object) -> Pixels:
    return np.asarray(picture, np.uint8)


def spoil(page: Pixels, fault: str | None, dpi: int) -> Pixels:
    """What goes wrong at a scanner: blur, skew, low_dpi, grey, cut, dark. ``page`` is uint8 (H, W, 3) RGB.

    Raises:
        ValueError: no such fault.
    """
    high, wide = page.shape[:2]
    if fault in (None, "blank"):
        return page
    if fault == "blur":
        return _plain(cv2.GaussianBlur(page, (0, 0), 2.6 * dpi / 300))
    if fault == "skew":
        tilt = cv2.getRotationMatrix2D((wide / 2, high / 2), -3.0, 1.0)
        return _plain(cv2.warpAffine(page, tilt, (wide, high), borderValue=(250, 249, 246)))
    if fault == "low_dpi":
        small = cv2.resize(page, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
        return _plain(cv2.resize(small, (wide, high), interpolation=cv2.INTER_CUBIC))
    if fault == "grey":
        return _plain(cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))
    if fault == "cut":
        shift = round(34 / 25.4 * dpi)  # past the margin: words lose their beginnings
        return np.concatenate((page[:, shift:], page[:, :shift][:, ::-1] * 0 + 249), axis=1)
    if fault == "dark":
        return (page * 0.55).astype(np.uint8)
    raise ValueError(f"unknown fault {fault!r}")
