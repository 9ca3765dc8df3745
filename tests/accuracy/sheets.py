# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages to measure accuracy on: the training room's papers, and harder ones it does not draw.

Apart from the scans made of them (``scans.py``): this is what lies on the glass, that is what a scanner makes of it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np

from accuracy import rough
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.training.paper_ink import Sheet
from digitizer_desk.training.papers import KINDS, Person, draw_paper

DPI = 300
MM = DPI / 25.4
WRITTEN = tuple(KINDS)
#: kinds the training room does not draw
HARD = (
    "table", "drawing", "photo", "archive", "tinted", "handwritten", "full_bleed", "two_columns", "pink_certificate",
    "square_stamps", "sealed_text", "pencil_letter", "carbon", "crumpled", "spread_ink", "screened", "wetted", "short",
)  # fmt: skip
#: sides with next to nothing on them, all of it meant
SPARSE = (
    "number", "line", "hand_line", "stamp", "pencil", "signature", "initials", "faint_pencil", "pencil_word", "date",
    "corner_number", "small_stamp",
)  # fmt: skip
_FAMILIES, _MIDDLES = (
    ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Lý"],
    ["Văn", "Thị", "Hữu", "Đức", "Minh", "Ngọc", "Thanh", "Quốc"],
)
_GIVEN = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hạnh",
    "Khuê",
    "Lượng",
    "Mẫn",
    "Nghĩa",
    "Oanh",
    "Phượng",
    "Sửu",
    "Thủy",
    "Uyển",
    "Vượng",
    "Ý",
    "Đệ",
    "Ấn",
    "Hường",
]
_PLACES = (
    "phường Bến Thông",
    "xã Suối Trầm",
    "xã Đồng Lạc Thượng",
    "phường Cửa Lũy",
    "xã Hòa Mỹ Tây",
    "phường Nà Việt",
)
_NAMES = ("Nguyễn Thị Hường", "Trần Quốc Đệ", "Lý Minh Ý", "Đặng Văn Lượng", "Phạm Thị Ngọc Ấn", "Vũ Đức Sửu")


def page(kind: str, seed: int, *, one_word_other: bool = False) -> Pixels:
    """One upright, level page of 300 dpi, uint8 (3508, 2480, 3); the same for the same seed.

    ``one_word_other``: the same sheet, of the same people, but for one given name (papers of the training room only).
    """
    chance = np.random.default_rng([seed, sum(map(ord, kind))])
    if kind in KINDS:
        return draw_paper(kind, _somebody(seed, one_word_other), seed, DPI, None)
    return _draw(kind, seed, chance)


def _somebody(seed: int, one_word_other: bool) -> Person:
    """Nobody: names, numbers and dates from the seed. The province code 000 belongs to no province."""
    chance = np.random.default_rng([seed, 5])
    name, spouse, child = (
        f"{chance.choice(_FAMILIES)} {chance.choice(_MIDDLES)} {chance.choice(_GIVEN)}" for _ in range(3)
    )
    year, month, day = int(chance.integers(1950, 2005)), int(chance.integers(1, 13)), int(chance.integers(1, 29))
    number = f"000{chance.integers(2)}{year % 100:02}{chance.integers(10**6):06}"
    person = Person(name, number, f"{day:02}/{month:02}/{year}", str(chance.choice(_PLACES)), spouse, child)
    if one_word_other:
        other = _GIVEN[(seed + 7) % len(_GIVEN)]
        other = other if not name.endswith(other) else "Kiên"
        person = replace(person, name=f"{name.rpartition(' ')[0]} {other}")
    return person


def _draw(kind: str, seed: int, chance: np.random.Generator) -> Pixels:
    sheet = Sheet(DPI, seed)
    _DRAW[kind](sheet, chance)
    made = sheet.finish()
    return _AFTER[kind](made, chance) if kind in _AFTER else made


