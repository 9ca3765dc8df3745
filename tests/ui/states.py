# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every state of windows.md part 5: where it is shown, with which words, in which picture, and what brings it about.

Data only. ``test_states.py`` brings each one about and looks at what is shown; for those that have a test of their own
it holds that the test is there. A state without a picture is one of the frame around whatever screen is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """What brings a state about in ``test_states.py``."""

    PICTURE = "picture"  # its picture is built and read
    PART = "part"  # gallery.counter_states.PARTS, in the list of components
    PAGE = "page"  # gallery.counter_states.PAGES, as a badge
    SCANNER = "scanner"  # a fault of this code comes from the scanner while a batch runs
    TOKEN = "token"
    DISK = "disk"  # so many bytes are free
    TEST = "test"  # a test of its own: file::name


@dataclass(frozen=True, slots=True)
class State:
    """``words`` are what must be read there, ``role`` its colour word where one is shown; ``key`` is for ``by``."""

    part: str
    name: str
    place: str
    by: By
    key: str
    words: str = ""
    role: str = ""
    picture: str = ""


def _seen(part: str, name: str, place: str, picture: str, words: str) -> State:
    return State(part, name, place, By.PICTURE, picture, words, "", picture)


def _tested(part: str, name: str, place: str, test: str, words: str = "", picture: str = "") -> State:
    return State(part, name, place, By.TEST, test, words, "", picture)


def _part(name: str, role: str, words: str) -> State:
    return State("5.2", name, "list of components", By.PART, name, words, role, "counter-components")


def _page(name: str, role: str, words: str) -> State:
    return State("5.3", name, "badge", By.PAGE, name, words, role, "counter-pages")


def _scanner(name: str, code: str, role: str, words: str) -> State:
    return State("5.4", name, "banner", By.SCANNER, code, words, role)


def _token(name: str, key: str, role: str, words: str, picture: str = "") -> State:
    return State("5.5", name, "strip", By.TOKEN, key, words, role, picture)


_LOGIN, _CARE, _SIGNING = "test_login.py::", "test_window_care.py::", "test_signing.py::"
_RECOVERED, _OPEN, _WINDOW = "test_recovered.py::", "test_already_open.py::", "test_main_window.py::"
_PAPER, _OUTBOX, _FRAME = "test_paper_keys.py::", "test_outbox.py::", "test_frame.py::"

