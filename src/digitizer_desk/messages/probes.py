# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a stretch of the way to the province is called, and what to do when it is broken: for IT.

Apart from the faults because a clerk never reads these; a test holds them equal to what the probe can say.
"""

from __future__ import annotations

from collections.abc import Mapping

#: code of a stretch -> (its name, words when it holds, words when it does not); '' where it can only be one of them
PROBES: dict[str, tuple[str, str, str]] = {
    "folder": ("cách giao", "giao bằng thư mục hoặc USB, không nối mạng", ""),
    "address": (
        "khai báo",
        "",
        "địa chỉ chưa dùng được: phải là https://máy chủ[:cổng][/đường dẫn], không có tên và mật khẩu",
    ),
    "ca_file": ("khai báo", "", "không đọc được tệp CA. Khai lại [tls] ca: tệp PEM đặt cạnh hồ sơ nối"),
    "client_file": (
        "khai báo",
        "",
        "không mở được chứng thư hoặc khóa của bàn. Kiểm tra [tls] certificate, key; mật khẩu: connect --what key",
    ),
    "proxy_address": ("khai báo", "", "địa chỉ proxy chưa dùng được: phải là http://máy chủ:cổng"),
    "dns": (
        "tên máy chủ",
        "{host} là {address}",
        "không tìm thấy tên {host}. Kiểm tra địa chỉ đã khai và máy chủ tên miền (DNS)",
    ),
    "tcp": (
        "kết nối",
        "tới được {host} cổng {port}",
        "{host} từ chối cổng {port}. Máy chủ chưa chạy, sai cổng, hoặc tường lửa chặn",
    ),
    "tcp_silent": (
        "kết nối",
        "",
        "{host} cổng {port} không trả lời. Kiểm tra mạng, VPN và tường lửa",
    ),
    "proxy_dns": ("proxy", "{host} là {address}", "không tìm thấy tên proxy {host}. Kiểm tra [proxy] address"),
    "proxy_tcp": ("proxy", "tới được {host} cổng {port}", "proxy {host} từ chối cổng {port}. Kiểm tra [proxy] address"),
    "proxy_tcp_silent": ("proxy", "", "proxy {host} cổng {port} không trả lời. Kiểm tra [proxy] address và mạng"),
    "proxy": (
        "proxy",
        "{host} cho đi qua",
        "proxy không cho tới máy chủ tỉnh ({status}). Xin người quản trị mở",
    ),
    "proxy_login": (
        "proxy",
        "",
        "proxy đòi tên và mật khẩu. Khai [proxy] user rồi chạy digitizer-desk connect --what proxy",
    ),
    "tls": (
        "chứng thư máy chủ",
        "đúng {host}, còn hạn đến {until}",
        "không bắt tay bảo mật được với {host} ({why}). Có thể sai cổng hoặc máy chủ chỉ có TLS cũ",
    ),
    "tls_soon": ("chứng thư máy chủ", "đúng {host} nhưng chỉ còn hạn đến {until}. Nhắc tỉnh gia hạn", ""),
    "tls_not_yet": (
        "chứng thư máy chủ",
        "",
        "chứng thư của {host} chưa có hiệu lực. Kiểm tra ngày giờ máy này",
    ),
    "tls_expired": (
        "chứng thư máy chủ",
        "",
        "chứng thư của {host} đã hết hạn. Kiểm tra ngày giờ máy này; nếu đúng, báo tỉnh gia hạn",
    ),
    "tls_self_signed": (
        "chứng thư máy chủ",
        "",
        "{host} đưa chứng thư tự ký, không ai bảo đảm. Báo tỉnh; không có cách bỏ qua bước này",
    ),
    "tls_unknown_ca": (
        "chứng thư máy chủ",
        "",
        "không biết nơi cấp chứng thư của {host}, hoặc máy chủ thiếu chứng thư trung gian. Khai CA của tỉnh ở [tls] ca",
    ),
    "tls_name": (
        "chứng thư máy chủ",
        "",
        "chứng thư không phải của {host}. Kiểm tra địa chỉ đã khai; nếu đúng, có thể bị chặn giữa đường: báo tỉnh",
    ),
    "tls_chain": ("chứng thư máy chủ", "", "chứng thư của {host} không kiểm tra được ({why}). Báo tỉnh"),
    "client_certificate": (
        "chứng thư của bàn",
        "",
        "máy chủ đòi chứng thư của bàn số hóa ({why}). Khai [tls] certificate và key, hoặc xin cấp lại",
    ),
    "secret": ("đăng nhập", "", "chưa có khóa truy cập dùng được. Chạy digitizer-desk connect"),
    "login": (
        "đăng nhập",
        "vào được «{name}»",
        "tỉnh không nhận tên hoặc khóa ({why}). Kiểm tra [login], chạy lại digitizer-desk connect, hoặc xin khóa mới",
    ),
    "rights": ("quyền", "", "đăng nhập được nhưng không có quyền ({why}). Xin tỉnh cấp quyền gửi cho đơn vị"),
    "contract": (
        "hợp đồng",
        "phiên bản {version}",
        "trả lời không theo hợp đồng ({why}). Kiểm tra địa chỉ và kind; có thể là trang đăng nhập của mạng",
    ),
    "old_version": ("hợp đồng", "", "tỉnh đòi bàn số hóa mới hơn ({why}). Cập nhật chương trình"),
    "busy": ("trả lời", "", "tỉnh đang bận hoặc bảo trì ({why}). Thử lại sau"),
    "silent": ("trả lời", "", "nối được nhưng tỉnh im lặng. Thử lại sau; lâu thì báo tỉnh"),
    "cut": ("trả lời", "", "nối được rồi đứt giữa chừng. Kiểm tra đường truyền và tường lửa"),
    "carrier": ("khai báo", "", "không đọc được hồ sơ nối mang tệp: {file}, mục {where}. Sửa [national] after"),
    "portal_secret": ("đăng nhập", "", "chưa có mật khẩu ở cổng. Chạy digitizer-desk connect --what portal"),
    "second_message": (
        "danh sách giấy tờ",
        "chưa ai hỏi đơn vị vận hành: gửi lần hai cho một hồ sơ thì danh sách được thay hay được cập nhật. Hỏi rồi khai"
        " [national] second_message; nếu là ghi thêm thì không dùng được",
        "",
    ),
    "catalogue": (
        "danh mục thủ tục",
        "cổng có đủ {many} thủ tục đã khai",
        "cổng không có thủ tục {codes}. Sửa [codes.procedures]",
    ),
    "clock": (
        "đồng hồ",
        "lệch với tỉnh {apart}",
        "máy này chạy {way} giờ của tỉnh {apart}. Chỉnh giờ máy và bật tự chỉnh giờ (NTP)",
    ),
}


def probe_words(code: str, holds: bool, facts: Mapping[str, str]) -> tuple[str, str]:
    """(name of the stretch, what to say of it)."""
    name, good, bad = PROBES[code]
    return name, (good if holds else bad).format_map(facts)
