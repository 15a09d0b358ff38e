"""Writes small spreadsheets, Excel's and OpenDocument's, with nothing but the standard library."""

import datetime
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DAY_ZERO = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class Cell:
    """A cell as it is written: its number with a form, an error, or a formula with what is kept of its result."""

    value: str = ""
    form: str = ""
    formula: str = ""
    kind: str = ""


def excel(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Collection[str] = ()) -> bytes:
    """Return an .xlsx of the given sheets' rows: texts, numbers, flags, dates and cells; None leaves a cell out."""
    used = (cell.form for rows in sheets.values() for row in rows for cell in row if isinstance(cell, Cell))
    forms = list(dict.fromkeys(form for form in used if form))
    listed, related, files = [], [], {}
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>')
        related.append(relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        cells = "".join(f'<row r="{at}">{row_of(at, row, forms)}</row>' for at, row in enumerate(rows, start=1))
        files[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    related.append(relation("rIdS", "styles", "styles.xml"))
    files["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{"".join(listed)}</sheets></workbook>'
    )
    files["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(related)}</Relationships>'
    )
    whole = relation("rId1", "officeDocument", "xl/workbook.xml")
    files["_rels/.rels"] = f'<Relationships xmlns="{PACKAGE}/relationships">{whole}</Relationships>'
    codes = "".join(f'<numFmt numFmtId="{164 + at}" formatCode={quoteattr(form)}/>' for at, form in enumerate(forms))
    own = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(forms)))
    files["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>{own}'
        "</cellXfs></styleSheet>"
    )
    files["[Content_Types].xml"] = f'<Types xmlns="{PACKAGE}/content-types"/>'
    return zipped(files)


def relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>'


def row_of(at: int, row: Sequence[Any], forms: Sequence[str] = ()) -> str:
    return "".join(
        cell_of(f"{column(place)}{at}", value, forms) for place, value in enumerate(row) if value is not None
    )


def column(place: int) -> str:
    return (column(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def cell_of(place: str, value: Any, forms: Sequence[str] = ()) -> str:
    if isinstance(value, Cell):
        style = f' s="{2 + forms.index(value.form)}"' if value.form else ""
        kind = f' t="{value.kind}"' if value.kind else ""
        formula = f"<f>{escape(value.formula)}</f>" if value.formula else ""
        return f'<c r="{place}"{style}{kind}>{formula}<v>{escape(value.value)}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.date):
        return f'<c r="{place}" s="1"><v>{(value - DAY_ZERO).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def opendocument(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return an .ods of the given sheets' texts; a cell that is markup already stays as it is."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join("<table:table-row>" + "".join(map(open_cell, row)) + "</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def open_cell(value: str) -> str:
    if value.startswith("<table:"):
        return value
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def open_number(value: str, shown: str, kind: str = "float", more: str = "") -> str:
    """Return a cell of OpenDocument with a number and what is shown of it."""
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}><text:p>{escape(shown)}</text:p>'
        "</table:table-cell>"
    )


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
