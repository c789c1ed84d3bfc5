# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import re
from xml.etree import ElementTree as ET  # our own output

import pytest
import segno

from app.web.qr import qr

ADDRESS = "https://waarmerk.example/v/K7Q2-9FXM-3TBW"


def test_it_is_an_svg_that_names_what_it_says() -> None:
    tree = ET.fromstring(qr(ADDRESS))  # noqa: S314
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert tree.findtext("{http://www.w3.org/2000/svg}title") == ADDRESS


def test_its_modules_are_those_of_the_address() -> None:
    """Read back from the drawing: every dark run of the path, within a quiet zone of four modules."""
    text = qr(ADDRESS).decode()
    (path,) = re.findall(r'stroke="#000" d="([^"]+)"', text)
    dark, x, y = set(), 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-0-9. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            dark |= {(int(x) + step - 4, int(y) - 4) for step in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}


def test_it_holds_nothing_that_a_page_may_not_hold() -> None:
    text = qr('https://waarmerk.example/v/"><script>').decode()
    assert "<script" not in text
    assert " style=" not in text


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        qr("https://waarmerk.example/" + "x" * 3000)
