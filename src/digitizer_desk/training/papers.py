# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Sample papers of invented people: forms filled in by hand, certificates with a red seal, identity cards.

Apart from the ink (``paper_ink.py``) because this is what stands on each paper. Every sheet says in small print that it
is for training. All people, places and numbers are made up; numbers use the province code 000, which nobody has.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer_desk.training.paper_ink import Sheet, spoil

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. ``born`` is dd/MM/yyyy."""

    name: str
    identifier: str
    born: str
    place: str
    spouse: str
    child: str


PEOPLE = (
    Person("Nguyễn Thị Hường", "000185000123", "02/03/1985", "phường Bến Thông", "Trần Văn Khuê", "Trần Nguyễn Bảo An"),
    Person("Lý Quốc Đệ", "000079004516", "15/08/1979", "xã Suối Trầm", "Đặng Thị Oanh", "Lý Minh Ý"),
    Person("Phạm Thị Ngọc Ấn", "000192007733", "27/11/1992", "xã Đồng Lạc Thượng", "Vũ Đức Lượng", "Vũ Thủy Uyển"),
    Person("Hoàng Xuân Nghĩa", "000068001942", "09/01/1968", "phường Cửa Lũy", "Bùi Thị Sửu", "Hoàng Mẫn"),
)


def _motto(sheet: Sheet, top: float = 18) -> None:
    sheet.text(105, top, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 13, "middle")
    sheet.text(105, top + 6, "Độc lập - Tự do - Hạnh phúc", "bold", 13.5, "middle")
    sheet.rule(78, top + 12.4, 132, top + 12.4)


def _agency(sheet: Sheet, number: str, person: Person) -> None:
    sheet.text(58, 18, "ỦY BAN NHÂN DÂN", "bold", 12, "middle")
    sheet.text(58, 23.5, person.place.upper(), "bold", 12, "middle")
    sheet.rule(46, 29.6, 70, 29.6)
    sheet.text(58, 32, f"Số: {number}", "regular", 12.5, "middle")
    sheet.text(145, 18, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 11.5, "middle")
    sheet.text(145, 23.5, "Độc lập - Tự do - Hạnh phúc", "bold", 12.5, "middle")
    sheet.rule(118, 29.6, 172, 29.6)
    sheet.text(145, 32, "Bến Thông, ngày 18 tháng 11 năm 2026", "italic", 12.5, "middle")


def _signed(sheet: Sheet, person: Person, top: float = 214) -> None:
    sheet.text(142, top, "TM. ỦY BAN NHÂN DÂN", "bold", 13, "middle")
    sheet.text(142, top + 6, "CHỦ TỊCH", "bold", 13, "middle")
    sheet.signature(124, top + 14, 40, 16)
    sheet.text(142, top + 36, "Dương Hữu Giang", "bold", 13.5, "middle")
    sheet.seal(120, top + 22, f"ỦY BAN NHÂN DÂN {person.place.upper()}", "TỈNH MẪU")


def _rows(sheet: Sheet, top: float, rows: list[tuple[str, str]], step: float = 10.5) -> float:
    """Printed labels with dotted lines, filled in by hand."""
    for label, value in rows:
        sheet.text(26, top, label, "regular", 13)
        start = 27.5 + sheet.width_of(label, "regular", 13)
        sheet.dots(start, 187, top + 5.2)
        sheet.hand(start + 3, top - 1.6, value)
        top += step
    return top


def _form(
    title: str, subtitle: str, rows: Callable[[Person], list[tuple[str, str]]]
) -> Callable[[Sheet, Person], None]:
    def draw(sheet: Sheet, person: Person) -> None:
        _motto(sheet)
        sheet.text(105, 42, title, "bold", 16, "middle")
        if subtitle:
            sheet.text(105, 50, subtitle, "italic", 12.5, "middle")
        sheet.text(40, 60, "Kính gửi: Ủy ban nhân dân " + person.place, "regular", 13)
        bottom = _rows(sheet, 72, rows(person))
        sheet.paragraph(
            26,
            bottom + 3,
            160,
            "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật về cam đoan của mình.",
        )
        sheet.text(142, 236, "Bến Thông, ngày 20 tháng 11 năm 2026", "italic", 12.5, "middle")
        sheet.text(142, 243, "NGƯỜI YÊU CẦU", "bold", 13, "middle")
        sheet.signature(122, 250, 42, 15)
        sheet.hand(122, 268, person.name)

    return draw


def _second_side(sheet: Sheet, person: Person) -> None:
    sheet.text(105, 12, "2", "regular", 12, "middle")
    bottom = _rows(
        sheet,
        26,
        [
            ("Họ, chữ đệm, tên người cha:", person.spouse),
            ("Nơi cư trú:", f"tổ 4, {person.place}"),
            ("Họ, chữ đệm, tên người mẹ:", person.name),
            ("Giấy tờ tùy thân:", f"Căn cước số {person.identifier}"),
            ("Đề nghị cấp bản sao:", "Có, số lượng 02 bản"),
        ],
    )
    for text in (
        "Người yêu cầu ghi rõ họ, chữ đệm, tên; trường hợp không có giấy tờ tùy thân thì ghi số giấy tờ thay thế còn giá trị.",
        "Mục nơi cư trú ghi theo nơi đăng ký thường trú; nếu không có thì ghi theo nơi đăng ký tạm trú hoặc nơi đang sinh sống.",
        "Cán bộ tiếp nhận kiểm tra, đối chiếu với thông tin trong cơ sở dữ liệu và ghi vào sổ theo quy định.",
    ):
        bottom = sheet.paragraph(26, bottom + 4, 160, text)
    sheet.text(60, 214, "Ý KIẾN CỦA CÁN BỘ TIẾP NHẬN", "bold", 12.5, "middle")
    sheet.hand(34, 222, "Hồ sơ đầy đủ, hợp lệ")
    sheet.signature(40, 232, 36, 14)


def _certificate(title: str, rows: Callable[[Person], list[tuple[str, str]]]) -> Callable[[Sheet, Person], None]:
    def draw(sheet: Sheet, person: Person) -> None:
        sheet.frame(11, 11, 199, 286)
        _motto(sheet, 22)
        sheet.text(105, 52, title, "bold", 22, "middle", ink=(176, 28, 38))
        _rows(sheet, 80, rows(person), step=12)
        sheet.text(145, 200, "Bến Thông, ngày 12 tháng 11 năm 2026", "italic", 12.5, "middle")
        _signed(sheet, person, 208)

    return draw


def _letter(title: str, about: str, body: Callable[[Person], tuple[str, ...]]) -> Callable[[Sheet, Person], None]:
    def draw(sheet: Sheet, person: Person) -> None:
        _agency(sheet, "318/XN-UBND", person)
        sheet.text(105, 50, title, "bold", 16, "middle")
        sheet.text(105, 58, about, "bold", 13, "middle")
        bottom = 72.0
        for text in body(person):
            bottom = sheet.paragraph(26, bottom, 160, text, indent=10) + 3
        sheet.text(26, 216, "Nơi nhận:", "italic", 11.5)
        sheet.text(26, 221.5, "- Như trên;", "regular", 10.5)
        sheet.text(26, 226, "- Lưu: VT, HCC.", "regular", 10.5)
        _signed(sheet, person, 208)

    return draw


def _card_front(sheet: Sheet, person: Person) -> None:
    x, y = 58.0, 66.0
    sheet.card(x, y)
    sheet.text(x + 52, y + 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 6.5, "middle")
    sheet.text(x + 52, y + 10, "CĂN CƯỚC", "bold", 11, "middle", ink=(170, 30, 40))
    sheet.portrait(x + 5, y + 17)
    for i, (label, value) in enumerate(
        (
            ("Số định danh cá nhân", person.identifier),
            ("Họ, chữ đệm và tên khai sinh", person.name.upper()),
            ("Ngày, tháng, năm sinh", person.born),
            ("Giới tính", "Nữ" if int(person.identifier[3]) % 2 else "Nam"),
        )
    ):
        sheet.text(x + 33, y + 18 + i * 8.4, label, "regular", 5.5)
        sheet.text(x + 33, y + 20.6 + i * 8.4, value, "bold", 8.5)
    sheet.paragraph(
        26, 150, 160, "Bản chụp mặt trước căn cước của người yêu cầu, đối chiếu với bản chính tại quầy tiếp nhận."
    )
    sheet.stamp(128, 186, "ĐÃ ĐỐI CHIẾU BẢN CHÍNH")
    sheet.signature(126, 204, 38, 14)


def _card_back(sheet: Sheet, person: Person) -> None:
    x, y = 58.0, 66.0
    sheet.card(x, y)
    for i, (label, value) in enumerate(
        (
            ("Nơi cư trú", f"tổ 4, {person.place}"),
            ("Nơi đăng ký khai sinh", person.place),
            ("Ngày cấp", "25/04/2021"),
            ("Ngày hết hạn", "02/03/2045"),
        )
    ):
        sheet.text(x + 6, y + 6 + i * 8.4, label, "regular", 5.5)
        sheet.text(x + 6, y + 8.6 + i * 8.4, value, "bold", 8)
    sheet.text(x + 6, y + 43, f"IDVNM{person.identifier[3:]}0<<<<<<<<<<<<", "regular", 7.5)
    sheet.text(x + 6, y + 47, "8503029F4503029VNM<<<<<<<<<<<4", "regular", 7.5)
    sheet.paragraph(
        26, 150, 160, "Bản chụp mặt sau căn cước của người yêu cầu, đối chiếu với bản chính tại quầy tiếp nhận."
    )
    sheet.stamp(128, 186, "ĐÃ ĐỐI CHIẾU BẢN CHÍNH")
    sheet.signature(126, 204, 38, 14)


def _land_sketch(sheet: Sheet, person: Person) -> None:
    """A parcel with its corners, lengths and neighbours: few words, many oblique lines."""
    sheet.text(105, 16, "SƠ ĐỒ THỬA ĐẤT", "bold", 16, "middle")
    sheet.text(105, 25, f"Thửa đất số 318, tờ bản đồ số 12, {person.place}", "regular", 13, "middle")
    sheet.text(105, 32, "Tỷ lệ 1:500", "italic", 12, "middle")
    corners = [(58.0, 70.0), (136.0, 62.0), (158.0, 118.0), (121.0, 176.0), (52.0, 158.0)]
    doubled = 0.0
    for i, ((x0, y0), (x1, y1)) in enumerate(zip(corners, [*corners[1:], corners[0]], strict=True)):
        sheet.rule(x0, y0, x1, y1, 0.45)
        # half a metre a millimetre; the length stands inside, a little off its line
        length = f"{math.hypot(x1 - x0, y1 - y0) / 2:.2f}".replace(".", ",")
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        sheet.text(x + (102 - x) * 0.16, y + (117 - y) * 0.16 - 2, length, "regular", 10, "middle")
        sheet.rule(x0, y0, x0 + (x0 - 105) * 0.3, y0 + (y0 - 117) * 0.3, 0.15)
        sheet.text(x0 + (102 - x0) * 0.1, y0 + (117 - y0) * 0.1 - 2, str(i + 1), "bold", 11, "middle")
        doubled += x0 * y1 - x1 * y0
    sheet.text(102, 110, "318", "bold", 18, "middle")
    sheet.rule(92, 119, 112, 119)
    sheet.text(102, 120, f"{abs(doubled) / 8:.1f} m²".replace(".", ","), "regular", 13, "middle")
    for x, y, word in ((98, 48, "Đường liên xã"), (164, 84, "317"), (150, 160, "320"), (34, 112, "319")):
        sheet.text(x, y, word, "italic", 12, "middle")
    sheet.paragraph(26, 199, 160, f"Chủ sử dụng đất: {person.name}. Mục đích sử dụng: đất ở tại nông thôn.")
    _signed(sheet, person, 208)


KINDS: dict[str, Callable[[Sheet, Person], None]] = {
    "to_khai_khai_sinh": _form(
        "TỜ KHAI ĐĂNG KÝ KHAI SINH",
        "(Mẫu dùng để tập huấn)",
        lambda p: [
            ("Họ, chữ đệm, tên người yêu cầu:", p.name),
            ("Số định danh cá nhân:", p.identifier),
            ("Nơi cư trú:", f"tổ 4, {p.place}"),
            ("Quan hệ với người được khai sinh:", "Mẹ đẻ"),
            ("Đề nghị đăng ký khai sinh cho:", p.child.upper()),
            ("Ngày, tháng, năm sinh:", "11/11/2026"),
            ("Ghi bằng chữ:", "ngày mười một tháng mười một năm 2026"),
            ("Nơi sinh:", "Bệnh viện Đa khoa khu vực Bến Thông"),
            ("Giới tính, dân tộc, quốc tịch:", "Nam, Kinh, Việt Nam"),
            ("Quê quán:", p.place),
        ],
    ),
    "mat_sau_to_khai": _second_side,
    "giay_chung_sinh": _certificate(
        "GIẤY CHỨNG SINH",
        lambda p: [
            ("Họ và tên mẹ:", p.name.upper()),
            ("Năm sinh:", p.born[-4:]),
            ("Số định danh cá nhân:", p.identifier),
            ("Nơi cư trú:", f"tổ 4, {p.place}"),
            ("Đã sinh con vào lúc:", "06 giờ 40 phút, ngày 11/11/2026"),
            ("Tại:", "Bệnh viện Đa khoa khu vực Bến Thông"),
            ("Số con trong lần sinh này:", "01, giới tính nam"),
            ("Cân nặng:", "3.250 gam"),
            ("Dự kiến đặt tên con là:", p.child),
        ],
    ),
    "can_cuoc_truoc": _card_front,
    "can_cuoc_sau": _card_back,
    "giay_ket_hon": _certificate(
        "GIẤY CHỨNG NHẬN KẾT HÔN",
        lambda p: [
            ("Họ, chữ đệm, tên chồng:", p.spouse.upper()),
            ("Họ, chữ đệm, tên vợ:", p.name.upper()),
            ("Ngày sinh của vợ:", p.born),
            ("Số định danh cá nhân:", p.identifier),
            ("Nơi cư trú:", p.place),
            ("Đăng ký kết hôn tại:", f"UBND {p.place}"),
            ("Ngày đăng ký:", "14/02/2015"),
        ],
    ),
    "giay_xac_nhan_cu_tru": _letter(
        "GIẤY XÁC NHẬN",
        "Thông tin về nơi cư trú",
        lambda p: (
            f"Ủy ban nhân dân {p.place} xác nhận ông (bà) {p.name}, sinh ngày {p.born}, số định danh cá nhân "
            f"{p.identifier}, hiện cư trú tại tổ 4, {p.place}.",
            "Thông tin nêu trên phù hợp với dữ liệu cư trú đang được quản lý tại địa phương tính đến ngày ký giấy này.",
            "Giấy này được cấp theo yêu cầu của người nêu tên để bổ sung hồ sơ thủ tục hành chính và có giá trị trong ba mươi "
            "ngày kể từ ngày ký.",
            "Người được xác nhận chịu trách nhiệm về việc sử dụng giấy xác nhận đúng mục đích và đúng quy định của pháp luật.",
        ),
    ),
    "don_de_nghi": _form(
        "ĐƠN ĐỀ NGHỊ",
        "Về việc giải quyết thủ tục hành chính (mẫu dùng để tập huấn)",
        lambda p: [
            ("Họ và tên:", p.name),
            ("Ngày sinh:", p.born),
            ("Số định danh cá nhân:", p.identifier),
            ("Nơi cư trú:", f"tổ 4, {p.place}"),
            ("Nội dung đề nghị:", "Xác nhận thông tin về cư trú"),
            ("Lý do:", "Bổ sung hồ sơ nhập học cho con"),
            ("Số lượng bản đề nghị cấp:", "02 bản"),
            ("Hình thức nhận kết quả:", "Trực tiếp tại Bộ phận Một cửa"),
        ],
    ),
    "to_khai_ket_hon": _form(
        "TỜ KHAI ĐĂNG KÝ KẾT HÔN",
        "(Mẫu dùng để tập huấn)",
        lambda p: [
            ("Họ, chữ đệm, tên bên nữ:", p.name),
            ("Ngày, tháng, năm sinh:", p.born),
            ("Số định danh cá nhân:", p.identifier),
            ("Nơi cư trú:", f"tổ 4, {p.place}"),
            ("Họ, chữ đệm, tên bên nam:", p.spouse),
            ("Dân tộc, quốc tịch:", "Kinh, Việt Nam"),
            ("Kết hôn lần thứ mấy:", "lần thứ nhất"),
            ("Đề nghị cấp bản sao:", "Có, số lượng 02 bản"),
        ],
    ),
    "so_do_thua_dat": _land_sketch,
    "giay_uy_quyen": _form(
        "GIẤY ỦY QUYỀN",
        "(Mẫu dùng để tập huấn)",
        lambda p: [
            ("Bên ủy quyền:", p.name),
            ("Số định danh cá nhân:", p.identifier),
            ("Bên được ủy quyền:", p.spouse),
            ("Nội dung ủy quyền:", "Nộp hồ sơ và nhận kết quả"),
            ("Thời hạn ủy quyền:", "đến hết ngày 31/12/2026"),
        ],
    ),
    "quyet_dinh": _letter(
        "QUYẾT ĐỊNH",
        "Về việc giải quyết hồ sơ của công dân",
        lambda p: (
            "Căn cứ Luật Tổ chức chính quyền địa phương; căn cứ quy định về thực hiện thủ tục hành chính tại Bộ phận Một cửa;",
            f"Xét hồ sơ của ông (bà) {p.name}, sinh ngày {p.born}, cư trú tại {p.place}, và đề nghị của bộ phận chuyên môn,",
            f"Điều 1. Giải quyết đề nghị của ông (bà) {p.name} theo hồ sơ đã tiếp nhận.",
            "Điều 2. Bộ phận Một cửa, bộ phận chuyên môn và người có tên tại Điều 1 chịu trách nhiệm thi hành quyết định này.",
        ),
    ),
}

#: what lies in the tray for a paper type of the example procedures; two sheets of a form are front and back
_BY_TYPE = {
    "TK.KS": ("to_khai_khai_sinh", "mat_sau_to_khai"),
    "GCS": ("giay_chung_sinh",),
    "CC": ("can_cuoc_truoc", "can_cuoc_sau"),
    "GCN.KH": ("giay_ket_hon",),
    "UQ": ("giay_uy_quyen",),
}


#: sides such a paper has when nobody says; the cards of two parents are four
_USUAL = {"GCS": 1, "CC": 4, "UQ": 1}


def kinds_for(paper_type: str, sides: int | None) -> tuple[str, ...]:
    """The kinds to lay for a component of this paper type, as many as there are sides (None: as usual)."""
    sides = _USUAL.get(paper_type, 2) if sides is None else sides
    kinds = _BY_TYPE.get(paper_type, ("don_de_nghi", "mat_sau_to_khai", "giay_xac_nhan_cu_tru", "quyet_dinh"))
    return tuple(kinds[i % len(kinds)] for i in range(sides))


def draw_paper(kind: str, person: Person, seed: int, dpi: int = 300, fault: str | None = None) -> Pixels:
    """An A4 page as a scanner would give it: uint8 (H, W, 3) RGB. Equal arguments give equal pixels.

    ``fault``: blur, skew, low_dpi, grey, blank, cut, dark; None for a good page.

    Raises:
        KeyError: no such kind.
    """
    sheet = Sheet(dpi, seed)
    if fault != "blank":
        KINDS[kind](sheet, person)
        sheet.text(105, 288, "MẪU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ", "regular", 8, "middle")
    return spoil(sheet.finish(), fault, dpi)
