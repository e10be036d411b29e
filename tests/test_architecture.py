"""Who may import whom. The imports are read, not run.

The table is that of the design: the nouns know nobody, definitions and rules know
the nouns, each library is known to one module, and only the commands know the order
of the stages.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = "workbook_builder"
PACKAGE = ROOT / OURS
MACROS = ROOT / "macros"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def parsed(folder: Path) -> dict[str, ast.Module]:
    return {
        module_name(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    }


TREES = parsed(PACKAGE)
MODULES = set(TREES)


def imported(tree: ast.Module) -> set[str]:
    """The modules that a module imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(module), names=names, level=0):
                below = {f"{module}.{alias.name}" for alias in names} & MODULES
                found |= below or {module}
            case ast.ImportFrom():
                raise AssertionError("relative imports hide who imports whom")
    return found


IMPORTS = {name: imported(tree) for name, tree in TREES.items()}


def inside(name: str, packages: Iterable[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in packages)


def ours(name: str) -> set[str]:
    """What a module imports of the project."""
    return {each for each in IMPORTS[name] if inside(each, [OURS])}


def below(*parts: str) -> list[str]:
    """The modules of these packages, or these modules."""
    wanted = [f"{OURS}.{part}" for part in parts]
    found = [name for name in MODULES if inside(name, wanted)]
    assert len(found) >= len(parts), f"nothing is called {parts}"
    return sorted(found)


def test_the_imports_of_this_program_are_found() -> None:
    """The test of the tests: what is known to be imported is seen."""
    assert any_of(IMPORTS[f"{OURS}.commands.collect"], f"{OURS}.pipeline")
    assert f"{OURS}.model.values" in IMPORTS[f"{OURS}.language.value"]
    assert "xlsxwriter.workbook" in IMPORTS[f"{OURS}.workbook.xlsx"]
    tree = ast.parse("def f():\n    from workbook_builder import pipeline as p")
    assert imported(tree) == {f"{OURS}.pipeline"}


#: Room → the rooms of ours that it may import besides itself. Every room has its line;
#: what is not listed is forbidden. Modules outside a room are the program's front.
ROOMS = {
    "model": [],
    "bounds": ["model"],
    "language": ["model"],
    "rules": ["model", "language"],
    "definition": ["model", "language"],
    "formats": ["model", "bounds"],
    "intake": ["model", "bounds"],
    "documents": ["model", "bounds", "formats"],
    "published": ["model", "language"],
    "mail": ["model"],
    "workbook": ["model", "language", "rules"],
    "reading": [
        *("model", "bounds", "language", "rules"),
        *("formats", "intake", "workbook", "documents", "published"),
    ],
    "outputs": ["model", "language", "rules", "workbook"],
    "campaign": [
        *("model", "bounds", "definition", "formats", "intake", "mail"),
        *("reading", "rules", "workbook"),
    ],
    "pipeline": [
        *("model", "bounds", "rules", "definition", "formats", "intake"),
        *("mail", "workbook", "reading", "outputs", "campaign"),
        *("documents", "published"),
    ],
    "console": ["model", "workbook", "campaign", "pipeline"],
    "desk": [
        *("model", "bounds", "rules", "definition", "mail", "workbook"),
        *("outputs", "campaign", "pipeline"),
    ],
    "commands": [
        *("model", "language", "rules", "definition", "mail", "workbook"),
        *("campaign", "pipeline", "console", "desk"),
    ],
}


def room(name: str) -> str:
    return name.split(".")[1]


def rooms_of(name: str) -> set[str]:
    """The other rooms that a module imports."""
    found = {room(each) for each in ours(name) if each != OURS}
    return found - {room(name)}


def test_every_room_has_its_line() -> None:
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert found == ROOMS.keys()


@pytest.mark.parametrize("name", below(*ROOMS))
def test_a_room_imports_what_its_line_says(name: str) -> None:
    strangers = rooms_of(name) - set(ROOMS[room(name)])
    assert not strangers, f"{name} imports {sorted(strangers)}"


@pytest.mark.parametrize("start", ROOMS)
def test_no_room_comes_back_to_itself(start: str) -> None:
    reached, waiting = set[str](), list(ROOMS[start])
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting += ROOMS[at]
    assert start not in reached


@pytest.mark.parametrize("start", ROOMS)
def test_the_table_allows_nothing_that_nobody_needs(start: str) -> None:
    used = {each for name in below(start) for each in rooms_of(name)}
    assert set(ROOMS[start]) <= used, sorted(set(ROOMS[start]) - used)


@pytest.mark.parametrize("name", below("model"))
def test_the_nouns_know_only_each_other_and_the_standard_library(name: str) -> None:
    for each in IMPORTS[name]:
        root = each.partition(".")[0]
        assert root in sys.stdlib_module_names or inside(each, [f"{OURS}.model"])


#: Module → what of ours it may import besides itself, more narrowly than its room.
ALLOWED = {
    "workbook.place": ["model"],
    "outputs.report": ["model", "language"],
    "outputs.report_docx": ["model", "outputs.report", "outputs.fonts"],
    "outputs.page": ["model", "outputs.report"],
    "outputs.office": ["model"],
}


@pytest.mark.parametrize("package", ALLOWED)
def test_the_pure_middle_knows_the_nouns_only(package: str) -> None:
    allowed = [f"{OURS}.{each}" for each in (package, *ALLOWED[package])]
    for name in below(package):
        strangers = {each for each in ours(name) if not inside(each, allowed)}
        assert not strangers, f"{name} imports {strangers}"


@pytest.mark.parametrize("name", below("rules", "language"))
def test_rules_do_no_input_or_output(
    name: str,
) -> None:
    outside = {"os", "io", "pathlib", "sys", "subprocess", "time", "click"}
    assert not IMPORTS[name] & outside
    asked = {
        each.attr for each in ast.walk(TREES[name]) if isinstance(each, ast.Attribute)
    }
    assert not asked & {"now", "today", "utcnow"}, "a rule has no clock"


@pytest.mark.parametrize("name", below("intake"))
def test_what_arrives_is_unpacked_in_memory_only(name: str) -> None:
    outside = {"os", "pathlib", "sys", "subprocess", "shutil", "tempfile", "socket"}
    assert not IMPORTS[name] & outside


#: Library → the one module that knows it.
LIBRARIES = {
    "xlsxwriter": "workbook.xlsx",
    "python_calamine": "formats.calamine_book",
    "xlrd": "formats.xls_book",
    "zlib_ng": "bounds.deflate",
    "pebble": "bounds.isolation",
    "psutil": "bounds.isolation",
    "distributed": "bounds.cluster",
    "fsspec": "bounds.elsewhere",
    "imap_tools": "mail.imap",
    "keyring": "mail.password",
    "smtplib": "mail.smtp",
    "olefile": "bounds.compound",
    "msoffcrypto": "formats.default_password",
    "cryptography": "rules.seal",
    "docx": "outputs.report_docx",
    "jinja2": "outputs.page",
    "lxml": "documents.html",
    "pdfplumber": "documents.pdf",
    "pdfminer": "documents.pdf",
    "pypdfium2": "documents.pdf",
    "cv2": "documents.scan",
    "numpy": "documents.scan",
    "rapidocr": "documents.scan",
    "xlwings": "console.desk",
    "starlette": "desk.web",
    "uvicorn": "desk.serving",
    "pyarrow": "outputs.parquet",
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_is_known_to_one_module(library: str) -> None:
    users = [name for name in IMPORTS if any_of(IMPORTS[name], library)]
    assert users == [f"{OURS}.{LIBRARIES[library]}"]


def any_of(imports: set[str], library: str) -> bool:
    return any(inside(each, [library]) for each in imports)


def test_the_console_is_written_without_xlwings() -> None:
    """Only its functions need it, when the button is pressed."""
    for name in below("console.places", "console.book", "console.rows", "pipeline"):
        assert f"{OURS}.console.desk" not in IMPORTS[name], name


def test_the_macros_call_the_console_and_nothing_else() -> None:
    (tree,) = [ast.parse(each.read_text("utf-8")) for each in MACROS.glob("*.py")]
    assert {each for each in imported(tree) if inside(each, [OURS])} == {
        f"{OURS}.console.actions"
    }


def test_the_library_does_not_know_the_command_line() -> None:
    front = [f"{OURS}.cli", f"{OURS}.commands"]
    for name in MODULES:
        if not inside(name, [*front, f"{OURS}.__main__", f"{OURS}.start"]):
            assert not {each for each in ours(name) if inside(each, front)}, name


def test_nothing_is_imported_by_its_name_as_text() -> None:
    for name, tree in TREES.items():
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "__import__" not in called, name
        modules = IMPORTS[name] - {"importlib.metadata", "importlib.resources"}
        assert not any_of(modules, "importlib"), name


def test_no_module_imports_itself_in_a_circle() -> None:
    seen: dict[str, int] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above[above.index(name) :], name))
        if name not in seen:
            for each in sorted(ours(name) & MODULES):
                visit(each, (*above, name))
            seen[name] = 1

    for name in sorted(MODULES):
        visit(name, ())


def public_types(tree: ast.Module) -> set[str]:
    """Classes and aliases of types that a module offers under a name of its own."""
    found = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    for each in tree.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            name = each.targets[0].id
            found |= {name} if name[0].isupper() and not name.isupper() else set()
    return {name for name in found if not name.startswith("_")}


def test_no_two_public_types_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for module, tree in TREES.items():
        for name in public_types(tree):
            homes.setdefault(name, []).append(module)
    assert not {name: where for name, where in homes.items() if len(where) > 1}