def _table(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(105, 20, "BẢNG TỔNG HỢP HỒ SƠ", "bold", 14, "middle")
    columns, rows = (20, 32, 92, 124, 156, 192), int(chance.integers(18, 30))
    for row in range(rows + 1):
        sheet.rule(columns[0], 34 + row * 7.5, columns[-1], 34 + row * 7.5)
    for x in columns:
        sheet.rule(x, 34, x, 34 + rows * 7.5)
    for row in range(rows):
        words = (
            str(row + 1),
            _NAMES[row % 6],
            str(1950 + row),
            f"H{chance.integers(10, 60)}.{chance.integers(99, 999)}",
        )
        for x, word in zip(columns, words, strict=False):
            sheet.text(x + 1.5, 35.5 + row * 7.5, word, "regular", 11)


def _drawing(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(105, 18, "TRÍCH LỤC BẢN ĐỒ ĐỊA CHÍNH", "bold", 15, "middle")
    for _ in range(26):
        x, y = chance.uniform((25, 45), (185, 190))
        angle, long = chance.uniform(0, np.pi), chance.uniform(15, 90)
        sheet.rule(x, y, x + long * np.cos(angle), min(196, y + long * np.sin(angle)), 0.2)
    for _ in range(8):
        x, y = chance.uniform((30, 50), (170, 185))
        sheet.text(x, y, f"{chance.uniform(4, 90):.2f}".replace(".", ","), "regular", 10)
    sheet.paragraph(
        26, 204, 160, "Chủ sử dụng đất: ông (bà) Lý Quốc Đệ. Mục đích sử dụng: đất ở tại nông thôn, lâu dài."
    )
    sheet.text(142, 226, "NGƯỜI ĐO VẼ", "bold", 12.5, "middle")
    sheet.text(142, 262, "Dương Hữu Giang", "bold", 13, "middle")


def _photo(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(105, 18, "ẢNH HIỆN TRẠNG CÔNG TRÌNH", "bold", 15, "middle")
    sheet.paragraph(
        26, 200, 160, "Ảnh chụp hiện trạng công trình tại thời điểm kiểm tra, có xác nhận của cán bộ địa chính."
    )
    sheet.paragraph(26, 222, 160, "Người chụp ảnh chịu trách nhiệm về tính chính xác của hình ảnh nêu trên.")


def _with_photo(made: Pixels, chance: np.random.Generator) -> Pixels:
    coarse = chance.integers(20, 235, (9, 12, 3)).astype(np.uint8)
    picture = cv2.resize(coarse, (round(150 * MM), round(140 * MM)), interpolation=cv2.INTER_CUBIC)
    made = made.copy()
    y, x = round(40 * MM), round(30 * MM)
    made[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return made


def _letter(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(105, 24, "ĐƠN TRÌNH BÀY", "bold", 15, "middle")
    sentences = (
        f"Tôi là {_NAMES[int(chance.integers(6))]}, sinh năm {chance.integers(1940, 2005)}, xin trình bày nguồn gốc thửa đất số {chance.integers(5, 900)}.",
        f"Thửa đất do cha mẹ để lại từ năm {chance.integers(1960, 2010)}, sử dụng ổn định, không tranh chấp với ai.",
        f"Diện tích {chance.integers(50, 2000)} m², phía đông giáp đất của hộ {_NAMES[int(chance.integers(6))]}, phía tây giáp đường thôn.",
        "Trong quá trình sử dụng, gia đình tôi nộp thuế đầy đủ và chấp hành đúng quy hoạch của địa phương.",
        f"Năm {chance.integers(2000, 2024)} tôi có sửa lại nhà ở, được Ủy ban nhân dân xã xác nhận.",
        "Nay tôi đề nghị cơ quan có thẩm quyền xem xét, giải quyết theo quy định.",
    )
    y = 44.0
    for _ in range(7):
        y = sheet.paragraph(26, y, 160, sentences[int(chance.integers(len(sentences)))], 10)
        y += 3 + float(chance.uniform(0, 4))
    sheet.signature(122, 236, 42, 15)


def _handwritten(sheet: Sheet, chance: np.random.Generator) -> None:
    y = 26.0
    while y < 250:
        words = "Tôi tên là " + _NAMES[int(chance.integers(6))] + " thường trú tại tổ bốn đề nghị xác nhận"
        sheet.hand(24, y, " ".join(words.split()[: int(chance.integers(5, 10))]))
        y += float(chance.uniform(9, 12))


def _two_columns(sheet: Sheet, chance: np.random.Generator) -> None:
    said = (
        "Trong quá trình thực hiện nếu có vướng mắc, đề nghị phản ánh để được hướng dẫn.",
        "Các cơ quan, đơn vị có liên quan phối hợp thực hiện đúng thời hạn được giao.",
        "Hồ sơ nộp trực tuyến được tiếp nhận trong giờ làm việc của ngày tiếp theo.",
        "Người dân không phải nộp lại giấy tờ đã được số hóa và lưu trong kho.",
        "Kết quả giải quyết có giá trị như bản giấy theo quy định của pháp luật.",
    )
    for x, start in ((20.0, 20.0), (110.0, 23.4)):
        y = start
        while y < 262:
            y = sheet.paragraph(x, y, 76, said[int(chance.integers(len(said)))]) + 2


def _number(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(
        float(chance.uniform(30, 180)), float(chance.choice([10, 280])), str(chance.integers(1, 40)), "regular", 12
    )


def _line(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.text(26, float(chance.uniform(20, 260)), "Hồ sơ gồm 02 tờ.", "regular", float(chance.uniform(9, 13)))


def _hand_line(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.hand(float(chance.uniform(20, 110)), float(chance.uniform(20, 260)), "Đã nhận đủ")


def _stamp(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.stamp(float(chance.uniform(40, 120)), float(chance.uniform(20, 240)), "ĐÃ THU LỆ PHÍ")


def _signature(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.signature(float(chance.uniform(20, 140)), float(chance.uniform(20, 240)), 40, 15)


def _initials(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.hand(float(chance.uniform(20, 180)), float(chance.uniform(20, 270)), "An")


def _pink_certificate(sheet: Sheet, chance: np.random.Generator) -> None:
    """All red that a certificate prints, and no seal."""
    for gap in (0, 3):
        for x0, y0, x1, y1 in ((12, 12, 198, 12), (12, 285, 198, 285), (12, 12, 12, 285), (198, 12, 198, 285)):
            sheet.rule(
                x0 + gap * np.sign(105 - x0),
                y0 + gap * np.sign(148 - y0),
                x1 + gap * np.sign(105 - x1),
                y1 + gap * np.sign(148 - y1),
                0.5,
            )
    red = (196, 30, 42)
    sheet.text(105, 30, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 14, "middle", ink=red)
    sheet.text(105, 60, "GIẤY CHỨNG NHẬN", "bold", 30, "middle", ink=red)
    sheet.text(105, 76, "QUYỀN SỬ DỤNG ĐẤT", "bold", 24, "middle", ink=red)
    y = 100.0
    for _ in range(5):
        y = sheet.paragraph(
            30,
            y,
            150,
            f"Ông (bà) {_NAMES[int(chance.integers(6))]}, thửa đất số {chance.integers(9, 990)}, diện tích {chance.integers(40, 900)} m².",
        )
    sheet.text(105, 250, f"AB {chance.integers(100000, 999999)}", "bold", 20, "middle", ink=red)


def _square_stamps(sheet: Sheet, chance: np.random.Generator) -> None:
    _letter(sheet, chance)
    for words in ("CÔNG VĂN ĐẾN", "SAO Y BẢN CHÍNH", "KHẨN", "ĐÃ THU LỆ PHÍ")[: int(chance.integers(2, 5))]:
        sheet.stamp(float(chance.uniform(50, 150)), float(chance.uniform(20, 240)), words)


def _sealed_text(sheet: Sheet, chance: np.random.Generator) -> None:
    _letter(sheet, chance)
    sheet.seal(
        float(chance.uniform(50, 150)), float(chance.uniform(70, 160)), "ỦY BAN NHÂN DÂN XÃ SUỐI TRẦM", "TỈNH MẪU"
    )


def _short(sheet: Sheet, chance: np.random.Generator) -> None:
    """Three lines and a name."""
    y = float(chance.uniform(25, 120))
    sheet.paragraph(
        26,
        y,
        160,
        "Đã nhận hồ sơ của ông (bà) nêu trên, hẹn trả kết quả theo đúng quy định. Đề nghị mang theo giấy tờ gốc để đối chiếu khi đến nhận.",
        10,
    )
    sheet.text(142, y + 26, _NAMES[int(chance.integers(6))], "bold", 13, "middle")


def _date(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.hand(
        float(chance.uniform(20, 150)),
        float(chance.uniform(15, 275)),
        f"{chance.integers(1, 29)}/{chance.integers(1, 13)}",
    )


def _corner_number(sheet: Sheet, chance: np.random.Generator) -> None:
    """The number of a leaf, small, in a corner, as archives write it."""
    sheet.text(
        float(chance.choice([12, 192])),
        float(chance.choice([9, 282])),
        str(chance.integers(10, 400)),
        "regular",
        float(chance.uniform(9, 11)),
    )


def _small_stamp(sheet: Sheet, chance: np.random.Generator) -> None:
    sheet.stamp(float(chance.uniform(40, 170)), float(chance.uniform(20, 250)), "MẬT")


def _nothing(sheet: Sheet, chance: np.random.Generator) -> None:
    del sheet, chance


def _with_pencil(made: Pixels, chance: np.random.Generator, tones: tuple[int, int] = (150, 185)) -> Pixels:
    made = made.copy()
    x, y = (int(v) for v in chance.uniform((30, 30), (120, 250)) * MM)
    steps = np.arange(140)
    points = np.stack([x + steps * 6, y + 22 * np.sin(steps / 7)], axis=1).astype(np.int32)
    tone = int(chance.integers(*tones))
    cv2.polylines(made, [points], False, (tone, tone, tone + 3), round(0.5 * MM), cv2.LINE_AA)
    return made


def _with_faint_pencil(made: Pixels, chance: np.random.Generator) -> Pixels:
    return _with_pencil(made, chance, (182, 200))


def _with_pencil_word(made: Pixels, chance: np.random.Generator) -> Pixels:
    """A word or a number by hand, in pencil."""
    sheet = Sheet(DPI, int(chance.integers(1000)))
    sheet.hand(
        float(chance.uniform(20, 150)),
        float(chance.uniform(20, 265)),
        str(chance.choice(["Hạnh 12", "xem lại", "tờ 3", "lưu", "Bản 2"])),
    )
    return cv2.min(made, rough.pencilled(sheet.finish(), chance))


def _screened_photo(made: Pixels, chance: np.random.Generator) -> Pixels:
    return rough.screened(_with_photo(made, chance), chance)


def _on_pink(made: Pixels, chance: np.random.Generator) -> Pixels:
    del chance
    return _toned_paper(made, (0.99, 0.86, 0.88))


def _aged(made: Pixels, chance: np.random.Generator) -> Pixels:
    """Green-yellow paper of an archive, darker towards one side and in clouds, with foxing."""
    clouds = cv2.resize(
        chance.normal(0, 5, (12, 9)).astype(np.float32), made.shape[1::-1], interpolation=cv2.INTER_CUBIC
    )
    slope = np.linspace(0, -26, made.shape[1], dtype=np.float32)[None]
    tone = np.clip(1 + (clouds + slope - 14)[..., None] / 255, 0.6, 1) * np.float32([0.97, 0.96, 0.84])
    aged = cv2.multiply(made.astype(np.float32), tone.astype(np.float32)).astype(np.uint8)
    for x, y in chance.integers((60, 60), (made.shape[1] - 60, made.shape[0] - 60), (10, 2)):
        cv2.circle(aged, (int(x), int(y)), int(chance.integers(2, 9)), (196, 176, 130), -1, cv2.LINE_AA)
    return aged


def _on_tint(made: Pixels, chance: np.random.Generator) -> Pixels:
    tints = ((0.98, 0.86, 0.89), (0.99, 0.97, 0.80), (0.86, 0.95, 0.99), (0.87, 0.97, 0.86))
    return _toned_paper(made, tints[int(chance.integers(len(tints)))])


def _toned_paper(made: Pixels, tint: tuple[float, float, float]) -> Pixels:
    return (made * np.array(tint)).astype(np.uint8)


def _full_bleed(made: Pixels, chance: np.random.Generator) -> Pixels:
    """A certificate whose pattern runs over the edges of the paper."""
    y, x = np.mgrid[0 : made.shape[0], 0 : made.shape[1]].astype(np.float32)
    waves = np.sin(x / 17 + 3 * np.sin(y / 90)) * np.sin(y / 23 + 2 * np.sin(x / 70))
    pattern = (1 - 0.09 * (waves[..., None] > 0.35)) * np.array((0.99, 0.93, 0.94))
    del chance
    return (made * pattern).astype(np.uint8)


_DRAW = {
    "table": _table, "drawing": _drawing, "photo": _photo, "archive": _letter, "tinted": _letter,
    "handwritten": _handwritten, "full_bleed": _letter, "two_columns": _two_columns,
    "pink_certificate": _pink_certificate, "square_stamps": _square_stamps, "sealed_text": _sealed_text,
    "pencil_letter": _handwritten, "carbon": _letter, "crumpled": _letter, "spread_ink": _letter, "screened": _photo,
    "wetted": _letter, "short": _short,
    "number": _number, "line": _line, "hand_line": _hand_line, "stamp": _stamp, "pencil": _nothing,
    "signature": _signature, "initials": _initials, "faint_pencil": _nothing, "pencil_word": _nothing, "date": _date,
    "corner_number": _corner_number, "small_stamp": _small_stamp, "blank": _nothing,
}  # fmt: skip
_AFTER = {
    "photo": _with_photo, "archive": _aged, "tinted": _on_tint, "full_bleed": _full_bleed, "pencil": _with_pencil,
    "faint_pencil": _with_faint_pencil, "pencil_word": _with_pencil_word, "pink_certificate": _on_pink,
    "pencil_letter": rough.pencilled, "carbon": rough.carbon_copy, "crumpled": rough.crumpled,
    "spread_ink": rough.spread_ink, "screened": _screened_photo, "wetted": rough.wetted,
}  # fmt: skip


@lru_cache(maxsize=8)
def seal_ink(seed: int) -> np.ndarray:
    """A round seal as float32 (side, side, 3): the share of light it leaves, pressed at full strength."""
    sheet = Sheet(DPI, seed)
    sheet.seal(60, 60, "ỦY BAN NHÂN DÂN XÃ SUỐI TRẦM", "TỈNH MẪU")
    made = sheet.finish().astype(np.float32)
    half = round(20 * MM)
    middle = round(60 * MM)
    part = made[middle - half : middle + half, middle - half : middle + half]
    return np.minimum(1.0, part / np.float32([250, 249, 246]))


def press(page_: Pixels, at_mm: tuple[float, float], strength: float, seed: int, mirrored: bool = False) -> Pixels:
    """A seal pressed with its middle at a place, in part where that is near the rim; a new page."""
    ink = seal_ink(seed % 8)
    ink = ink[:, ::-1] if mirrored else ink
    half = ink.shape[0] // 2
    x, y = (round(v * MM) for v in at_mm)
    made = page_.copy()
    x0, y0, x1, y1 = max(0, x - half), max(0, y - half), min(made.shape[1], x + half), min(made.shape[0], y + half)
    part = ink[y0 - y + half : y1 - y + half, x0 - x + half : x1 - x + half]
    left = made[y0:y1, x0:x1].astype(np.float32) * (1 - strength * (1 - part))
    made[y0:y1, x0:x1] = left.astype(np.uint8)
    return made
