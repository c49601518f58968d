"""Workbooks as other programs write them: by LibreOffice itself if installed, otherwise built by hand."""

import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CSV_OF_LIBREOFFICE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def xlsx(path: Path, rows: list[list[object]], formats: dict[str, str] | None = None) -> Path:
    """A workbook of these rows, with formats of numbers by coordinate."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for coordinate, number_format in (formats or {}).items():
        book.active[coordinate].number_format = number_format
    book.save(path)
    return path


def book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A workbook of several sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def ods_book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """The same in OpenDocument."""
    new_table = '</table:table-row></table:table><table:table table:name="{title}"><table:table-row>'
    rows = []
    for title, of_sheet in sheets.items():
        cells = [
            "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                for cell in row
            )
            for row in of_sheet
        ]
        rows += [new_table.format(title=title) + cells[0], *cells[1:]]
    return ods(path, rows)


def excel(path: Path, rows: str, shared: str) -> Path:
    """The parts of a workbook that Excel always writes: rows of cells, and the texts that they share."""
    main, office = STRICT[0][0], STRICT[1][0]
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "xl/workbook.xml": "sheet.main",
        "xl/worksheets/sheet1.xml": "worksheet",
        "xl/sharedStrings.xml": "sharedStrings",
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}.{of}+xml"/>' for name, of in parts.items())
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{name}" Target="{target}"/>'
        for number, (name, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")], 1
        )
    )
    contents = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            packed.writestr(name, content)
    return path


def changed_within(path: Path, *changes: tuple[str, str], parts: str = "xl/worksheets/") -> Path:
    """The same archive with texts replaced in some of its parts."""
    with zipfile.ZipFile(path) as packed:
        contents = {part.filename: packed.read(part) for part in packed.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            for old, new in changes if name.startswith(parts) else ():
                content = content.replace(old.encode(), new.encode())
            packed.writestr(name, content)
    return path


def strict(path: Path) -> Path:
    """The workbook in the strict edition of Open XML."""
    return changed_within(path, *STRICT, parts="")


def ods(path: Path, rows: list[str], styles: str = "") -> Path:
    """A spreadsheet in OpenDocument; each row is the XML of its cells."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        '<office:body><office:spreadsheet><table:table table:name="One">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    return path


def converted(paths: list[Path], to: str, folder: Path) -> list[Path]:
    """The files, all of one kind, as LibreOffice opens and saves them (`xlsx`, `ods`, `fods`, or a filter of its own)."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder.parent / "libreoffice"
    read_as = ["--infilter=Text - txt - csv (StarCalc):44,34,76"] if paths[0].suffix == ".csv" else []
    command = [
        str(SOFFICE),
        "--headless",
        f"-env:UserInstallation=file://{profile}",
        *read_as,
        "--convert-to",
        to,
        "--outdir",
        folder,
        *paths,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / f"{path.stem}.{to.partition(':')[0]}" for path in paths]


def with_cells_changed(
    paths: list[Path], changes: dict[str, list[tuple[str, ...]]], to: str, folder: Path
) -> list[Path]:
    """LibreOffice opens the files, cells are changed by the name of the file, LibreOffice saves them."""
    flat = converted(paths, "fods", folder.parent / "flat")
    for path in flat:
        text = path.read_text(encoding="utf-8")
        for old, new in changes[path.stem]:
            assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {path.name}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return converted(flat, to, folder)