STATES = (
    # 5.1 program and cabinet
    _seen("5.1", "starting", "page", "starting", "Đang mở kho dữ liệu…"),
    _seen("5.1", "upgrading data", "page", "starting-upgrade", "Đang nâng cấp dữ liệu, bước 4 trên 9…"),
    _seen("5.1", "no dossier", "screen", "start-returned", "F2 — quét mã trên giấy tiếp nhận"),
    _tested("5.1", "first run", "screen", "test_first_run.py::", "Thiết lập lần đầu"),
    _tested(
        "5.1",
        "recovered after a cut",
        "banner",
        f"{_RECOVERED}test_the_banner_tells_of_them_and_enter_puts_all_back",
    ),
    _seen("5.1", "recovered pages", "dialog", "recovered-pages", "4 trang còn nguyên nhưng chưa nằm trong hồ sơ nào"),
    _tested(
        "5.1",
        "already open",
        "window",
        f"{_OPEN}test_another_process_asks_and_the_first_window_comes_forward",
    ),
    _tested("5.1", "locked after idle", "screen", f"{_CARE}test_a_desk_left_alone_locks_itself"),
    _seen("5.1", "secret store closed", "page", "closed-key", "Kho dữ liệu đang khóa"),
    _seen("5.1", "the disk of the cabinet is away", "page", "closed-away", "Ổ đĩa có kho dữ liệu cũ chưa cắm?"),
    _seen("5.1", "another cabinet in its place", "page", "closed-away-anew", "Kho mới trống"),
    State("5.1", "disk low", "banner", By.DISK, "4000000000", "Ổ đĩa còn 4", "mind"),
    State("5.1", "disk full", "banner", By.DISK, "400000000", "Ổ đĩa đã đầy, tạm ngừng quét", "stop"),
    _seen("5.1", "data damaged", "page", "closed-damaged", "Kho dữ liệu có lỗi"),
    _seen("5.1", "newer than the program", "page", "closed-newer", "Dữ liệu thuộc phiên bản mới hơn"),
    _seen("5.1", "open elsewhere, nobody answers", "page", "closed-locked", "Chương trình đang mở ở nơi khác"),
    _tested("5.1", "bug", "sheet", f"{_CARE}test_bugs_are_told_one_at_a_time"),
    _tested("5.1", "quitting with parcels", "question", f"{_FRAME}test_leaving_with_parcels_asks_by_verbs"),
    # 5.2 dossier and component
    _part("required, empty", "idle", "bắt buộc"),
    _part("not to be digitised: its form", "idle", "Giấy chỉ xuất trình để đối chiếu"),
    _part("not to be digitised: left out", "idle", "không số hóa: "),
    _part("optional, empty", "idle", "nếu có"),
    _part("faulty", "stop", "1 trang mờ"),
    _part("with warnings", "mind", "lệch 3,2°"),
    _part("too few pages", "stop", "thiếu 1"),
    _part("too many pages", "stop", "thừa 2"),
    _part("a page that cannot be read", "stop", "trang 1 không đọc được"),
    _part("count not proved", "mind", "đếm lại số mặt giấy"),
    _part("count contradicted", "stop", "số đếm không khớp"),
    _part("checked, waiting for the clerk's signature", "work", "chờ ký"),
    _part("signed by the clerk, data missing", "work", "thiếu 2 trường"),
    _part("changed after signing", "mind", "cần ký lại: trang đã thay"),
    _part("waiting", "ok", "xong, chờ gửi · mã tạm"),
    _part("sending", "work", "đang gửi"),
    _part("accepted", "ok", "tỉnh đã nhận · 884213"),
    _part("result that waits for the organisation's signature", "work", "chờ ký của cơ quan"),
    _part("accepted with the organisation's signature", "ok", "tỉnh đã nhận · 884213"),
    _part("returned by the province", "stop", "tỉnh trả lại: thiếu mặt sau"),
    _seen("5.2", "returned by the supervisor", "screen", "start-returned", "CẦN QUÉT LẠI"),
    _seen("5.2", "result without effect", "banner", "counter-result-cancelled", "Đã hủy hiệu lực"),
    _tested("5.2", "scanning", "list", f"{_CARE}test_escape_stops_and_keeps"),
    _tested("5.2", "all required parts checked", "banner", f"{_WINDOW}test_a_day_at_the_counter_by_its_commands"),
    _tested("5.2", "all parts accepted", "header", "test_keys_only.py::test_nine_keys_three_counts_and_a_pin"),
    _seen("5.2", "waiting for the organisation's signature", "screen", "agency-ready", "Lê Văn An"),
    # 5.3 page
    _page("measuring", "idle", "…"),
    _page("fine", "ok", "Đạt"),
    _page("warning: skewed", "mind", "Lệch 3,2°"),
    _page("warning: dark", "mind", "Tối"),
    _page("fault: blurred", "stop", "Mờ"),
    _page("fault: too few dots", "stop", "150 dpi"),
    _page("fault: an edge is missing", "mind", "Mất mép?"),
    _page("kept by decision", "mind", "Giữ: giấy gốc mờ"),
    _page("replaced", "ok", "Đạt"),
    _tested("5.3", "picture missing or altered on disk", "inspector", "test_inspector.py::"),
    # 5.4 scanner
    _tested("5.4", "waiting for paper", "banner", f"{_PAPER}test_paper_laid_in_the_feeder_starts_the_batch"),
    _tested("5.4", "stopping", "banner", f"{_CARE}test_escape_stops_and_keeps"),
    _scanner("feeder empty, none came", "scanner.empty", "mind", "Khay nạp chưa có giấy."),
    _scanner("none", "scanner.none", "stop", "Chưa thấy máy quét."),
    _scanner("off or asleep", "scanner.offline", "stop", "Máy quét không trả lời."),
    _scanner("jam", "scanner.jam", "stop", "Kẹt giấy ở trang 2."),
    _scanner("double feed", "scanner.double_feed", "stop", "Hai tờ dính nhau"),
    _scanner("cover open", "scanner.cover_open", "stop", "Nắp máy quét đang mở."),
    _scanner("busy", "scanner.busy", "mind", "Máy quét đang bận."),
    _scanner("warming up", "scanner.warming_up", "mind", "Máy quét đang khởi động."),
    _scanner("lost while scanning", "scanner.lost", "stop", "Mất kết nối máy quét"),
    _scanner("stuck (host killed)", "scanner.stuck", "stop", "Máy quét không trả lời"),
    _scanner("host crashed", "scanner.crashed", "stop", "Trình điều khiển máy quét bị lỗi."),
    _scanner("driver missing", "scanner.driver_missing", "stop", "Chưa cài trình điều khiển máy quét."),
    _scanner("no permission", "scanner.denied", "stop", "Không có quyền dùng máy quét."),
    _scanner("page cut off below", "scanner.short_page", "stop", "thiếu phần dưới"),
    # 5.5 token and signing
    _token("none", "none", "idle", "Chưa cắm token", "signing-no-token"),
    _token("ready", "ready", "ok", "Token Lê Văn An, còn", "signing-ready"),
    _token("thirty days left", "ending", "mind", "Token Lê Văn An, còn 12 ngày"),
    _token("somebody else's", "other", "mind", "Token này của Trần Thị Bình", "signing-wrong-person"),
    _token("library missing", "module", "stop", "Chưa cài phần mềm của token", "signing-no-library"),
    _seen("5.5", "several certificates", "dialog", "signing-several", "Viettel-CA"),
    _seen("5.5", "PIN wrong", "dialog", "signing-wrong-pin", "Đã nhập sai ít nhất một lần"),
    _seen("5.5", "PIN last try", "dialog", "signing-last-try", "Đây là lần nhập cuối"),
    _seen("5.5", "PIN locked", "dialog", "signing-locked", "Token đã bị khóa"),
    _seen("5.5", "Vietnamese letters", "dialog", "signing-letters", "Tắt bộ gõ tiếng Việt"),
    _seen("5.5", "its own pad", "dialog", "signing-pad", "trên thiết bị"),
    _seen("5.5", "signing", "dialog", "signing-running", "xin đừng rút token"),
    _seen("5.5", "pulled out while signing", "dialog", "signing-removed", "Token vừa bị rút."),
    _seen("5.5", "stopped", "dialog", "signing-stopped", "Đã ký 2 tài liệu, còn 2 tài liệu chờ ký"),
    _seen("5.5", "signed", "dialog", "signing-done", "Đã ký 4 tài liệu"),
    _tested("5.5", "PIN must be changed", "dialog", f"{_SIGNING}test_a_pin_that_must_be_changed_first"),
    _seen("5.5", "time stamp missing", "sheet", "signatures-offline", "chưa có dấu thời gian"),
    # 5.6 network, outbox, province
    _seen("5.6", "online, empty", "screen", "outbox-empty", "Đã gửi hết"),
    _seen("5.6", "sending", "screen", "outbox-returned", "Đang gửi"),
    _seen("5.6", "offline", "screen", "outbox-offline", "vẫn làm việc bình thường"),
    _tested(
        "5.6",
        "offline for a working day",
        "screen",
        f"{_OUTBOX}test_a_long_silence_turns_amber_and_names_the_oldest_parcel",
    ),
    _tested("5.6", "strip: the most urgent thing", "strip", f"{_OUTBOX}test_the_strip_says_the_most_urgent_thing"),
    _seen("5.6", "login refused, the queue rests", "screen", "outbox-paused", "từ chối đăng nhập"),
    _seen("5.6", "paused by the clerk", "screen", "outbox-paused-by-clerk", "Tạm dừng"),
    _seen("5.6", "waits for the hours of sending", "screen", "outbox-night", "19:00"),
    _seen("5.6", "overdue", "screen", "outbox-overdue", "2 gói quá hạn"),
    _seen("5.6", "rejected", "screen", "outbox-returned", "thiếu mặt sau"),
    # 5.7 review
    _seen("5.7", "nothing to review", "screen", "review-overview-empty", "Chưa có lô nào"),
    _seen("5.7", "lot open", "screen", "review-judging", "đã xem 17/50"),
    _seen("5.7", "limit reached early", "screen", "review-limit-passed", "Có thể trả lô ngay"),
    _seen("5.7", "accepted", "sheet", "review-verdict-accept", "Nhận lô"),
    _seen("5.7", "refused", "sheet", "review-verdict-refuse", "Trả lô: 4 trang lỗi nặng"),
    _seen("5.7", "pages came back", "sheet", "returned", "Người duyệt trả lại 2 trang"),
)
