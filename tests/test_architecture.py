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
    assert f"{OURS}.model.values" in IMPORTS[f"{OURS}.rules.evaluate"]
    assert "xlsxwriter" in IMPORTS[f"{OURS}.excel.write"]
    tree = ast.parse("def f():\n    from workbook_builder import pipeline as p")
    assert imported(tree) == {f"{OURS}.pipeline"}


@pytest.mark.parametrize("name", below("model"))
def test_the_nouns_know_only_each_other_and_the_standard_library(name: str) -> None:
    for each in IMPORTS[name]:
        root = each.partition(".")[0]
        assert root in sys.stdlib_module_names or inside(each, [f"{OURS}.model"])


#: Package or module → what of ours it may import besides itself.
ALLOWED = {
    "definition": ["model"],
    "rules": ["model"],
    "excel.place": ["model"],
    "excel.formula": ["model"],
    "mail": ["model"],
    "limits": ["model"],
    "zip_directory": ["model"],
    "intake": ["model", "limits", "zip_directory"],
    "outputs.report": ["model"],
    "outputs.report_docx": ["model", "outputs.report"],
    "outputs.report_html": ["model", "outputs.report", "outputs.page"],
    "outputs.page": [],
    "outputs.office": ["model"],
}


@pytest.mark.parametrize("package", ALLOWED)
def test_the_pure_middle_knows_the_nouns_only(package: str) -> None:
    allowed = [f"{OURS}.{each}" for each in (package, *ALLOWED[package])]
    for name in below(package):
        strangers = {each for each in ours(name) if not inside(each, allowed)}
        assert not strangers, f"{name} imports {strangers}"


@pytest.mark.parametrize("name", below("rules"))
def test_rules_know_nothing_of_spreadsheets_and_do_no_input_or_output(
    name: str,
) -> None:
    outside = {"os", "io", "pathlib", "sys", "subprocess", "datetime", "time", "click"}
    assert not {each for each in ours(name) if inside(each, [f"{OURS}.excel"])}
    assert not IMPORTS[name] & outside


@pytest.mark.parametrize("name", below("intake"))
def test_what_arrives_is_unpacked_in_memory_only(name: str) -> None:
    outside = {"os", "pathlib", "sys", "subprocess", "shutil", "tempfile", "socket"}
    assert not IMPORTS[name] & outside


#: Library → the one module that knows it.
LIBRARIES = {
    "xlsxwriter": "excel.write",
    "openpyxl": "excel.sheet_rows",
    "python_calamine": "excel.calamine_book",
    "xlrd": "excel.xls_book",
    "pebble": "isolation",
    "psutil": "isolation",
    "imap_tools": "mail.imap",
    "keyring": "mail.password",
    "smtplib": "mail.smtp",
    "olefile": "intake.outlook",
    "docx": "outputs.report_docx",
    "jinja2": "outputs.page",
    "xlwings": "console.desk",
    "pyarrow": "outputs.parquet",
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_each_library_is_known_to_one_module(library: str) -> None:
    users = [name for name in IMPORTS if any_of(IMPORTS[name], library)]
    assert users == [f"{OURS}.{LIBRARIES[library]}"]


def any_of(imports: set[str], library: str) -> bool:
    return any(inside(each, [library]) for each in imports)


def test_only_the_commands_and_the_console_know_the_order_of_the_stages() -> None:
    stages = [f"{OURS}.pipeline"]
    users = {
        name
        for name in MODULES
        if any_of(IMPORTS[name], stages[0]) and not inside(name, stages)
    }
    may = below("cli", "__main__", "demo", "commands", "console.actions")
    assert users, "nobody runs the stages"
    assert users <= set(may)


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
        if not inside(name, [*front, f"{OURS}.__main__"]):
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
